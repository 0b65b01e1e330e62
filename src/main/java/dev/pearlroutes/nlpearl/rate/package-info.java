/**
 * The search for the rate that the server allows.
 *
 * <ul>
 *   <li><b>Guarantees:</b> the rate never exceeds the configured ceiling and falls at each refusal for the rate.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> rate (requests a second), curve, pause, probe, estimate.
 * </ul>
 */
package dev.pearlroutes.nlpearl.rate;
