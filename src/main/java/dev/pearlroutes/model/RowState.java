package dev.pearlroutes.model;

import java.util.Locale;

/** What became of a row of a source. Of leads the first six add up to the rows read; a source is finished when none is SENDING. */
public enum RowState {
    ACCEPTED,
    DUPLICATE,
    REJECTED,
    SUPPRESSED,
    CANCELLED,
    /** The answer never came: the lead may or may not exist at the API. */
    UNKNOWN,
    /** The lead was changed at the API. */
    UPDATED,
    /** The API knows the lead. */
    FOUND,
    /** The API does not know the lead. */
    MISSING,
    /** The intent is durable and its request may be on the wire. */
    SENDING;

    /** The name used in the ledger, in receipts and in event types. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RowState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
