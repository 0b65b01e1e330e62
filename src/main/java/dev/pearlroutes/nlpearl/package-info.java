/**
 * The one door to the API: paths, credentials, throttle, circuit breakers, the account, and the meaning of an answer.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a request is sent once, and only a trial call while a circuit is open; no credentials reach a log.
 *   <li><b>May touch:</b> model.
 *   <li><b>Words:</b> answer, circuit (closed, open, half open, forced open), trial, throttle, ambiguous refusal, hold (of Add Lead
 *       alone), account.
 * </ul>
 */
package dev.pearlroutes.nlpearl;
