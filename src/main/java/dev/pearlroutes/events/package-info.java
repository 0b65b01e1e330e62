/**
 * The CloudEvents of the contract, as JSON and as CSV.
 *
 * <ul>
 *   <li><b>Guarantees:</b> the same fact has the same event id however often it is made; absent members mean unknown.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> event, stream ({@code leads} or {@code calls}), envelope, data.
 * </ul>
 */
package dev.pearlroutes.events;
