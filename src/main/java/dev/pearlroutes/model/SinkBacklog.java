package dev.pearlroutes.model;

import java.time.Instant;

/**
 * What waits in the outbox for one sink of one outbound.
 *
 * @param waiting events that it has not taken yet
 * @param oldest when the oldest of them was recorded; null when none waits
 */
public record SinkBacklog(String outbound, String sink, long waiting, Instant oldest) {}
