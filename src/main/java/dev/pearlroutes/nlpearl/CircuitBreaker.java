package dev.pearlroutes.nlpearl;

import java.time.Duration;
import java.time.Instant;

/** A line that is stopped: when it is probed next, and the single request that may be tried once a probe was good. */
final class CircuitBreaker {
    static final Duration LONGEST_PROBE_INTERVAL = Duration.ofSeconds(30);
    private static final Backoff PROBES = new Backoff(Duration.ofSeconds(1), LONGEST_PROBE_INTERVAL);

    private OpenCircuit stop;
    private int closings;
    private Instant probeAt;
    private boolean mayTry;
    private boolean readable;
    /** The request that is tried, while it is out; null when none is. */
    private Object trial;
    /** How many leads were accepted when the line was stopped last. */
    private long acceptedBefore;

    CircuitBreaker(OpenCircuit stop, long acceptedBefore) {
        this.stop = stop;
        this.acceptedBefore = acceptedBefore;
        close(stop.since());
    }

    OpenCircuit stop() {
        return stop;
    }

    /** Whether a read has ever shown the outbound's id to be right while the line was stopped. */
    boolean readable() {
        return readable;
    }

    /** Whether a request may be tried now. */
    boolean open() {
        return mayTry && trial == null;
    }

    /** How many leads were accepted when the line was stopped last: an acceptance from before says nothing of the stop. */
    long acceptedBefore() {
        return acceptedBefore;
    }

    /** Whether a probe is due; telling so counts as the probe. */
    boolean due(Instant now) {
        boolean due = !mayTry && !now.isBefore(probeAt);
        if (due) {
            close(now);
        }
        return due;
    }

    /** Takes in a probe's answer. @return whether it showed the trouble mended */
    boolean probed(OpenCircuit probed, int status) {
        boolean mended = stop.cause() == probed.cause() && probed.mendedBy(status);
        if (mended) {
            // Told due, it counted as one more failure.
            closings--;
            mayTry = true;
            readable = true;
            trial = null;
        }
        return mended;
    }

    /** The trial's refusal was its request's own: the next may be tried. */
    void tryNext() {
        mayTry = true;
        trial = null;
    }

    void beginTrial(Object request) {
        trial = request;
    }

    /** Ends the trial if this is its request. @return whether it was */
    boolean endTrial(Object request) {
        boolean tried = trial == request;
        if (tried) {
            trial = null;
        }
        return tried;
    }

    /** Stopped again: an open line is closed, and the next probe is further off. @return whether the reason is a new one */
    boolean stopAgain(OpenCircuit again, Instant now, long accepted) {
        acceptedBefore = accepted;
        if (open()) {
            close(now);
        }
        boolean another = !stop.reason().equals(again.reason());
        if (another) {
            stop = again;
        }
        return another;
    }

    private void close(Instant now) {
        mayTry = false;
        trial = null;
        closings++;
        probeAt = now.plus(PROBES.after(closings));
    }
}
