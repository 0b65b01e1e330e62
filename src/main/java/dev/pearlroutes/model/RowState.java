package dev.pearlroutes.model;

import java.util.Locale;

/** The state of a row of a source. For leads the first six add up to the rows read; a source is finished when no row is SENDING. */
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

    /** Returns the name used in the ledger, in receipts and in event types. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds the state of a {@link #word}. */
    public static RowState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
