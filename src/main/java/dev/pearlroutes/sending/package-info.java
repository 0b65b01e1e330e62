/**
 * The sending of leads: durable intents out, answers in, unknown leads settled.
 *
 * <ul>
 *   <li><b>Guarantees:</b> an intent is on disk before its request; one intent is one request; unknown is looked up before
 *       anything is sent again.
 *   <li><b>May touch:</b> suppression, recall, intake, mapping, ledger, events, nlpearl, and what these may touch.
 *   <li><b>Words:</b> intent, batch, duplicate, unknown, look-up, control look-up, wave.
 * </ul>
 */
package dev.pearlroutes.sending;
