package dev.pearlroutes.model;

/**
 * An accepted lead that may be called.
 *
 * @param phone the ledger's keyed hash of its number
 */
public record CallableLead(long sourceId, long row, String leadId, String externalId, byte[] phone) {

    @Override
    public String toString() {
        return "CallableLead[sourceId=" + sourceId + ", row=" + row + "]";
    }
}
