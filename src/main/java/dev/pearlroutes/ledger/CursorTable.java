package dev.pearlroutes.ledger;

/** Tables {@code cursor}, {@code silence} and {@code clock_jump}: how far calls were read and leads were watched. */
public final class CursorTable {
    private final Sql sql;

    CursorTable(Sql sql) {
        this.sql = sql;
    }

    Sql sql() {
        return sql;
    }
}
