package dev.pearlroutes.ledger;

/** Table {@code call_outcome}: what came of the calls to each row. */
public final class CallOutcomeTable {
    private final Sql sql;

    CallOutcomeTable(Sql sql) {
        this.sql = sql;
    }

    Sql sql() {
        return sql;
    }
}
