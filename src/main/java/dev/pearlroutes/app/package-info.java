/**
 * The program put together: it starts, wires and watches.
 *
 * <ul>
 *   <li><b>Guarantees:</b> it decides nothing about leads; a start that fails leaves nothing open.
 *   <li><b>May touch:</b> every room; no room touches it.
 *   <li><b>Words:</b> module, template, health check, metric, extension route.
 * </ul>
 */
package dev.pearlroutes.app;
