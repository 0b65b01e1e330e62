/**
 * The intake of files and messages: claim, scan, resume after a crash.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a source is recorded before its file is moved, and finished once; a broken file is refused before
 *       anything of it is sent; rows that are added to a file after its scan are taken up, each once.
 *   <li><b>May touch:</b> ledger, files, mapping, rows, events, nlpearl (for {@code Shutdown}), and what these may touch.
 *   <li><b>Words:</b> claim, scan (first pass), source run, unfinished source, queue and place
 *       (of files that wait to be worked on), progress, grown (of a file to which rows were added).
 * </ul>
 */
package dev.pearlroutes.intake;
