package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The calls seen so far, and how far each outbound's search has come. */
public final class Calls {
    private final Ledger ledger;

    public Calls(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A call as a search found it.
     *
     * @param to the number called; null when unknown
     * @param startedAt null when unknown
     * @param fingerprint of everything the API said of the call
     */
    public record Seen(String callId, String to, Instant startedAt, boolean isFinal, byte[] fingerprint) {}

    /**
     * The row that a call belongs to.
     *
     * @param match {@code phone}, or {@code ambiguous} or {@code none}, and then everything else is null
     */
    public record Match(String match, String leadId, String externalId, Origin origin) {}

    /** Makes the event of a call that is new or has changed. */
    @FunctionalInterface
    public interface EventMaker {
        Event make(Seen call, int revision, Match match);
    }

    /**
     * Records the calls of a page with an event for each that is new or has changed, in one transaction.
     *
     * @return how many are new or changed
     */
    public int record(String outbound, List<Seen> calls, EventMaker events) {
        return ledger.transaction(c -> {
            List<Event> changed = new ArrayList<>();
            for (Seen call : calls) {
                int revision = nextRevision(c, outbound, call);
                if (revision > 0) {
                    store(c, outbound, call, revision);
                    changed.add(events.make(call, revision, match(c, outbound, call.to())));
                }
            }
            Outbox.append(c, changed);
            return changed.size();
        });
    }

    /** The end of the last window of which every call was recorded; empty before the first. */
    public Optional<Instant> cursor(String outbound) {
        return ledger.transaction(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT position FROM cursor WHERE outbound = ?")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(Instant.ofEpochMilli(row.getLong(1))) : Optional.empty();
                }
            }
        });
    }

    public void moveCursor(String outbound, Instant position) {
        ledger.transaction(c -> {
            try (PreparedStatement upsert = c.prepareStatement("INSERT INTO cursor (outbound, position) VALUES (?, ?)"
                    + " ON CONFLICT (outbound) DO UPDATE SET position = excluded.position")) {
                upsert.setString(1, outbound);
                upsert.setLong(2, position.toEpochMilli());
                return upsert.executeUpdate();
            }
        });
    }

    /** @return 0 when the call is as it was seen before and has not become final by the mere passing of time */
    private static int nextRevision(Connection c, String outbound, Seen call) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(
                "SELECT revision, fingerprint, final FROM call WHERE outbound = ? AND call_id = ?")) {
            select.setString(1, outbound);
            select.setString(2, call.callId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return 1;
                }
                boolean same = Arrays.equals(row.getBytes(2), call.fingerprint());
                boolean nowFinal = call.isFinal() && !row.getBoolean(3);
                return same && !nowFinal ? 0 : row.getInt(1) + 1;
            }
        }
    }

    private static void store(Connection c, String outbound, Seen call, int revision) throws SQLException {
        try (PreparedStatement upsert = c.prepareStatement(
                "INSERT INTO call (outbound, call_id, revision, final, fingerprint, started_at) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (outbound, call_id) DO UPDATE SET revision = excluded.revision,"
                        + " final = excluded.final, fingerprint = excluded.fingerprint")) {
            upsert.setString(1, outbound);
            upsert.setString(2, call.callId());
            upsert.setInt(3, revision);
            upsert.setBoolean(4, call.isFinal());
            upsert.setBytes(5, call.fingerprint());
            upsert.setObject(
                    6, call.startedAt() == null ? null : call.startedAt().toEpochMilli());
            upsert.executeUpdate();
        }
    }

    /** A number names a lead only inside its outbound, and only when no other lead there has the same one. */
    private Match match(Connection c, String outbound, String to) throws SQLException {
        if (to == null) {
            return new Match("none", null, null, null);
        }
        try (PreparedStatement select = c.prepareStatement(
                "SELECT l.lead_id, l.external_id, s.name, s.dropped_as, s.queue, l.line FROM lead l JOIN source s ON s.id = l.source_id"
                        + " WHERE l.outbound = ? AND l.phone = ? AND l.state = 'accepted' LIMIT 2")) {
            select.setString(1, outbound);
            select.setBytes(2, ledger.keyedHash().of(to));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new Match("none", null, null, null);
                }
                Origin origin = Origin.of(row.getString(3), row.getString(4), row.getString(5), row.getLong(6));
                Match found = new Match("phone", row.getString(1), row.getString(2), origin);
                return row.next() ? new Match("ambiguous", null, null, null) : found;
            }
        }
    }
}
