/**
 * An in-process stand-in for the NLPearl v1 Outbound API: what the demo talks to, and the tests' fake with faults on demand.
 * It keeps everything in memory and calls nobody. Where the vendor's behaviour is unknown, {@link
 * dev.pearlroutes.sandbox.SandboxOptions} plays either side.
 */
package dev.pearlroutes.sandbox;
