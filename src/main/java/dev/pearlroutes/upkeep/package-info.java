/**
 * The commands that a person runs on the ledger beside the program.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a command that cannot do all it was asked says so and has a code of its own; a backup never replaces a
 *       file.
 *   <li><b>May touch:</b> every room but app and sandbox.
 *   <li><b>Words:</b> backup, check, story, erase, export, hold, accept.
 * </ul>
 */
package dev.pearlroutes.upkeep;
