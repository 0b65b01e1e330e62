package dev.pearlroutes.ledger;

/** Tables {@code sink_position} and {@code sink_file}: how far each sink has taken the events. */
public final class SinkTable {
    private final Sql sql;

    SinkTable(Sql sql) {
        this.sql = sql;
    }

    Sql sql() {
        return sql;
    }
}
