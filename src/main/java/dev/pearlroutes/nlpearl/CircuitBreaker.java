package dev.pearlroutes.nlpearl;

import java.time.Duration;
import java.time.Instant;

/**
 * A circuit breaker that is open or half open: when it is probed next, and the one trial call that a good probe allows. A closed
 * one needs no object.
 */
final class CircuitBreaker {
    static final Duration LONGEST_PROBE_INTERVAL = Duration.ofSeconds(30);
    private static final Backoff PROBE_INTERVALS = new Backoff(Duration.ofSeconds(1), LONGEST_PROBE_INTERVAL);

    /** Refused trials of an outbound with a confirmed id before its probes are more seldom: the first leads may be bad ones. */
    static final int FREQUENT_TRIALS = 60;

    private OpenCircuit circuit;
    private int failures;
    private Instant nextProbe;
    private boolean halfOpen;
    private boolean idConfirmed;
    private int refusedTrials;
    /** The request of the trial call; null while none is under way. */
    private Object trial;

    private long acceptedBefore;

    CircuitBreaker(OpenCircuit circuit, long acceptedBefore) {
        this.circuit = circuit;
        this.acceptedBefore = acceptedBefore;
        open(circuit.since());
    }

    OpenCircuit circuit() {
        return circuit;
    }

    /** Whether a probe has succeeded since the breaker opened, which confirms the outbound's id. */
    boolean idConfirmed() {
        return idConfirmed;
    }

    /** Whether a trial call may begin: the breaker is half open and no trial is under way. */
    boolean allowsTrial() {
        return halfOpen && trial == null;
    }

    /** How many leads were accepted when the breaker opened last: earlier acceptances do not prove that it may close. */
    long acceptedBefore() {
        return acceptedBefore;
    }

    /** Returns whether a probe is due, and counts it as made if so. */
    boolean takeProbe(Instant now) {
        boolean due = !halfOpen && !now.isBefore(nextProbe);
        if (due) {
            open(now);
        }
        return due;
    }

    /** Takes in the answer to a probe. @return whether the breaker is half open now */
    boolean onProbe(OpenCircuit probed, int status) {
        boolean fixed = circuit.cause() == probed.cause() && probed.isFixedBy(status);
        if (fixed) {
            // The probe was counted as one more failure when it was taken.
            failures--;
            halfOpen = true;
            idConfirmed = true;
            trial = null;
        }
        return fixed;
    }

    /** Allows the next trial call: the last one was refused for a reason of its own lead. */
    void allowNextTrial() {
        halfOpen = true;
        trial = null;
    }

    void beginTrial(Object request) {
        trial = request;
    }

    /** Ends the trial call if it is this request. @return whether it was */
    boolean endTrial(Object request) {
        boolean wasTrial = trial == request;
        if (wasTrial) {
            trial = null;
        }
        return wasTrial;
    }

    /**
     * Takes in one more failure. A half open breaker opens again, with a longer wait; while its outbound's id is confirmed, and its
     * first leads may be bad ones, with the shortest.
     *
     * @return whether the reason is a new one
     */
    boolean reopen(OpenCircuit again, Instant now, long accepted) {
        acceptedBefore = accepted;
        if (allowsTrial()) {
            if (idConfirmed
                    && circuit.cause() == OpenCircuit.Cause.WRONG_OUTBOUND
                    && refusedTrials++ < FREQUENT_TRIALS) {
                failures = 0;
            }
            open(now);
        }
        boolean newReason = !circuit.reason().equals(again.reason());
        if (newReason) {
            circuit = again;
        }
        return newReason;
    }

    private void open(Instant now) {
        halfOpen = false;
        trial = null;
        failures++;
        nextProbe = now.plus(PROBE_INTERVALS.after(failures));
    }
}
