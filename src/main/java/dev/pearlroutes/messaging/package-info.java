/**
 * The JMS channel adapters: broker, consumers, message bodies, gateway.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a message is acknowledged only when each of its rows has an outcome; no object of a message is opened.
 *   <li><b>May touch:</b> approval, intake, receipts, config, and what these may touch.
 *   <li><b>Words:</b> broker, queue, message group, dead letter, gateway.
 * </ul>
 */
package dev.pearlroutes.messaging;
