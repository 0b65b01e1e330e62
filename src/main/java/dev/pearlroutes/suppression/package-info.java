/**
 * The do-not-call lists, checked before each request and afterwards.
 *
 * <ul>
 *   <li><b>Guarantees:</b> no request is made for a number on a list that could be read; an unreadable list stops its outbounds.
 *   <li><b>May touch:</b> recall, mapping, rows, files, nlpearl, and what these may touch.
 *   <li><b>Words:</b> list, number, prefix, suppressed.
 * </ul>
 */
package dev.pearlroutes.suppression;
