package dev.pearlroutes.ledger;

/**
 * The row of a source whose lead may have been called.
 *
 * @param file name of the source
 * @param leadId the API's id of the lead; null while the answer of its Add Lead is awaited or unknown
 */
public record CalledRow(long sourceId, long row, String file, long line, String externalId, String leadId) {

    @Override
    public String toString() {
        return "CalledRow[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
