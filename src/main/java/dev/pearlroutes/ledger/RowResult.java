package dev.pearlroutes.ledger;

/**
 * All that is known of a row: what became of its lead, and what came of the calls to it.
 *
 * @param leadId the API's id of the lead; null unless accepted, and when the person was erased
 * @param reason why it is not accepted; null when it is
 * @param silent whether it was told that no call to the lead is known
 * @param call null while no call to the lead is known
 */
public record RowResult(RowState state, String leadId, String reason, boolean silent, CallOutcome call) {

    /** Whether nothing more is expected to come of the row. */
    public boolean isFinal() {
        return switch (state) {
            case SENDING, UNKNOWN -> false;
            // Nothing can be learned any more of an accepted lead without its id: the person was erased.
            case ACCEPTED -> call == null ? leadId == null : call.isFinal();
            default -> true;
        };
    }

    @Override
    public String toString() {
        return "RowResult[state=" + state + ", call=" + call + "]";
    }
}
