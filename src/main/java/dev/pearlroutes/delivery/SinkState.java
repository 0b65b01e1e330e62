package dev.pearlroutes.delivery;

import dev.pearlroutes.nlpearl.Backoff;
import java.time.Duration;
import java.time.Instant;

/** How the deliveries to one sink of one outbound go: waiting grows while they fail, and one success ends it. */
final class SinkState {
    private static final Backoff WAITS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private static final Duration BETWEEN_REFUSALS = Duration.ofMinutes(1);

    private int failures;
    private Instant tryAt = Instant.MIN;
    private Instant failingSince;
    private String reason;
    private boolean stopped;
    private long refused;
    private Instant tellAt = Instant.MIN;

    boolean mayTry(Instant now) {
        return !stopped && !now.isBefore(tryAt);
    }

    /** @param asked wait that the sink asks for; null when it asks for none. @return whether the trouble has just begun */
    boolean fail(String why, Duration asked, Instant now) {
        boolean begun = reason == null;
        failures++;
        Duration wait = WAITS.after(failures);
        tryAt = now.plus(asked != null && asked.compareTo(wait) > 0 ? asked : wait);
        failingSince = begun ? now : failingSince;
        reason = why;
        return begun;
    }

    /** Nothing more in this run. */
    void stop(String why, Instant now) {
        fail(why, null, now);
        stopped = true;
    }

    /** @return how many refusals are to be told of now: at most once a minute, and the first at once */
    long refuse(Instant now) {
        recover();
        refused++;
        if (now.isBefore(tellAt)) {
            return 0;
        }
        long untold = refused;
        refused = 0;
        tellAt = now.plus(BETWEEN_REFUSALS);
        return untold;
    }

    void recover() {
        failures = 0;
        tryAt = Instant.MIN;
        failingSince = null;
        reason = null;
    }

    /** Why it fails now; null while it does not. */
    String reason() {
        return reason;
    }

    Instant failingSince() {
        return failingSince;
    }

    boolean stopped() {
        return stopped;
    }
}
