/**
 * The pausing and cancelling of files, and the stopping of leads that were sent.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a cancelled file sends no further row, a paused one none before it is resumed; each lead that was sent
 *       is stopped by an update that is itself a source.
 *   <li><b>May touch:</b> intake, ledger, files, nlpearl, and what these may touch.
 *   <li><b>Words:</b> pause (send no more for now), cancel (send no more), recall (also stop what was sent), stop request,
 *       control file.
 * </ul>
 */
package dev.pearlroutes.recall;
