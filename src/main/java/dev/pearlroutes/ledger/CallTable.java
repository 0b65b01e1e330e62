package dev.pearlroutes.ledger;

/** Table {@code call}: the calls as last seen. */
public final class CallTable {
    private final Sql sql;
    private final KeyedHash keyedHash;

    CallTable(Sql sql, KeyedHash keyedHash) {
        this.sql = sql;
        this.keyedHash = keyedHash;
    }

    Sql sql() {
        return sql;
    }

    KeyedHash keyedHash() {
        return keyedHash;
    }
}
