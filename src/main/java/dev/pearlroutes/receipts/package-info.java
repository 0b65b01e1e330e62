/**
 * The files beside a finished file, each a projection of source and ledger.
 *
 * <ul>
 *   <li><b>Guarantees:</b> each file is written again whole from the ledger; the receipt is written last and its counts add up to
 *       the rows read; a finished file that is written on is not left alone.
 *   <li><b>May touch:</b> suppression, intake, ledger, events, files, and what these may touch.
 *   <li><b>Words:</b> receipt, result file, outcomes file, reply (the receipt of a message).
 * </ul>
 */
package dev.pearlroutes.receipts;
