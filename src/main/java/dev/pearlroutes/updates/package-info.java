/**
 * Update Lead and Get Lead for the rows of a source.
 *
 * <ul>
 *   <li><b>Guarantees:</b> rows of one lead are worked on in their order; a request may be repeated without harm.
 *   <li><b>May touch:</b> sending, intake, mapping, ledger, events, nlpearl, and what these may touch.
 *   <li><b>Words:</b> change, look-up, query, known lead.
 * </ul>
 */
package dev.pearlroutes.updates;
