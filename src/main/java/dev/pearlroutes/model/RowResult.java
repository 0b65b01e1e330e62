package dev.pearlroutes.model;

/**
 * All that is known of a row: what became of its lead, and what came of the calls to it.
 *
 * @param leadId the API's id of the lead; null unless accepted, and when the person was erased
 * @param reason why it is not accepted; null when it is
 * @param silent whether it was told that no call to the lead is known
 * @param stop whether the lead was stopped
 * @param call null while no call to the lead is known
 */
public record RowResult(
        RowState state, String leadId, String reason, boolean silent, StopState stop, CallOutcome call) {
    /** Whether an accepted lead was stopped by an update. */
    public enum StopState {
        NONE,
        /** A call that had begun may still be going on or come to be known. */
        STOPPED,
        /** The calls were read for a while afterwards, and those to the lead are over. */
        OVER
    }

    /** Whether nothing more is expected to come of the row. */
    public boolean isFinal() {
        return switch (state) {
            case SENDING, UNKNOWN -> false;
            // Nothing can be learned any more of an accepted lead without its id: the person was erased.
            case ACCEPTED -> stop == StopState.OVER || (call == null ? leadId == null : call.isFinal());
            default -> true;
        };
    }

    @Override
    public String toString() {
        return "RowResult[state=" + state + ", call=" + call + "]";
    }
}
