/**
 * The types that every room speaks of: plain records and enums, no I/O, no logger.
 *
 * <ul>
 *   <li><b>Guarantees:</b> all are immutable; no {@code toString} shows a phone number, a name or a body.
 *   <li><b>May touch:</b> nothing.
 *   <li><b>Words:</b> source (a file or message), row, lead, outcome, call, event.
 * </ul>
 */
package dev.pearlroutes.model;
