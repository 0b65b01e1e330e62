/**
 * The rows of a file or message, read in constant memory, and workbooks written as they are read; this room knows no leads.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a source is read whole or reported as unreadable, never in part; no message quotes content.
 *   <li><b>May touch:</b> nothing.
 *   <li><b>Words:</b> row (one record), column, cell, problem (why one row cannot be used).
 * </ul>
 */
package dev.pearlroutes.rows;
