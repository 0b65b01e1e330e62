package dev.pearlroutes.model;

import java.time.Instant;

/**
 * The outcome of one row, as it goes into the ledger, the events and the result files.
 *
 * @param row position among the rows of the source, from 1
 * @param line of the source on which the row starts, from 1
 * @param externalId the row's key inside its outbound; null when it is rejected and brought none
 * @param leadId the API's id of the lead; null unless accepted
 * @param reason why it is not accepted; null when it is. Never holds personal data.
 * @param phoneNumber E.164, for the event alone; null when the row had no usable one
 * @param at its time: never after an acceptance, never before an answer was given up; null for the time at which it is recorded
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

    /** Makes an outcome whose time is the one at which it is recorded. */
    public Outcome(
            long row, long line, RowState state, String externalId, String leadId, String reason, String phoneNumber) {
        this(row, line, state, externalId, leadId, reason, phoneNumber, null);
    }

    @Override
    public String toString() {
        return "Outcome[row=" + row + ", state=" + state + "]";
    }
}
