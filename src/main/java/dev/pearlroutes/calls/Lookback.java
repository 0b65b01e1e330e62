package dev.pearlroutes.calls;

import dev.pearlroutes.config.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * How far each run of Get Calls reads back, since calls change after they were seen. The whole lookback of an outbound is read once in a
 * while, and first after a start; the runs between read its last hour.
 */
public final class Lookback {
    /** How far most runs read back: within that time nearly every call ends, and its summary and collected data come. */
    private static final Duration RECENT = Duration.ofHours(1);

    /** Longest time between two runs that read the whole lookback. */
    private static final Duration WHOLE_EVERY = Duration.ofHours(1);

    private final Map<String, Outbound.SearchCalls> settings;
    private final Duration retention;
    /** Ends of the last runs that read the whole lookback, by outbound; of this process only. */
    private final Map<String, Instant> readWhole = new ConcurrentHashMap<>();

    /** @param retention how long the ledger remembers calls, longer than each lookback; null for ever */
    public Lookback(List<Outbound> outbounds, Duration retention) {
        this.settings = outbounds.stream().collect(Collectors.toMap(Outbound::name, Outbound::searchCalls));
        this.retention = retention;
    }

    /**
     * Begins a run.
     *
     * @param saved the cursor; null before the first run
     * @param now end of the run, which counts in place of a cursor that is ahead of it
     */
    CallSearchRun begin(String outbound, Instant saved, Instant now) {
        Instant cursor = saved != null && saved.isAfter(now) ? now : saved;
        boolean whole = cursor == null || isWholeDue(outbound, now);
        return new CallSearchRun(
                outbound, settings.get(outbound), cursor, from(outbound, cursor, now, whole), now, whole);
    }

    private boolean isWholeDue(String outbound, Instant now) {
        Instant last = readWhole.get(outbound);
        return last == null || last.isAfter(now) || !now.isBefore(last.plus(wholeEvery(outbound)));
    }

    private Instant from(String outbound, Instant cursor, Instant now, boolean whole) {
        Duration lookback = settings.get(outbound).lookback();
        if (cursor == null) {
            Instant start = settings.get(outbound).start();
            return start != null ? start : now.minus(lookback);
        }
        if (!whole) {
            return cursor.minus(RECENT);
        }
        Duration every = wholeEvery(outbound);
        if (every.isZero()) {
            return cursor.minus(lookback);
        }
        // A change that came after the last run of this kind is seen, however old its call has become since.
        Instant last = readWhole.getOrDefault(outbound, cursor.minus(every));
        return (last.isBefore(cursor) ? last : cursor).minus(lookback);
    }

    /** The time between two runs that read the whole lookback: such a run never reads calls that the ledger has forgotten. */
    private Duration wholeEvery(String outbound) {
        Duration lookback = settings.get(outbound).lookback();
        if (lookback.compareTo(RECENT) <= 0) {
            return Duration.ZERO;
        }
        Duration kept = retention == null ? WHOLE_EVERY : retention.minus(lookback);
        return kept.compareTo(WHOLE_EVERY) < 0 ? kept : WHOLE_EVERY;
    }

    /** Tells whether the next run begins later than this one did if the cursor moves, which it does forwards only. */
    boolean beginsLater(CallSearchRun run, Instant cursor) {
        boolean ahead = run.cursor() == null || cursor.isAfter(run.cursor());
        return ahead && from(run.outbound(), cursor, run.to(), run.whole()).isAfter(run.from());
    }

    /** Notes that a run has read all that it was to read. */
    void onEnd(CallSearchRun run) {
        if (run.whole()) {
            readWhole.put(run.outbound(), run.to());
        }
    }
}
