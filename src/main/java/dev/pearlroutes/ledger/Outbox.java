package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The transactional outbox and how far each sink has read it. An event is dropped once every sink of its outbound has it,
 * since the events are the one place of the ledger that holds numbers in the clear.
 */
public final class Outbox {
    private final Ledger ledger;

    public Outbox(Ledger ledger) {
        this.ledger = ledger;
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
        ledger.transaction(c -> {
            append(c, List.of(event), sink);
            return null;
        });
    }

    /**
     * Registers the sinks an outbound has now. A new sink begins where the slowest of the former ones is; a sink that was
     * taken out of the configuration holds up no other any more.
     */
    public void register(String outbound, List<String> sinks) {
        String names = sinks.stream().map(s -> '"' + s + '"').toList().toString();
        ledger.transaction(c -> {
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO sink_position (outbound, sink, seq)"
                    + " SELECT ?, value, (SELECT coalesce(min(seq), 0) FROM sink_position WHERE outbound = ?)"
                    + " FROM json_each(?) WHERE true ON CONFLICT DO NOTHING")) {
                insert.setString(1, outbound);
                insert.setString(2, outbound);
                insert.setString(3, names);
                insert.executeUpdate();
            }
            for (String table : List.of("sink_position", "event")) {
                try (PreparedStatement delete = c.prepareStatement("DELETE FROM " + table
                        + " WHERE outbound = ? AND sink NOT IN (SELECT value FROM json_each(?))")) {
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
        return ledger.transaction(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT seq, outbound, stream, json FROM event"
                    + " WHERE outbound = ? AND seq > (SELECT seq FROM sink_position WHERE outbound = ? AND sink = ?)"
                    + " AND (sink IS NULL OR sink = ?) ORDER BY seq LIMIT ?")) {
                select.setString(1, outbound);
                select.setString(2, outbound);
                select.setString(3, sink);
                select.setString(4, sink);
                select.setInt(5, most);
                return read(select);
            }
        });
    }

    /**
     * Moves a sink's position behind what it has taken and drops what every sink has.
     *
     * @param files for the file sink: the length of each of its open files with these events in it; else empty
     */
    public void delivered(String outbound, String sink, long seq, Map<String, Long> files) {
        ledger.transaction(c -> {
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

    private static void drop(Connection c, String outbound, String sink, long seq) throws SQLException {
        try (PreparedStatement delete =
                c.prepareStatement("DELETE FROM event WHERE outbound = ? AND sink = ? AND seq <= ?")) {
            delete.setString(1, outbound);
            delete.setString(2, sink);
            delete.setLong(3, seq);
            delete.executeUpdate();
        }
        try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE outbound = ? AND sink IS NULL"
                + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?)")) {
            delete.setString(1, outbound);
            delete.setString(2, outbound);
            delete.executeUpdate();
        }
    }

    /** What waits for each sink of each outbound that is or was configured. */
    public List<SinkBacklog> backlogs() {
        return ledger.transaction(c -> {
            List<SinkBacklog> backlogs = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT p.outbound, p.sink, count(e.seq), min(e.at)"
                            + " FROM sink_position p LEFT JOIN event e ON e.outbound = p.outbound AND e.seq > p.seq"
                            + " AND (e.sink IS NULL OR e.sink = p.sink)"
                            + " GROUP BY p.outbound, p.sink ORDER BY p.outbound, p.sink");
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
