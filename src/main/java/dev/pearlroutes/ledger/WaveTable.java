package dev.pearlroutes.ledger;

/** Table {@code wave}: the waves in which leads are released. */
public final class WaveTable {
    private final Sql sql;

    WaveTable(Sql sql) {
        this.sql = sql;
    }

    Sql sql() {
        return sql;
    }
}
