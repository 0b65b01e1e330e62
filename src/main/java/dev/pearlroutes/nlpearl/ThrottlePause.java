package dev.pearlroutes.nlpearl;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pause of the account that the API asks for by a 429. An episode of 429s is one pause, and one lesson for the rate. */
final class ThrottlePause {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottlePause.class);

    /** Where the API does not say for how long: doubled while it takes nothing, up to the longest. */
    private static final Backoff UNASKED = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));

    private final Clock clock;
    private final AdaptiveRate rate;
    private Instant until = Instant.MIN;
    private int unanswered;

    ThrottlePause(Clock clock, AdaptiveRate rate) {
        this.clock = clock;
        this.rate = rate;
    }

    /** What remains of the pause; zero when there is none. */
    synchronized Duration remaining() {
        Duration remaining = Duration.between(clock.instant(), until);
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** Whether the API wants to be left alone now. */
    synchronized boolean isOn() {
        return clock.instant().isBefore(until);
    }

    /** The API answered a request, and not by a 429. */
    synchronized void answered() {
        unanswered = 0;
        rate.answered();
    }

    /** The API answered a request by a 429. @param asked null when it did not say for how long */
    synchronized void limited(Duration asked) {
        Instant now = clock.instant();
        boolean said = asked != null && !asked.isZero();
        // Answers to requests that were on their way before the pause are part of the same episode.
        if (!now.isBefore(until)) {
            unanswered++;
            Duration wait = said ? asked : UNASKED.after(unanswered);
            rate.limited(wait);
            until = now.plus(wait);
            LOG.warn(
                    "The API asks for a pause (429): {} ms, then {} requests a second",
                    wait.toMillis(),
                    Math.round(rate.perSecond()));
        } else if (said && now.plus(asked).isAfter(until)) {
            until = now.plus(asked);
        }
    }
}
