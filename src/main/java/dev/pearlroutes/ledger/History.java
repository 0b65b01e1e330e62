package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** How far a ledger's knowledge reaches, to be compared with the files beside it. */
public final class History {
    private final Ledger ledger;

    public History(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The number of the newest event ever recorded; it only grows. */
    public long lastEvent() {
        return ledger.onConnection(c -> {
            try (Statement statement = c.createStatement();
                    ResultSet row = statement.executeQuery("SELECT seq FROM sqlite_sequence WHERE name = 'event'")) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
    }

    /** Names of an outbound's lead files whose receipt the ledger knows of. */
    public Set<String> told(String outbound) {
        return ledger.onConnection(c -> {
            Set<String> names = new HashSet<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT name FROM source WHERE outbound = ? AND operation = 'add'"
                            + " AND finished_at IS NOT NULL")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
            }
            return names;
        });
    }

    /** Outbounds that are not among these and have unfinished files, unknown leads, or calls or events that wait. */
    public Set<String> leftBehind(Collection<String> configured) {
        return ledger.onConnection(c -> {
            Set<String> names = new TreeSet<>();
            try (PreparedStatement select = c.prepareStatement("SELECT outbound FROM ("
                    + "SELECT outbound FROM source WHERE state IN ('claimed', 'sending') AND queue IS NULL"
                    + " UNION SELECT outbound FROM lead WHERE state = 'unknown'"
                    + " UNION SELECT outbound FROM call WHERE join_at IS NOT NULL"
                    + " UNION SELECT p.outbound FROM sink_position p WHERE EXISTS (SELECT 1 FROM event e"
                    + " WHERE e.outbound = p.outbound AND e.seq > p.seq AND coalesce(e.sink, p.sink) = p.sink))"
                    + " WHERE outbound NOT IN (SELECT value FROM json_each(?))")) {
                select.setString(1, json(configured));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
            }
            return names;
        });
    }

    /** Names of outbounds as SQLite's {@code json_each} takes them; none of them has a character to be escaped. */
    static String json(Collection<String> outbounds) {
        return outbounds.stream().map(name -> '"' + name + '"').toList().toString();
    }

    /** What ended before this time the ledger need not know: it was purged, or a person has accepted the gap. */
    public Instant begins() {
        return ledger.onConnection(c -> {
            Instant purged = Meta.time(c, Meta.PURGED_BEFORE);
            Instant accepted = Meta.time(c, Meta.ACCEPTED_AT);
            return purged.isAfter(accepted) ? purged : accepted;
        });
    }

    /** A person accepts that the ledger may not know what ended before. Result files are taken as they are from here on. */
    public void accept(Instant at) {
        ledger.onConnection(c -> {
            Meta.putTime(c, Meta.ACCEPTED_AT, at);
            try (Statement statement = c.createStatement()) {
                return statement.executeUpdate("DELETE FROM sink_file");
            }
        });
    }
}
