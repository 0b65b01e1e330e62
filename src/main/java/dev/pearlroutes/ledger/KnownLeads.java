package dev.pearlroutes.ledger;

import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the ledger knows of the leads of an outbound that the rows of updates and look-ups name, inside the caller's transaction. */
final class KnownLeads {
    private static final String HOLDING = " AND state IN ('sending', 'accepted', 'unknown')";

    private final Connection c;
    private final String outbound;
    private final KeyedHash keyedHash;

    KnownLeads(Connection c, String outbound, KeyedHash keyedHash) {
        this.c = c;
        this.outbound = outbound;
        this.keyedHash = keyedHash;
    }

    /**
     * An accepted lead.
     *
     * @param phone hash of its number
     */
    record Known(String leadId, String externalId, byte[] phone) {
        ByteBuffer number() {
            return phone == null ? null : ByteBuffer.wrap(phone);
        }

        /** Whether the customer gave it no key, so that it has one of ours. */
        boolean hasDerivedId() {
            return KeyedHash.isDerived(externalId);
        }
    }

    /**
     * The accepted leads that a row may mean: by externalId all that have it, the newest first; by number two at the most, which
     * is one too many.
     */
    List<Known> of(LeadChange row) throws SQLException {
        String column = row.leadId() != null ? "lead_id" : row.externalId() != null ? "external_id" : "phone";
        List<Known> known = new ArrayList<>();
        try (PreparedStatement select = c.prepareStatement("SELECT lead_id, external_id, phone FROM lead"
                + " WHERE outbound = ? AND " + column + " = ? AND state = 'accepted'"
                // In the words of the indexes, else they are not used.
                + HOLDING + (column.equals("external_id") ? " ORDER BY turn DESC" : " LIMIT 2"))) {
            select.setString(1, outbound);
            if (row.leadId() != null) {
                select.setString(2, row.leadId());
            } else if (row.externalId() != null) {
                select.setString(2, row.externalId());
            } else {
                select.setBytes(2, keyedHash.of(row.phoneNumber()));
            }
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    known.add(new Known(found.getString(1), found.getString(2), found.getBytes(3)));
                }
            }
        }
        return known;
    }

    /** Whether an externalId is not this lead's but others'. @param leadId null when it is not known, and then it is nobody's own */
    boolean othersHave(String externalId, String leadId) throws SQLException {
        try (PreparedStatement select =
                c.prepareStatement("SELECT lead_id FROM lead WHERE outbound = ? AND external_id = ?" + HOLDING)) {
            select.setString(1, outbound);
            select.setString(2, externalId);
            boolean others = false;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (leadId != null && leadId.equals(row.getString(1))) {
                        return false;
                    }
                    others = true;
                }
            }
            return others;
        }
    }

    /**
     * Whether another lead holds a number as its key, so that somebody would be rung for two.
     *
     * @param e164 with {@code +}
     * @param leadId null when it is not known
     */
    boolean othersHold(String e164, String leadId, LeadIdentity identity, Instant at) throws SQLException {
        if (!identity.byPhone()) {
            return false;
        }
        try (PreparedStatement select = c.prepareStatement("SELECT 1 FROM lead WHERE outbound = ? AND phone = ?"
                + HOLDING + " AND (state <> 'accepted' OR at > ?) AND lead_id IS NOT ? LIMIT 1")) {
            select.setString(1, outbound);
            select.setBytes(2, keyedHash.of(e164));
            select.setLong(3, identity.heldSince(at).toEpochMilli());
            select.setString(4, leadId);
            try (ResultSet held = select.executeQuery()) {
                return held.next();
            }
        }
    }
}
