package dev.pearlroutes.delivery;

import dev.pearlroutes.model.SinkBacklog;
import dev.pearlroutes.nlpearl.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The state of the deliveries to one sink of one outbound: waits grow while they fail, and one success ends them. */
public final class SinkStatus {
    private static final Backoff WAITS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** Least time between two log lines about refusals. */
    private static final Duration BETWEEN_REFUSALS = Duration.ofMinutes(1);

    private final String outbound;
    private final String sink;
    private SinkBacklog backlog;
    private int failures;
    private Instant tryAt = Instant.MIN;
    private Instant failingSince;
    private String reason;
    private boolean stopped;
    private long refused;
    private Instant logAt = Instant.MIN;

    SinkStatus(String outbound, String sink) {
        this.outbound = outbound;
        this.sink = sink;
        this.backlog = new SinkBacklog(outbound, sink, 0, null);
    }

    public String outbound() {
        return outbound;
    }

    public String sink() {
        return sink;
    }

    /** Answers how many events the sink had not taken when they were counted last. */
    public synchronized long waiting() {
        return backlog.waiting();
    }

    /** Answers when the oldest of them was recorded; null when none waits. */
    public synchronized Instant oldest() {
        return backlog.oldest();
    }

    /** Answers why the sink takes nothing and since when, for people; null while all is well. */
    public synchronized String problem() {
        return reason == null ? null : reason + " (since " + failingSince.truncatedTo(ChronoUnit.SECONDS) + ")";
    }

    /** Tells whether nothing more is delivered in this run, until a person acts. */
    public synchronized boolean stopped() {
        return stopped;
    }

    synchronized void counted(SinkBacklog now) {
        backlog = now;
    }

    synchronized boolean mayTry(Instant now) {
        return !stopped && !now.isBefore(tryAt);
    }

    /** Notes a failure. @param asked wait that the sink asks for; null for none. @return whether the problem is new */
    synchronized boolean fail(String why, Duration asked, Instant now) {
        boolean isNew = reason == null;
        failures++;
        Duration wait = WAITS.after(failures);
        tryAt = now.plus(asked != null && asked.compareTo(wait) > 0 ? asked : wait);
        failingSince = isNew ? now : failingSince;
        reason = why;
        return isNew;
    }

    /** Ends the deliveries of this run. */
    synchronized void stop(String why, Instant now) {
        fail(why, null, now);
        stopped = true;
    }

    /** Notes a refusal, which is a success of the way there. @return refusals to be logged now: the first, then once a minute */
    synchronized long refuse(Instant now) {
        recover(now);
        refused++;
        if (now.isBefore(logAt)) {
            return 0;
        }
        long unlogged = refused;
        refused = 0;
        logAt = now.plus(BETWEEN_REFUSALS);
        return unlogged;
    }

    /** Notes a success. @return how long the sink had failed; null when it had not */
    synchronized Duration recover(Instant now) {
        Duration failed = reason == null ? null : Duration.between(failingSince, now);
        failures = 0;
        tryAt = Instant.MIN;
        failingSince = null;
        reason = null;
        return failed;
    }
}
