/**
 * The one database: a transaction that speaks in tables. It decides nothing.
 *
 * <ul>
 *   <li><b>Guarantees:</b> what a transaction writes is on disk when it returns; {@code Connection} does not leave this room.
 *   <li><b>May touch:</b> model, files.
 *   <li><b>Words:</b> ledger, transaction, table, cursor, outbox, group commit.
 * </ul>
 */
package dev.pearlroutes.ledger;
