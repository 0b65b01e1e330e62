package dev.pearlroutes.calls;

import dev.pearlroutes.files.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The outbounds whose calls could not be read for long, for health and for people. */
public final class CallReadHealth {
    /** A page that fails, a pause that the API asks for and a restart of the API are over by then. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private final Clock clock;
    private final Map<String, Standstill> standstills = new ConcurrentHashMap<>();

    public CallReadHealth(Clock clock) {
        this.clock = clock;
    }

    /** Since when runs have failed, or a run has read nothing. @param reason of the last failure; null when none failed */
    private record Standstill(Instant since, String reason) {}

    /** A run has begun. */
    void begun(String outbound) {
        standstills.computeIfAbsent(outbound, any -> new Standstill(clock.instant(), null));
    }

    /** A page was read, which makes up for no run that has failed. */
    void wentOn(String outbound) {
        standstills.computeIfPresent(
                outbound, (any, still) -> still.reason() == null ? new Standstill(clock.instant(), null) : still);
    }

    /** A run was given up. */
    void failed(String outbound, Exception failure) {
        standstills.compute(
                outbound,
                (any, still) -> new Standstill(
                        still == null ? clock.instant() : still.since(),
                        LogText.describe(failure, IllegalStateException.class)));
    }

    /** A run has read all there is. */
    void ended(String outbound) {
        standstills.remove(outbound);
    }

    /** Sentences that say which calls are not read and why; empty while all is well. */
    public List<String> reasons() {
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
