package dev.pearlroutes.ledger;

/**
 * The row of a source whose lead may have been called.
 *
 * @param leadId the API's id of the lead; null while the answer of its Add Lead is awaited or unknown
 */
public record CalledRow(long sourceId, long row, Origin origin, String externalId, String leadId) {

    @Override
    public String toString() {
        return "CalledRow[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
