package dev.pearlroutes.nlpearl;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pause of the account that the API asks for by a 429. One episode of 429s is one pause, and one lesson for the rate. */
final class ThrottlePause {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottlePause.class);

    /** Pauses without a Retry-After: doubled while the API takes nothing, up to the longest. */
    private static final Backoff DEFAULT_PAUSES = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));

    private final Clock clock;
    private final AdaptiveRate rate;
    private Instant until = Instant.MIN;
    private int pausesInARow;

    ThrottlePause(Clock clock, AdaptiveRate rate) {
        this.clock = clock;
        this.rate = rate;
    }

    /** What remains of the pause; zero when there is none. */
    synchronized Duration remaining() {
        Duration remaining = Duration.between(clock.instant(), until);
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** Whether requests have to wait now. */
    synchronized boolean isOn() {
        return clock.instant().isBefore(until);
    }

    /** Takes in an answer other than a 429. */
    synchronized void onAnswer() {
        pausesInARow = 0;
        rate.onAnswer();
    }

    /** Takes in a 429. @param retryAfter null when it did not say */
    synchronized void onRateLimited(Duration retryAfter) {
        Instant now = clock.instant();
        boolean said = retryAfter != null && !retryAfter.isZero();
        // A 429 to a request that left before the pause belongs to the same episode.
        if (!now.isBefore(until)) {
            pausesInARow++;
            Duration wait = said ? retryAfter : DEFAULT_PAUSES.after(pausesInARow);
            rate.onRateLimited(wait);
            until = now.plus(wait);
            LOG.warn(
                    "The API asks for a pause (429): {} ms, then {} requests a second",
                    wait.toMillis(),
                    Math.round(rate.perSecond()));
        } else if (said && now.plus(retryAfter).isAfter(until)) {
            until = now.plus(retryAfter);
        }
    }
}
