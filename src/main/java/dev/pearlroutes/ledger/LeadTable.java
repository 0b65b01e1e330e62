package dev.pearlroutes.ledger;

/** Table {@code lead}: the rows of sources, and their leads. */
public final class LeadTable {
    private final Sql sql;
    private final KeyedHash keyedHash;

    LeadTable(Sql sql, KeyedHash keyedHash) {
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
