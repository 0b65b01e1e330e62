package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Takes what the ledger has of a person out of it. That a row had an outcome stays, so that receipts still add up; its key, its
 * hashes and its leadId go, so that nothing of the person is known any more, not even that a lead dropped later is the same.
 */
public final class Erasure {
    /** The reason of a row that was erased, and what stands in the place of its cells. */
    public static final String ERASED = "erased";

    private final Ledger ledger;

    public Erasure(Ledger ledger) {
        this.ledger = ledger;
    }

    /** All sources of an outbound, oldest first. */
    public List<Source> sources(String outbound) {
        return ledger.onConnection(c -> {
            List<Source> sources = new ArrayList<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT id FROM source WHERE outbound = ? ORDER BY id")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        sources.add(Sources.find(c, row.getLong(1)).orElseThrow());
                    }
                }
            }
            return sources;
        });
    }

    /** The externalIds under which leads with this number were sent, the derived one among them. */
    public Set<String> externalIds(String outbound, String phoneNumber) {
        return ledger.onConnection(c -> {
            Set<String> ids = new TreeSet<>();
            ids.add(ledger.keyedHash().derivedExternalId(outbound, phoneNumber));
            try (PreparedStatement select = c.prepareStatement(
                    "SELECT external_id FROM lead WHERE outbound = ? AND phone = ? AND external_id IS NOT NULL")) {
                select.setString(1, outbound);
                select.setBytes(2, ledger.keyedHash().of(phoneNumber));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getString(1));
                    }
                }
            }
            return ids;
        });
    }

    /** The rows of a source that the ledger knows under one of these ids. */
    public Set<Long> rows(Source source, Set<String> externalIds) {
        return ledger.onConnection(c -> {
            Set<Long> rows = new TreeSet<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT row_no FROM lead WHERE source_id = ? AND external_id = ?")) {
                for (String externalId : externalIds) {
                    select.setLong(1, source.id());
                    select.setString(2, externalId);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            rows.add(row.getLong(1));
                        }
                    }
                }
            }
            return rows;
        });
    }

    /**
     * The rows of a person in a source.
     *
     * @param sha256 of the source's file once these rows are masked in it; null when there is no file
     */
    public record Rows(Source source, Set<Long> numbers, String sha256) {}

    /**
     * Erases a person's rows in all sources at once: in between some would be forgotten by which others are found. One that
     * was still unknown is cancelled: it can't be looked up any more.
     */
    public void erase(List<Rows> person, Instant at) {
        ledger.onConnection(c -> {
            for (Rows rows : person) {
                erase(c, rows, at);
            }
            return null;
        });
    }

    private static void erase(Connection c, Rows rows, Instant at) throws SQLException {
        Source source = rows.source();
        each(
                c,
                "UPDATE lead SET external_id = NULL, lead_id = NULL, content = NULL, phone = NULL, body = NULL,"
                        + " look_up_at = NULL, released = 0, reason = '" + ERASED + "',"
                        + " state = CASE WHEN state IN ('sending', 'unknown') THEN 'cancelled' ELSE state END"
                        + " WHERE source_id = ? AND row_no = ?",
                rows);
        each(c, "DELETE FROM call_outcome WHERE source_id = ? AND row_no = ?", rows);
        each(
                c,
                "UPDATE call SET source_id = NULL, row_no = NULL, seen = NULL, join_at = NULL, read_at = NULL"
                        + " WHERE source_id = ? AND row_no = ?",
                rows);
        try (PreparedStatement update = c.prepareStatement(
                "UPDATE source SET sha256 = coalesce(?, sha256) WHERE id = ? AND sha256 IS NOT NULL")) {
            update.setString(1, rows.sha256());
            update.setLong(2, source.id());
            update.executeUpdate();
        }
        Sources.markChanged(c, source.id(), at);
    }

    /**
     * Makes sure that calls which tell of the person, and wait for what their lead can tell, are not told any more.
     *
     * @return how many
     */
    public int eraseCalls(String outbound, Predicate<String> tells) {
        return ledger.onConnection(c -> {
            List<String> told = new ArrayList<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT call_id, seen FROM call WHERE outbound = ? AND seen IS NOT NULL")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (tells.test(row.getString(2))) {
                            told.add(row.getString(1));
                        }
                    }
                }
            }
            try (PreparedStatement update = c.prepareStatement("UPDATE call SET source_id = NULL, row_no = NULL,"
                    + " seen = NULL, join_at = NULL, read_at = NULL WHERE outbound = ? AND call_id = ?")) {
                for (String call : told) {
                    update.setString(1, outbound);
                    update.setString(2, call);
                    update.executeUpdate();
                }
            }
            return told.size();
        });
    }

    private static void each(Connection c, String sql, Rows rows) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            for (long row : rows.numbers()) {
                statement.setLong(1, rows.source().id());
                statement.setLong(2, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Drops the events of an outbound that wait or are kept and that tell of the person. @return how many */
    public int eraseEvents(String outbound, Predicate<String> tells) {
        return ledger.onConnection(c -> {
            List<Long> told = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT seq, json FROM event WHERE outbound = ?")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (tells.test(row.getString(2))) {
                            told.add(row.getLong(1));
                        }
                    }
                }
            }
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE seq = ?")) {
                for (long seq : told) {
                    delete.setLong(1, seq);
                    delete.executeUpdate();
                }
            }
            return told.size();
        });
    }
}
