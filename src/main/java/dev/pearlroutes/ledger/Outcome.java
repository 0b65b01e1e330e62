package dev.pearlroutes.ledger;

/**
 * The outcome of one row, as it goes into the ledger, the events and the result files.
 *
 * @param leadId the API's id of the lead; null unless accepted
 * @param reason why it is not accepted; null when it is. Never holds personal data.
 * @param phoneNumber E.164, for the event alone; null when the row had no usable one
 */
public record Outcome(
        long row, long line, RowState state, String externalId, String leadId, String reason, String phoneNumber) {

    @Override
    public String toString() {
        return "Outcome[row=" + row + ", state=" + state + "]";
    }
}
