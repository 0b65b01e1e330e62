/**
 * The data folder, and file operations that survive a power cut.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a file that this room writes or moves appears whole or not at all; no path is made from the content of
 *       a file.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> drop (a file that a person put down), control file ({@code F.cancel}), quiet (seen unchanged for a
 *       while), draft (a file being written aside), sync.
 * </ul>
 */
package dev.pearlroutes.files;
