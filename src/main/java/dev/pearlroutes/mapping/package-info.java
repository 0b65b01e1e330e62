/**
 * The translation of a row into a lead or a change, by the columns of the customer.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a row becomes a lead or a reason, never an exception; no reason quotes a cell.
 *   <li><b>May touch:</b> rows, model, config.
 *   <li><b>Words:</b> column (of the customer), field (of Add Lead), variable (of callData), target, template, constant.
 * </ul>
 */
package dev.pearlroutes.mapping;
