package dev.pearlroutes.ledger.tables;

import java.time.Instant;
import java.util.Optional;

/** Table {@code meta}: single values that the ledger keeps about itself. */
public final class MetaTable {
    /** Key of {@link KeyedHash}, in hex. */
    public static final String HASH_KEY = "hash-key";

    /** How many processes have begun to send by this ledger. */
    public static final String STARTS = "starts";

    /** Sources that ended before this time may have been purged. */
    private static final String PURGED_BEFORE = "purged-before";

    /** At this time a person confirmed that the ledger may be older than the files beside it. */
    private static final String ACCEPTED_AT = "accepted-at";

    private final Sql sql;

    public MetaTable(Sql sql) {
        this.sql = sql;
    }

    public Optional<String> get(String name) {
        return sql.first("SELECT value FROM meta WHERE name = ?", row -> row.text(1), name);
    }

    public void put(String name, String value) {
        sql.update(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                name,
                value);
    }

    /** Answers from when on the ledger knows all that ended: the rest was purged, or a person has accepted the gap. */
    public Instant begins() {
        Instant purged = time(PURGED_BEFORE);
        Instant accepted = time(ACCEPTED_AT);
        return purged.isAfter(accepted) ? purged : accepted;
    }

    /** Notes that sources which ended before this time may be purged. */
    public void purgedBefore(Instant time) {
        putTime(PURGED_BEFORE, time);
    }

    /** Notes that a person accepts the gap before this time. */
    public void acceptedAt(Instant time) {
        putTime(ACCEPTED_AT, time);
    }

    /** Reads a time that only grows; the beginning of time when it was never set. */
    private Instant time(String name) {
        return Instant.ofEpochMilli(get(name).map(Long::valueOf).orElse(0L));
    }

    private void putTime(String name, Instant time) {
        if (time.isAfter(time(name))) {
            put(name, Long.toString(time.toEpochMilli()));
        }
    }
}
