package speed;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What came to the {@link Api} since its last reset. */
final class Traffic {
    private static final int MARK_EVERY = 1_000;

    private final Clock clock = Clock.systemUTC();
    private final Set<Long> externalIds = new HashSet<>();
    private final List<Double> marks = new ArrayList<>();
    private final double cpuBefore = cpu();
    private long accepted;
    private long limited;
    private double firstPut;
    private double lastPut;

    /** @param externalId a hash of it @return how many were accepted by now */
    long accepted(long externalId) {
        put();
        externalIds.add(externalId);
        accepted++;
        if (accepted % MARK_EVERY == 0) {
            marks.add(lastPut);
        }
        return accepted;
    }

    void limited() {
        put();
        limited++;
    }

    private void put() {
        Instant now = clock.instant();
        lastPut = now.getEpochSecond() + now.getNano() / 1e9;
        if (firstPut == 0) {
            firstPut = lastPut;
        }
    }

    /** Times are seconds since 1970; marks are those of every 1,000th accepted lead; cpu is the server's own, in seconds. */
    String json() {
        return "{\"accepted\":%d,\"distinct\":%d,\"limited\":%d,\"firstPut\":%s,\"lastPut\":%s,\"cpu\":%s,\"marks\":%s}"
                .formatted(
                        accepted,
                        externalIds.size(),
                        limited,
                        firstPut,
                        lastPut,
                        cpu() - cpuBefore,
                        marks.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
    }

    private static double cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }
}
