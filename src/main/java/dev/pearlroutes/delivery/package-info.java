/**
 * The delivery of events to every sink, in order, once each where the sink allows it.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a position advances only when the sink has taken the event; a sink that fails holds up no other.
 *   <li><b>May touch:</b> ledger, events, files, config, nlpearl, and what these may touch.
 *   <li><b>Words:</b> sink, position, dead letter (refused for good), replay.
 * </ul>
 */
package dev.pearlroutes.delivery;
