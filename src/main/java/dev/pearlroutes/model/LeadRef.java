package dev.pearlroutes.model;

import java.time.Instant;

/**
 * A row of a source whose lead may have been called.
 *
 * @param sourceId number of the source in this ledger
 * @param row position among the rows of the source, from 1
 * @param takenAt time at which its source was taken: no call to its lead is older
 * @param externalId the row's key inside its outbound
 * @param leadId the API's id of the lead; null while the answer of its Add Lead is awaited or unknown
 */
public record LeadRef(long sourceId, long row, Origin origin, Instant takenAt, String externalId, String leadId) {

    @Override
    public String toString() {
        return "LeadRef[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
