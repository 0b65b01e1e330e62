package dev.pearlroutes.model;

import java.time.Instant;

/**
 * The outcome of one row, as it goes into the ledger, the events and the result files.
 *
 * @param leadId the API's id of the lead; null unless accepted
 * @param reason why it is not accepted; null when it is. Never holds personal data.
 * @param phoneNumber E.164, for the event alone; null when the row had no usable one
 * @param at when it came about: never after an acceptance, never before an answer was given up; null: when it is recorded
 */
public record Outcome(
        long row,
        long line,
        RowState state,
        String externalId,
        String leadId,
        String reason,
        String phoneNumber,
        Instant at) {

    /** One that came about when it is recorded, or of which that does not matter. */
    public Outcome(
            long row, long line, RowState state, String externalId, String leadId, String reason, String phoneNumber) {
        this(row, line, state, externalId, leadId, reason, phoneNumber, null);
    }

    @Override
    public String toString() {
        return "Outcome[row=" + row + ", state=" + state + "]";
    }
}
