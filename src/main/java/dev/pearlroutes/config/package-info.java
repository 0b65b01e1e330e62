/**
 * All settings, read and checked before anything starts.
 *
 * <ul>
 *   <li><b>Guarantees:</b> no route starts on a configuration that is wrong; no message and no log line holds a value.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> key (name, default, bounds), outbound, secret, settings (the checked whole).
 * </ul>
 */
package dev.pearlroutes.config;
