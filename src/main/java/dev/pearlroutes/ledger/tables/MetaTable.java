package dev.pearlroutes.ledger.tables;

import java.time.Instant;
import java.util.List;
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

    private static final String PAUSED_OUTBOUND = "paused-outbound/";
    private static final String PAUSED_SOURCE = "paused-source/";

    /** Condition on a row of {@code source}: its leads, or all of its outbound, are paused. */
    static final String SOURCE_IS_PAUSED = "operation = 'add' AND EXISTS (SELECT 1 FROM meta WHERE name IN ('"
            + PAUSED_SOURCE + "' || source.id, '" + PAUSED_OUTBOUND + "' || source.outbound))";

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

    /** Pauses the leads of an outbound until {@link #resume(String)}. */
    public void pause(String outbound, Instant at) {
        put(PAUSED_OUTBOUND + outbound, Long.toString(at.toEpochMilli()));
    }

    /** Pauses the leads of a source until {@link #resume(long)}. */
    public void pause(long sourceId, Instant at) {
        put(PAUSED_SOURCE + sourceId, Long.toString(at.toEpochMilli()));
    }

    /** Ends the pause of an outbound. @return whether there was one */
    public boolean resume(String outbound) {
        return remove(PAUSED_OUTBOUND + outbound);
    }

    /** Ends the pause of a source. @return whether there was one */
    public boolean resume(long sourceId) {
        return remove(PAUSED_SOURCE + sourceId);
    }

    /** Lists the paused outbounds. */
    public List<String> pausedOutbounds() {
        return behind(PAUSED_OUTBOUND);
    }

    /** Lists the numbers of the paused sources, oldest first. */
    public List<Long> pausedSources() {
        return behind(PAUSED_SOURCE).stream().map(Long::valueOf).sorted().toList();
    }

    /** Removes a value. @return whether there was one */
    public boolean remove(String name) {
        return sql.update("DELETE FROM meta WHERE name = ?", name) == 1;
    }

    /** Lists what stands behind the beginning of a name. @param beginning ends in a slash, which 0 follows */
    private List<String> behind(String beginning) {
        String last = beginning.substring(0, beginning.length() - 1) + '0';
        return sql.list(
                "SELECT substr(name, ?) FROM meta WHERE name > ? AND name < ?",
                row -> row.text(1),
                beginning.length() + 1,
                beginning,
                last);
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
