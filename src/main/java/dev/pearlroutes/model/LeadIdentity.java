package dev.pearlroutes.model;

import java.time.Duration;
import java.time.Instant;

/**
 * What makes two rows of an outbound the same lead, and how long an accepted lead keeps others of its kind out.
 *
 * @param window how long after it was accepted; null for ever. What is sending or unknown keeps them out however old it is, and
 *     so does an earlier row of the same source.
 */
public record LeadIdentity(Key key, Duration window) {
    /** By externalId, for ever. */
    public static final LeadIdentity DEFAULT = new LeadIdentity(Key.EXTERNAL_ID, null);

    /** What is compared. */
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

    /** Leads accepted later than this keep others out at a time. */
    public Instant heldSince(Instant at) {
        return window == null ? Instant.EPOCH : at.minus(window);
    }
}
