package dev.pearlroutes.model;

/**
 * All that is known of a row: its state, and the outcome of the calls to its lead.
 *
 * @param leadId the API's id of the lead; null unless accepted, and when the person was erased
 * @param reason why it is not accepted; null when it is
 * @param silent whether the event that no call to the lead is known was published
 * @param stop whether the lead was stopped
 * @param call null while no call to the lead is known
 */
public record RowResult(
        RowState state, String leadId, String reason, boolean silent, StopState stop, CallOutcome call) {
    /** The stop of an accepted lead by an update. */
    public enum StopState {
        NONE,
        /** Stopped; a call that had begun may still be in progress or not yet read. */
        STOPPED,
        /** Stopped; the calls were read for a while afterwards, and those to the lead are over. */
        OVER
    }

    /** Tells whether nothing more is expected of the row. */
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
