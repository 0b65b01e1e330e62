package dev.pearlroutes.delivery;

import java.time.Instant;

/**
 * How it stands with one sink of one outbound.
 *
 * @param waiting events that it has not taken yet
 * @param oldest when the oldest of them was recorded; null when none waits
 * @param reason why it does not take them, for people; null while nothing is wrong
 * @param stopped whether it stays so until a person acts
 */
public record SinkReport(String outbound, String sink, long waiting, Instant oldest, String reason, boolean stopped) {}
