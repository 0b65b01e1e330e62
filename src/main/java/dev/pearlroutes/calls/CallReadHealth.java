package dev.pearlroutes.calls;

import dev.pearlroutes.files.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The state of reading calls: outbounds whose calls could not be read for a long time, for health and for people. */
public final class CallReadHealth {
    /** Time after which it is a problem: a failed page, a pause that the API asks for and its restart are over by then. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private final Clock clock;
    private final Map<String, Standstill> standstills = new ConcurrentHashMap<>();

    public CallReadHealth(Clock clock) {
        this.clock = clock;
    }

    /** No page was read since then. @param reason of the last failure; null when none failed */
    private record Standstill(Instant since, String reason) {}

    /** Notes that a run has begun. */
    void onRunStarted(String outbound) {
        standstills.computeIfAbsent(outbound, any -> new Standstill(clock.instant(), null));
    }

    /** Notes that a page was read, which does not make up for a run that has failed. */
    void onPage(String outbound) {
        standstills.computeIfPresent(
                outbound, (any, still) -> still.reason() == null ? new Standstill(clock.instant(), null) : still);
    }

    /** Notes that a run was given up. */
    void onRunFailed(String outbound, Exception failure) {
        standstills.compute(
                outbound,
                (any, still) -> new Standstill(
                        still == null ? clock.instant() : still.since(),
                        LogText.describe(failure, IllegalStateException.class)));
    }

    /** Notes that a run has read all calls. */
    void onRunEnded(String outbound) {
        standstills.remove(outbound);
    }

    /** Answers with sentences that say which calls are not read and why; empty while all is well. */
    public List<String> problems() {
        Instant longAgo = clock.instant().minus(LONG);
        return standstills.entrySet().stream()
                .filter(each -> each.getValue().since().isBefore(longAgo))
                .map(each -> sentence(each.getKey(), each.getValue()))
                .sorted()
                .toList();
    }

    private static String sentence(String outbound, Standstill still) {
        String reason = still.reason() == null ? "no page was answered" : still.reason();
        return "The calls of " + outbound + " have not been read since "
                + still.since().truncatedTo(ChronoUnit.SECONDS) + ": " + reason
                + ". It is tried again at the times of outbound." + outbound + ".search-calls.cron.";
    }
}
