package dev.pearlroutes.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** A token bucket; the vendor's own limit, window and Retry-After are unknown. */
public final class RateLimit {
    /** How a 429 says when to come back. */
    public enum RetryAfter {
        SECONDS,
        HTTP_DATE,
        NONE
    }

    private final double perSecond;
    private final int burst;
    private final RetryAfter style;
    private final InstantSource clock;
    private double tokens;
    private Instant filled;

    RateLimit(double perSecond, int burst, RetryAfter style, InstantSource clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.style = style;
        this.clock = clock;
        this.tokens = burst;
        this.filled = clock.instant();
    }

    /** Null when the request may pass, else the 429. */
    synchronized Answer refusal() {
        Instant now = clock.instant();
        tokens = Math.min(
                burst, tokens + perSecond * Duration.between(filled, now).toNanos() / 1e9);
        filled = now;
        if (tokens >= 1) {
            tokens--;
            return null;
        }
        long seconds = Math.max(1, (long) Math.ceil((1 - tokens) / perSecond));
        Map<String, String> headers = switch (style) {
            case SECONDS -> Map.of("Retry-After", Long.toString(seconds));
            // The date has whole seconds: one more, so that it does not lie in the past.
            case HTTP_DATE ->
                Map.of(
                        "Retry-After",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                now.plusSeconds(seconds + 1).atOffset(ZoneOffset.UTC)));
            case NONE -> Map.of();
        };
        return new Answer(429, headers, new byte[0]);
    }
}
