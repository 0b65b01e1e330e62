package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.SinkBacklog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The transactional outbox and how far each sink has read it. An event that every sink of its outbound has is kept for a
 * while, to be replayed, and then dropped: the events are the one place of the ledger that holds numbers in the clear.
 */
public final class Outbox {
    /** Events of one transaction where there may be very many. */
    private static final int CHUNK = 10_000;

    private final Ledger ledger;
    private final Duration kept;

    /** @param kept how long an event is kept that every sink has; zero: dropped at once, and nothing can be replayed */
    public Outbox(Ledger ledger, Duration kept) {
        this.ledger = ledger;
        this.kept = kept;
    }

    /** Joins the caller's transaction: outcome and event are durable together or not at all. */
    static void append(Connection connection, List<Event> events) throws SQLException {
        append(connection, events, null);
    }

    private static void append(Connection connection, List<Event> events, String sink) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO event (outbound, stream, json, at, sink) VALUES (?, ?, ?, ?, ?)")) {
            for (Event event : events) {
                insert.setString(1, event.outbound());
                insert.setString(2, event.stream());
                insert.setString(3, event.json());
                insert.setLong(4, System.currentTimeMillis());
                insert.setString(5, sink);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Lets one sink have an event once more, behind what waits for it already. */
    public void appendFor(String sink, Event event) {
        ledger.onConnection(c -> {
            append(c, List.of(event), sink);
            return null;
        });
    }

    /**
     * Lets one sink have the events once more that were recorded in a time and that it had before. In several transactions: a
     * crash between them leaves some to come twice when it is begun again.
     *
     * @param end the first instant that does not belong to the time
     * @return how many
     */
    public long replay(String outbound, String sink, Instant from, Instant end) {
        long last = ledger.onConnection(c -> position(c, outbound, sink));
        long count = 0;
        for (long first = oldest(outbound, from); first <= last; first += CHUNK) {
            long begin = first;
            long chunkEnd = Math.min(last, first + CHUNK - 1);
            count += ledger.onConnection(c -> {
                try (PreparedStatement insert =
                        c.prepareStatement("INSERT INTO event (outbound, stream, json, at, sink)"
                                + " SELECT outbound, stream, json, ?, ? FROM event WHERE outbound = ? AND sink IS NULL"
                                + " AND seq BETWEEN ? AND ? AND at >= ? AND at < ? ORDER BY seq")) {
                    insert.setLong(1, System.currentTimeMillis());
                    insert.setString(2, sink);
                    insert.setString(3, outbound);
                    insert.setLong(4, begin);
                    insert.setLong(5, chunkEnd);
                    insert.setLong(6, from.toEpochMilli());
                    insert.setLong(7, end.toEpochMilli());
                    return insert.executeUpdate();
                }
            });
        }
        return count;
    }

    private static long position(Connection c, String outbound, String sink) throws SQLException {
        try (PreparedStatement select =
                c.prepareStatement("SELECT seq FROM sink_position WHERE outbound = ? AND sink = ?")) {
            select.setString(1, outbound);
            select.setString(2, sink);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /** The first event recorded from then on; the highest number of all when there is none. */
    private long oldest(String outbound, Instant from) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT min(seq) FROM event WHERE outbound = ? AND sink IS NULL AND at >= ?")) {
                select.setString(1, outbound);
                select.setLong(2, from.toEpochMilli());
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    long seq = row.getLong(1);
                    return row.wasNull() ? Long.MAX_VALUE : seq;
                }
            }
        });
    }

    /**
     * Registers the sinks an outbound has now. A new sink begins where the slowest of the former ones is; a sink that was
     * taken out of the configuration holds up no other any more.
     */
    public void register(String outbound, List<String> sinks) {
        String names = sinks.stream().map(s -> '"' + s + '"').toList().toString();
        ledger.onConnection(c -> {
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO sink_position (outbound, sink, seq)"
                    + " SELECT ?, value, (SELECT coalesce(min(seq), 0) FROM sink_position WHERE outbound = ?)"
                    + " FROM json_each(?) WHERE true ON CONFLICT DO NOTHING")) {
                insert.setString(1, outbound);
                insert.setString(2, outbound);
                insert.setString(3, names);
                insert.executeUpdate();
            }
            for (String table : List.of("sink_position", "event")) {
                try (PreparedStatement delete = c.prepareStatement(
                        "DELETE FROM " + table
                                + " WHERE outbound = ? AND sink IS NOT NULL AND sink NOT IN (SELECT value FROM json_each(?))")) {
                    delete.setString(1, outbound);
                    delete.setString(2, names);
                    delete.executeUpdate();
                }
            }
            return null;
        });
    }

    /** The next events for a sink, oldest first; empty when it has all. */
    public List<Event> next(String outbound, String sink, int most) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT * FROM (" + after("sink IS NULL")
                    + ") UNION ALL SELECT * FROM (" + after("sink = ?2") + ") ORDER BY seq LIMIT ?3")) {
                select.setString(1, outbound);
                select.setString(2, sink);
                select.setInt(3, most);
                return read(select);
            }
        });
    }

    private static String after(String whose) {
        return "SELECT seq, outbound, stream, json FROM event WHERE outbound = ?1 AND " + whose
                + " AND seq > (SELECT seq FROM sink_position WHERE outbound = ?1 AND sink = ?2) ORDER BY seq LIMIT ?3";
    }

    /**
     * Moves a sink's position behind what it has taken and drops what every sink has.
     *
     * @param files for the file sink: the length of each of its open files with these events in it; else empty
     */
    public void delivered(String outbound, String sink, long seq, Map<String, Long> files) {
        ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE sink_position SET seq = ? WHERE outbound = ? AND sink = ?")) {
                update.setLong(1, seq);
                update.setString(2, outbound);
                update.setString(3, sink);
                update.executeUpdate();
            }
            SinkFiles.note(c, outbound, files);
            drop(c, outbound, sink, seq);
            return null;
        });
    }

    private void drop(Connection c, String outbound, String sink, long seq) throws SQLException {
        try (PreparedStatement delete =
                c.prepareStatement("DELETE FROM event WHERE outbound = ? AND sink = ? AND seq <= ?")) {
            delete.setString(1, outbound);
            delete.setString(2, sink);
            delete.setLong(3, seq);
            delete.executeUpdate();
        }
        if (kept.isZero()) {
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE outbound = ? AND sink IS NULL"
                    + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?)")) {
                delete.setString(1, outbound);
                delete.setString(2, outbound);
                delete.executeUpdate();
            }
        }
    }

    /** Drops what every sink has and is kept long enough. */
    public void purge() {
        for (String outbound : outbounds()) {
            while (ledger.onConnection(c -> purge(c, outbound)) == CHUNK) {
                // Others get the ledger between two chunks.
            }
        }
    }

    private List<String> outbounds() {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT DISTINCT outbound FROM sink_position");
                    ResultSet row = select.executeQuery()) {
                List<String> outbounds = new ArrayList<>();
                while (row.next()) {
                    outbounds.add(row.getString(1));
                }
                return outbounds;
            }
        });
    }

    private int purge(Connection c, String outbound) throws SQLException {
        try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE outbound = ? AND sink IS NULL"
                + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?) AND seq IN (SELECT seq FROM event"
                + " WHERE outbound = ? AND sink IS NULL AND at <= ? ORDER BY at LIMIT ?)")) {
            delete.setString(1, outbound);
            delete.setString(2, outbound);
            delete.setString(3, outbound);
            delete.setLong(4, System.currentTimeMillis() - kept.toMillis());
            delete.setInt(5, CHUNK);
            return delete.executeUpdate();
        }
    }

    /** What waits for each sink of each outbound that is or was configured. */
    public List<SinkBacklog> backlogs() {
        return ledger.onConnection(c -> {
            List<SinkBacklog> backlogs = new ArrayList<>();
            // By indexes alone, and each sum of one of its own.
            try (PreparedStatement select = c.prepareStatement("SELECT outbound, sink, sum(waiting), min(oldest) FROM ("
                            + "SELECT p.outbound, p.sink, count(e.seq) AS waiting, min(e.at) AS oldest FROM sink_position p"
                            + " LEFT JOIN event e ON e.outbound = p.outbound AND e.sink IS NULL AND e.seq > p.seq"
                            + " GROUP BY p.outbound, p.sink UNION ALL"
                            + " SELECT p.outbound, p.sink, count(e.seq), min(e.at) FROM sink_position p"
                            + " LEFT JOIN event e ON e.outbound = p.outbound AND e.sink = p.sink AND e.seq > p.seq"
                            + " GROUP BY p.outbound, p.sink) GROUP BY outbound, sink ORDER BY outbound, sink");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Instant oldest = row.getLong(3) == 0 ? null : Instant.ofEpochMilli(row.getLong(4));
                    backlogs.add(new SinkBacklog(row.getString(1), row.getString(2), row.getLong(3), oldest));
                }
            }
            return backlogs;
        });
    }

    private static List<Event> read(PreparedStatement statement) throws SQLException {
        List<Event> events = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                events.add(new Event(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)));
            }
        }
        return events;
    }
}
