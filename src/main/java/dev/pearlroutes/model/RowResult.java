package dev.pearlroutes.model;

import java.time.Duration;

/**
 * All that is known of a row: the outcome of its lead, and of the calls to it.
 *
 * @param leadId the API's id of the lead; null unless accepted, and when the person was erased
 * @param reason why it is not accepted; null when it is
 * @param silent whether it was published that no call to the lead is known
 * @param stop whether the lead was stopped
 * @param call null while no call to the lead is known
 */
public record RowResult(
        RowState state, String leadId, String reason, boolean silent, StopState stop, CallOutcome call) {
    /** Time within which a call that was being placed when its lead was stopped begins, and is known from then on. */
    public static final Duration STOP_TAKES_EFFECT = Duration.ofMinutes(10);

    /** Whether an accepted lead was stopped by an update. */
    public enum StopState {
        NONE,
        /** A call that had begun may still be in progress or become known. */
        STOPPED,
        /** Stopped; the calls were read for a while afterwards, and those to the lead are over. */
        OVER
    }

    /** Tells whether no further change of the row is expected. */
    public boolean isFinal() {
        return switch (state) {
            case SENDING, UNKNOWN -> false;
            // An accepted lead without its id is one whose person was erased: nothing more can be learned of it.
            case ACCEPTED -> stop == StopState.OVER || (call == null ? leadId == null : call.isFinal());
            default -> true;
        };
    }

    @Override
    public String toString() {
        return "RowResult[state=" + state + ", call=" + call + "]";
    }
}
