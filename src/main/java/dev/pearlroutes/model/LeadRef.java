package dev.pearlroutes.model;

import java.time.Instant;

/**
 * The row of a source whose lead may have been called.
 *
 * @param takenAt when its source was taken: no call to its lead is older
 * @param leadId the API's id of the lead; null while the answer of its Add Lead is awaited or unknown
 */
public record LeadRef(long sourceId, long row, Origin origin, Instant takenAt, String externalId, String leadId) {

    @Override
    public String toString() {
        return "CalledRow[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
