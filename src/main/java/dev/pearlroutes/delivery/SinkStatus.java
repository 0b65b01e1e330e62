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

    /** Events set aside in a row from which health tells of it. */
    private static final int MANY = 10;

    private static final long UNKNOWN = -1;

    private final String outbound;
    private final String sink;
    private SinkBacklog backlog;
    private long hasAllUpTo = UNKNOWN;
    private int failures;
    private Instant tryAt = Instant.MIN;
    private Instant failingSince;
    private String reason;
    private boolean stopped;
    private boolean refusesEverything;
    private boolean toldSo;
    private final AmbiguousRefusals refusals = new AmbiguousRefusals();
    private long refused;
    private long setAsideInARow;
    private String lastSetAside;
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

    /** Tells whether it refuses every event, so that all wait in their order until a person has corrected it or the sink. */
    public synchronized boolean refusesEverything() {
        return refusesEverything;
    }

    /** Answers what of its last events was set aside, for people; null while one was taken not long ago. */
    public synchronized String setAside() {
        return setAsideInARow < MANY
                ? null
                : "has refused its last " + setAsideInARow + " events, the last one because " + lastSetAside;
    }

    /** The refusals whose cause is open; for the thread that delivers. */
    AmbiguousRefusals refusals() {
        return refusals;
    }

    synchronized void counted(SinkBacklog now) {
        backlog = now;
    }

    /** Notes that the sink has every event up to a number, and has no refusal open. */
    synchronized void hasAllUpTo(long seq) {
        hasAllUpTo = seq;
    }

    /** Answers with the number up to which it has every event, as far as is known; no event has it when nothing is. */
    synchronized long hasAllUpTo() {
        return hasAllUpTo;
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
        refusesEverything = false;
        return isNew;
    }

    /** Notes that the sink refuses everything it is handed. @return whether that was not noted since it took an event last */
    synchronized boolean refuseEverything(String why, Instant now) {
        fail(why, null, now);
        refusesEverything = true;
        boolean isNew = !toldSo;
        toldSo = true;
        return isNew;
    }

    /** Ends the deliveries of this run. */
    synchronized void stop(String why, Instant now) {
        fail(why, null, now);
        stopped = true;
    }

    /**
     * Notes that an event was set aside, which is a success of the way there.
     *
     * @return how many to log now: the first, then once a minute
     */
    synchronized long setAside(String why, Instant now) {
        recover(now);
        setAsideInARow++;
        lastSetAside = why;
        refused++;
        if (now.isBefore(logAt)) {
            return 0;
        }
        long unlogged = refused;
        refused = 0;
        logAt = now.plus(BETWEEN_REFUSALS);
        return unlogged;
    }

    /** Notes that an event was taken. @return how long the sink had failed; null when it had not */
    synchronized Duration taken(Instant now) {
        setAsideInARow = 0;
        return recover(now);
    }

    private Duration recover(Instant now) {
        Duration failed = reason == null ? null : Duration.between(failingSince, now);
        failures = 0;
        tryAt = Instant.MIN;
        failingSince = null;
        reason = null;
        refusesEverything = false;
        toldSo = false;
        return failed;
    }
}
