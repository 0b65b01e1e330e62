package dev.pearlroutes.config;

import java.time.Duration;

/**
 * How a ledger on a database server is reached, and by which node. Where the ledger is a file the node alone has a meaning: mails name it.
 *
 * @param username null when there is none
 * @param password null when there is none
 * @param connections most that are open at the same time, besides one
 * @param lease how long the node that leads may act without having heard of the server, and a bit
 * @param node name of this process
 */
public record LedgerAccess(String username, Secret password, int connections, Duration lease, String node) {}
