package dev.pearlroutes.model;

import java.time.Duration;
import java.time.Instant;

/**
 * The rule by which two rows of an outbound are the same lead, and for how long an accepted lead makes others duplicates.
 *
 * @param key what is compared
 * @param window how long after a lead was accepted; null for ever. A lead that is sending or unknown makes others duplicates at any age,
 *     and so does an earlier row of the same source.
 */
public record LeadIdentity(Key key, Duration window) {
    /** By externalId, for ever. */
    public static final LeadIdentity DEFAULT = new LeadIdentity(Key.EXTERNAL_ID, null);

    /** The part of a row that is compared. */
    public enum Key {
        EXTERNAL_ID,
        /** The number, whatever the externalId. */
        PHONE,
        /** Either of the two is enough. */
        EXTERNAL_ID_OR_PHONE
    }

    public boolean byExternalId() {
        return key != Key.PHONE;
    }

    public boolean byPhone() {
        return key != Key.EXTERNAL_ID;
    }

    /** Returns the time from which on accepted leads make others duplicates. @param at time of the row that is compared */
    public Instant heldSince(Instant at) {
        return window == null ? Instant.EPOCH : at.minus(window);
    }
}
