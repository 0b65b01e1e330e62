package dev.pearlroutes.nlpearl;

import java.time.Duration;

/**
 * The waits before something that failed is tried again: doubled after each failure, up to a limit.
 *
 * @param first wait after the first failure
 * @param longest limit of the wait
 */
public record Backoff(Duration first, Duration longest) {
    /** Doublings at the most: more would overflow a long. */
    private static final int MAX_DOUBLINGS = 30;

    /** Returns the wait. @param failures in a row, from 1 on */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
