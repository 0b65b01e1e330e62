/**
 * The reading of calls: pages, joins to leads, and the watch for leads without a call.
 *
 * <ul>
 *   <li><b>Guarantees:</b> the cursor is saved last, after every call before it is recorded; a call that is not final is read
 *       again.
 *   <li><b>May touch:</b> ledger, events, nlpearl, config, and what these may touch.
 *   <li><b>Words:</b> call, window, page, cursor, lookback, join, revision, final, silent lead.
 * </ul>
 */
package dev.pearlroutes.calls;
