package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Single values that the ledger keeps about itself, inside the caller's transaction. */
final class Meta {
    /** Key of {@link KeyedHash}, in hex. */
    static final String HASH_KEY = "hash-key";
    /** Sources that ended before this time (ms) may have been purged. */
    static final String PURGED_BEFORE = "purged-before";
    /** A person has confirmed at this time (ms) that the ledger may be older than the files beside it. */
    static final String ACCEPTED_AT = "accepted-at";

    private Meta() {}

    static Optional<String> get(Connection c, String name) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT value FROM meta WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** A time that only grows; the beginning of time when it was never set. */
    static Instant time(Connection c, String name) throws SQLException {
        return Instant.ofEpochMilli(get(c, name).map(Long::valueOf).orElse(0L));
    }

    static void putTime(Connection c, String name, Instant time) throws SQLException {
        if (time.isAfter(time(c, name))) {
            put(c, name, Long.toString(time.toEpochMilli()));
        }
    }

    static void put(Connection c, String name, String value) throws SQLException {
        try (PreparedStatement upsert = c.prepareStatement("INSERT INTO meta (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
            upsert.setString(1, name);
            upsert.setString(2, value);
            upsert.executeUpdate();
        }
    }
}
