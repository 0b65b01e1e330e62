/**
 * The HTTP door: who may enter, requests with leads, questions and actions.
 *
 * <ul>
 *   <li><b>Guarantees:</b> nothing is read of a request that is not let in; a request with leads is durable before it is answered; no
 *       header of a request comes back in its answer.
 *   <li><b>May touch:</b> upkeep, and what that may touch.
 *   <li><b>Words:</b> door, page, request, problem, idempotency key.
 * </ul>
 */
package dev.pearlroutes.http;
