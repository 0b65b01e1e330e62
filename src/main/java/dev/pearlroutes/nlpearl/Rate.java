package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds the API's own limit below the configured ceiling, by multiplicative decrease and slow increase. The vendor documents no
 * limit [?], so it is learned from the 429s. One episode of them, whatever many requests it refused, is one lesson.
 */
public final class Rate {
    /** Tried first when a 429 comes and nothing is known: low enough to be refused seldom, soon doubled when it is too low. */
    private static final double FIRST_TRY = 50;

    private static final double FIRST_GROWTH = 0.15;

    /** Where what was answered between two episodes comes so near to the rate, it is the limit itself. */
    private static final double KNOWN = 0.93;

    private static final double BELOW_THE_LIMIT = 0.99;

    /** With each episode a smaller step back, a slower growth, a longer rest before it. */
    private static final double[] STEPS_BACK = {0.90, 0.95, 0.97};

    private static final double[] GROWTHS = {0.02, 0.01, 0.002};
    private static final Duration[] RESTS = {Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(60)};

    private final double ceiling;
    private final Clock clock;
    private double perSecond;
    private double growth;
    private Instant grownAt;
    private Instant episodeAt;
    private long answered;
    private int lessons = -1;

    /** @param ceiling requests a second at the most; 0 for no limit */
    public Rate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.perSecond = this.ceiling;
        this.clock = clock;
        this.grownAt = clock.instant();
        this.episodeAt = grownAt;
    }

    /** Requests a second at this moment; infinite when nothing limits them. */
    public synchronized double perSecond() {
        Instant now = clock.instant();
        if (growth > 0 && now.isAfter(grownAt)) {
            double seconds = Duration.between(grownAt, now).toNanos() / 1e9;
            perSecond = Math.min(ceiling, perSecond * Math.pow(1 + growth, seconds));
            grownAt = now;
        }
        return perSecond;
    }

    /** A request was answered, and not by a 429. */
    synchronized void answered() {
        answered++;
    }

    /** An episode of 429s begins. */
    synchronized void limited() {
        Instant now = clock.instant();
        double current = perSecond();
        double seconds = Math.max(0.001, Duration.between(episodeAt, now).toNanos() / 1e9);
        double measured = answered / seconds;
        lessons++;
        if (lessons == 0) {
            // What was answered so far may have been a burst that the API saves up, so it says little.
            rest(Math.min(Math.min(current, measured), 2 * FIRST_TRY) / 2, FIRST_GROWTH, now);
        } else if (measured >= KNOWN * current) {
            rest(measured * BELOW_THE_LIMIT, GROWTHS[GROWTHS.length - 1], now.plus(RESTS[RESTS.length - 1]));
        } else {
            int step = Math.min(lessons, STEPS_BACK.length) - 1;
            rest(current * STEPS_BACK[step], GROWTHS[step], now.plus(RESTS[step]));
        }
        episodeAt = now;
        answered = 0;
    }

    private void rest(double slower, double growthAfterwards, Instant until) {
        perSecond = Math.max(1, Math.min(ceiling, slower));
        growth = growthAfterwards;
        grownAt = until;
    }
}
