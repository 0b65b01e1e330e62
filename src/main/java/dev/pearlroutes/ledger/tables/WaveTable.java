package dev.pearlroutes.ledger.tables;

import java.time.Instant;
import java.util.Optional;

/** Table {@code wave}: the waves in which leads are released. */
public final class WaveTable {
    private final Sql sql;

    public WaveTable(Sql sql) {
        this.sql = sql;
    }

    /** The last wave of an outbound. @param leads how many it has released */
    public record Wave(Instant began, int leads) {}

    /** Finds the last wave of an outbound. */
    public Optional<Wave> find(String outbound) {
        return sql.first(
                "SELECT began_at, leads FROM wave WHERE outbound = ?",
                row -> new Wave(row.time("began_at"), (int) row.number("leads")),
                outbound);
    }

    /** Stores the last wave of an outbound. */
    public void put(String outbound, Wave wave) {
        sql.update(
                "INSERT INTO wave (outbound, began_at, leads) VALUES (?, ?, ?)"
                        + " ON CONFLICT (outbound) DO UPDATE SET began_at = excluded.began_at, leads = excluded.leads",
                outbound,
                wave.began(),
                wave.leads());
    }

    /** Takes leads out of a wave, if it still is the last. One without leads is deleted: it has not begun. */
    public void takeBack(String outbound, Instant began, int leads) {
        sql.update(
                "UPDATE wave SET leads = max(0, leads - ?) WHERE outbound = ? AND began_at = ?",
                leads,
                outbound,
                began);
        sql.update("DELETE FROM wave WHERE outbound = ? AND leads = 0", outbound);
    }
}
