package dev.pearlroutes.ledger;

import java.time.Duration;

/**
 * How a ledger on a database server is reached, and by which node.
 *
 * @param username null or empty where the server asks for none
 * @param connections most that this process has open at the same time, besides one
 * @param lease how long this process may act without having heard of the database
 * @param node name of this process among those of the ledger
 */
public record LedgerServer(String username, String password, int connections, Duration lease, String node) {
    /** Hides the password. */
    @Override
    public String toString() {
        return "node " + node;
    }
}
