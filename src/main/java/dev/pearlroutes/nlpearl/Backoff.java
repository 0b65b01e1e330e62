package dev.pearlroutes.nlpearl;

import java.time.Duration;

/**
 * How long to wait before something that failed is tried again: twice as long after each failure, up to a limit.
 *
 * @param first wait after the first failure
 * @param longest wait after many
 */
public record Backoff(Duration first, Duration longest) {
    /** More would not fit into a long. */
    private static final int MOST_DOUBLINGS = 30;

    /** @param failures in a row, from 1 on */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
