package dev.pearlroutes.ledger;

/** What tests of other packages change in a ledger from inside. */
public final class LedgerChanges {
    private LedgerChanges() {}

    /** Executes a statement in a transaction among the others. @return how many rows it changed */
    public static int change(Ledger ledger, String sql) {
        return ledger.transaction(tx -> tx.sql().update(sql));
    }
}
