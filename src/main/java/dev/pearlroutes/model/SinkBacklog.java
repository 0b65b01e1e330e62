package dev.pearlroutes.model;

import java.time.Instant;

/**
 * The events that wait in the outbox for one sink of one outbound.
 *
 * @param waiting number of events that it has not taken yet
 * @param oldest time at which the oldest of them was recorded; null when none waits
 */
public record SinkBacklog(String outbound, String sink, long waiting, Instant oldest) {}
