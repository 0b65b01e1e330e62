/**
 * The stand-in for the API: what the demo talks to, and the tests' server with faults on demand.
 *
 * <ul>
 *   <li><b>Guarantees:</b> it keeps everything in memory and calls nobody; where the vendor's behaviour is unknown, {@link
 *       dev.pearlroutes.sandbox.SandboxOptions} plays either side.
 *   <li><b>May touch:</b> nothing.
 *   <li><b>Words:</b> store, fault, simulated call, observation.
 * </ul>
 */
package dev.pearlroutes.sandbox;
