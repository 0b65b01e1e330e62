/**
 * The tables of the ledger: what is stored, one class for each table that is written. It decides nothing.
 *
 * <ul>
 *   <li><b>Guarantees:</b> each column is written by one class; what only one database knows is named as that engine's own.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> row, intent, generation, outdated file, position.
 * </ul>
 */
package dev.pearlroutes.ledger.tables;
