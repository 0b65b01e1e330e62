package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
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
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO event (outbound, stream, json) VALUES (?, ?, ?)")) {
            for (Event event : events) {
                insert.setString(1, event.outbound());
                insert.setString(2, event.stream());
                insert.setString(3, event.json());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Registers the sinks an outbound has now. A new sink begins at the oldest event still kept; a sink that was taken out
     * of the configuration holds up no other any more.
     */
    public void register(String outbound, List<String> sinks) {
        ledger.transaction(c -> {
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM sink_position WHERE outbound = ? AND sink"
                    + " NOT IN (SELECT value FROM json_each(?))")) {
                delete.setString(1, outbound);
                delete.setString(
                        2, sinks.stream().map(s -> '"' + s + '"').toList().toString());
                delete.executeUpdate();
            }
            try (PreparedStatement insert = c.prepareStatement(
                    "INSERT INTO sink_position (outbound, sink, seq)" + " VALUES (?, ?, 0) ON CONFLICT DO NOTHING")) {
                for (String sink : sinks) {
                    insert.setString(1, outbound);
                    insert.setString(2, sink);
                    insert.executeUpdate();
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
                    + " ORDER BY seq LIMIT ?")) {
                select.setString(1, outbound);
                select.setString(2, outbound);
                select.setString(3, sink);
                select.setInt(4, most);
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
            try (PreparedStatement upsert = c.prepareStatement("INSERT INTO sink_file (outbound, name, length)"
                    + " VALUES (?, ?, ?) ON CONFLICT (outbound, name) DO UPDATE SET length = excluded.length")) {
                for (Map.Entry<String, Long> file : files.entrySet()) {
                    upsert.setString(1, outbound);
                    upsert.setString(2, file.getKey());
                    upsert.setLong(3, file.getValue());
                    upsert.executeUpdate();
                }
            }
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE outbound = ?"
                    + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?)")) {
                delete.setString(1, outbound);
                delete.setString(2, outbound);
                delete.executeUpdate();
            }
            return null;
        });
    }

    /** The file sink's files by name, with the length up to which their events are known to be delivered. */
    public Map<String, Long> fileLengths(String outbound) {
        return ledger.transaction(c -> {
            Map<String, Long> lengths = new HashMap<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT name, length FROM sink_file WHERE outbound = ?")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        lengths.put(row.getString(1), row.getLong(2));
                    }
                }
            }
            return lengths;
        });
    }

    /** Notes how long a file of the file sink is before the first events are appended to it. */
    public void openFile(String outbound, String name, long length) {
        ledger.transaction(c -> {
            try (PreparedStatement upsert = c.prepareStatement("INSERT INTO sink_file (outbound, name, length)"
                    + " VALUES (?, ?, ?) ON CONFLICT (outbound, name) DO UPDATE SET length = excluded.length")) {
                upsert.setString(1, outbound);
                upsert.setString(2, name);
                upsert.setLong(3, length);
                return upsert.executeUpdate();
            }
        });
    }

    /** Forgets a file of an earlier day: nothing will be appended to it any more. */
    public void closeFile(String outbound, String name) {
        ledger.transaction(c -> {
            try (PreparedStatement delete =
                    c.prepareStatement("DELETE FROM sink_file WHERE outbound = ? AND name = ?")) {
                delete.setString(1, outbound);
                delete.setString(2, name);
                return delete.executeUpdate();
            }
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
