package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which sources of leads may be sent: those that keep within the limits, and those that a person has approved. What is let in has
 * its leads reserved until their intents are made, so that no two sources get the same part of a day.
 */
public final class ApprovalStore {
    private static final String UNFINISHED = "state IN ('claimed', 'sending') AND operation = 'add'";

    private final Ledger ledger;

    public ApprovalStore(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Where a source stands. */
    public enum Standing {
        /** Not judged yet, and nothing of it was sent. */
        NEW,
        /** It waits for a person. */
        WAITING,
        /** It may be sent, and is not judged again. */
        ADMITTED
    }

    public Standing standing(long sourceId) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT approval IS 'needed', reserved IS NULL"
                    + " AND NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id) FROM source WHERE id = ?")) {
                select.setLong(1, sourceId);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getBoolean(1) ? Standing.WAITING : row.getBoolean(2) ? Standing.NEW : Standing.ADMITTED;
                }
            }
        });
    }

    /**
     * Lets a source in, unless its leads are too many for what is left of the day (UTC).
     *
     * @param leads how many it would send today
     * @param perDay how many an outbound may send a day; 0 for any number
     * @return how many leads are left when they are too few; empty when it is let in
     */
    public OptionalLong admit(Source source, long leads, long perDay, Instant at) {
        return ledger.onConnection(c -> {
            if (perDay > 0) {
                long left = Math.max(
                        0, perDay - sentSince(c, source, at.truncatedTo(ChronoUnit.DAYS)) - reserved(c, source));
                if (leads > left) {
                    return OptionalLong.of(left);
                }
            }
            Sql.update(c, "UPDATE source SET reserved = ? WHERE id = ?", leads, source.id());
            return OptionalLong.empty();
        });
    }

    /** Has a source wait for a person, also over a restart. @param leads how many it would send today */
    public void hold(long sourceId, long leads) {
        ledger.onConnection(c ->
                Sql.update(c, "UPDATE source SET approval = 'needed', reserved = ? WHERE id = ?", leads, sourceId));
    }

    public void approve(long sourceId) {
        ledger.onConnection(c ->
                Sql.update(c, "UPDATE source SET approval = 'given' WHERE id = ? AND approval = 'needed'", sourceId));
    }

    /**
     * The number of the file that waits for a person under a name, which it will have in {@code done/} or, failing that, was
     * dropped with; also of one that was approved and is not finished, so that asking again finds no other.
     */
    public Optional<Long> waiting(String outbound, String name) {
        return ledger.onConnection(c -> first(
                c,
                "SELECT id FROM source WHERE " + UNFINISHED + " AND approval IS NOT NULL AND cancelled IS NULL"
                        + " AND outbound = ? AND (name = ? OR dropped_as = ?)"
                        + " ORDER BY name = ? DESC, approval = 'needed' DESC, id DESC LIMIT 1",
                outbound,
                name,
                name,
                name));
    }

    /** Whether a file of this name is taken and not judged yet. */
    public boolean undecided(String outbound, String name) {
        return ledger.onConnection(c -> first(
                        c,
                        "SELECT id FROM source WHERE " + UNFINISHED + " AND queue IS NULL AND reserved IS NULL"
                                + " AND cancelled IS NULL AND outbound = ? AND (name = ? OR dropped_as = ?) LIMIT 1",
                        outbound,
                        name,
                        name))
                .isPresent();
    }

    /** To be called at start: messages that are not brought again must not keep a part of every day. */
    public void begin() {
        ledger.onConnection(c -> Sql.update(
                c, "UPDATE source SET reserved = 0 WHERE " + UNFINISHED + " AND queue IS NOT NULL AND reserved > 0"));
    }

    /** The files that wait for a person, oldest first. */
    public List<Source> waiting() {
        return ledger.onConnection(c -> {
            List<Source> waiting = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT id FROM source WHERE " + UNFINISHED
                            + " AND approval = 'needed' AND cancelled IS NULL ORDER BY id");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.add(Sources.find(c, row.getLong(1)).orElseThrow());
                }
            }
            return waiting;
        });
    }

    /** Inside the caller's transaction: leads whose intents are made are reserved no longer. @param intents negative: they are taken back */
    static void planned(Connection c, Source source, int intents) throws SQLException {
        if (intents != 0) {
            Sql.update(
                    c,
                    "UPDATE source SET reserved = max(0, reserved - ?) WHERE id = ? AND reserved IS NOT NULL",
                    intents,
                    source.id());
        }
    }

    /** By the leads themselves: those that hold a key were put on the wire. One index for each state. */
    private static long sentSince(Connection c, Source source, Instant since) throws SQLException {
        return first(
                        c,
                        "SELECT (SELECT count(*) FROM lead WHERE outbound = ?1 AND state = 'accepted' AND at >= ?2)"
                                + " + (SELECT count(*) FROM lead WHERE outbound = ?1 AND state = 'unknown' AND at >= ?2)"
                                + " + (SELECT count(*) FROM lead WHERE outbound = ?1 AND state = 'sending' AND at >= ?2)",
                        source.outbound(),
                        since.toEpochMilli())
                .orElseThrow();
    }

    private static long reserved(Connection c, Source but) throws SQLException {
        return first(
                        c,
                        "SELECT coalesce(sum(reserved), 0) FROM source WHERE " + UNFINISHED
                                + " AND approval IS NOT 'needed' AND cancelled IS NULL AND outbound = ? AND id <> ?",
                        but.outbound(),
                        but.id())
                .orElseThrow();
    }

    private static Optional<Long> first(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(sql)) {
            Sql.set(select, values);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }
}
