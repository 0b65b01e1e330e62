package dev.pearlroutes.model;

import java.time.Instant;

/**
 * All that the ledger has of a lead, but for its request and its number.
 *
 * @param sourceId number of the source in this ledger
 * @param row position among the rows of the source, from 1
 * @param line of the source on which the row starts, from 1
 * @param externalId null when it was erased
 * @param leadId the API's id; null while it is not known
 * @param reason null when accepted
 * @param at when it was planned, while it is sending; when its request began, if it was accepted; else when its state became known
 * @param foundAt when a look-up found it; null when its own answer told
 * @param stoppedAt when it was stopped; null when it may be called
 * @param silentAt when it was told that no call to it is known; null when that was not told
 */
public record LeadRecord(
        long sourceId,
        long row,
        long line,
        String externalId,
        String leadId,
        RowState state,
        String reason,
        Instant at,
        Instant foundAt,
        Instant stoppedAt,
        Instant silentAt) {

    @Override
    public String toString() {
        return "LeadRecord[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
