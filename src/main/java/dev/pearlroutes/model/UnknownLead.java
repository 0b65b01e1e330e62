package dev.pearlroutes.model;

import java.time.Instant;

/**
 * A lead whose answer never came.
 *
 * @param row position among the rows of the source, from 1
 * @param line of the source on which the row starts, from 1
 * @param body request body of its Add Lead
 * @param since time at which it became unknown
 * @param released whether a person has allowed that it is sent again unless it is found
 * @param reason why it is unknown, for people
 */
public record UnknownLead(
        Source source,
        long row,
        long line,
        String externalId,
        String body,
        Instant since,
        boolean released,
        String reason) {

    /**
     * Makes the outcome that it has now.
     *
     * @param leadId null unless accepted
     * @param reason null when accepted
     * @param phoneNumber for the event; null for none
     * @param at as of {@link Outcome}
     */
    public Outcome outcome(RowState state, String leadId, String reason, String phoneNumber, Instant at) {
        return new Outcome(row, line, state, externalId, leadId, reason, phoneNumber, at);
    }

    @Override
    public String toString() {
        return "UnknownLead[source=" + source.id() + ", row=" + row + "]";
    }
}
