package dev.pearlroutes.calls;

/**
 * A call that was not final when it was read last, and started before the window of the search.
 *
 * @param path of its Get Call below the API's base address
 */
public record OpenCall(String outbound, String callId, String path) {}
