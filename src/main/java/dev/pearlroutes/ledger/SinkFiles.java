package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** How long the files of the file sink are when every delivered event is in them once. */
public final class SinkFiles {
    private final Ledger ledger;

    public SinkFiles(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The open files of an outbound by name, with the length up to which their events are known to be delivered. */
    public Map<String, Long> lengths(String outbound) {
        return ledger.onConnection(c -> {
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

    /** Notes how long a file is before the first events are appended to it. */
    public void open(String outbound, String name, long length) {
        ledger.onConnection(c -> {
            note(c, outbound, Map.of(name, length));
            return null;
        });
    }

    /** Forgets a file of an earlier day: nothing will be appended to it any more. */
    public void close(String outbound, String name) {
        ledger.onConnection(c -> {
            try (PreparedStatement delete =
                    c.prepareStatement("DELETE FROM sink_file WHERE outbound = ? AND name = ?")) {
                delete.setString(1, outbound);
                delete.setString(2, name);
                return delete.executeUpdate();
            }
        });
    }

    /** Joins the transaction in which the events of that length become delivered. */
    static void note(Connection connection, String outbound, Map<String, Long> lengths) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO sink_file (outbound, name, length)"
                + " VALUES (?, ?, ?) ON CONFLICT (outbound, name) DO UPDATE SET length = excluded.length")) {
            for (Map.Entry<String, Long> file : lengths.entrySet()) {
                upsert.setString(1, outbound);
                upsert.setString(2, file.getKey());
                upsert.setLong(3, file.getValue());
                upsert.executeUpdate();
            }
        }
    }
}
