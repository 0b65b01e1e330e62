package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds the API's own limit below the configured ceiling. The vendor documents no limit [?], so it is learned from the 429s: after
 * the first one the rate starts low and doubles quickly (slow start); each further one gives an estimate, from which the rate grows
 * along a cubic curve, flat at first, then ever faster, as CUBIC of TCP does (RFC 9438). The surer the estimate, the longer the
 * flat part. One episode of 429s, however many requests it refused, is one lesson.
 */
public final class Rate {
    /** Tried at most after the first 429: what was taken so far may have been a burst that the API saves up. */
    private static final double FIRST_TRY = 50;

    /** Seconds after which a first try has shown more than a burst. */
    private static final double LONGER_THAN_A_BURST = 5;

    /** While nothing at all is taken between two episodes. */
    private static final double WHILE_REFUSED = 10;

    /** So near to each other two estimates are the same. */
    private static final double SAME = 0.05;

    /** What is left at least of a rate that was refused before it had grown, the first time, the second, and so on. */
    private static final double[] LEAST_LEFT = {0.93, 0.85, 0.7};

    private static final double HIGHEST = 10_000;
    private static final double LOWEST = 0.5;
    private static final Duration SHORTEST_UNIT = Duration.ofSeconds(1);

    /** Less growth than this since the last lesson: the estimate itself was too high. */
    private static final double GROWN = 1.005;

    private static final double BELOW_THE_LIMIT = 0.99;

    /**
     * One stage of finding.
     *
     * @param stepBack where counting proves nothing, what remains of the refused rate
     * @param flat seconds in which the estimate is kept
     * @param stretch seconds after them until it has grown by a tenth
     */
    private record Stage(double stepBack, double flat, double stretch) {}

    private static final Stage[] STAGES = {
        new Stage(0.5, 0, 0),
        new Stage(0.92, 0, 2),
        new Stage(0.95, 0, 4),
        new Stage(0.97, 5, 15),
        new Stage(0.98, 40, 40),
        new Stage(0.98, 90, 60)
    };

    private final double ceiling;
    private final Clock clock;
    private final Observed observed = new Observed();
    private double estimate;
    private int stage = -1;
    private Instant grownFrom = Instant.MIN;
    /** The server's own measure of time, as far as its pauses show one: with windows of a minute, seconds say nothing. */
    private Duration unit = SHORTEST_UNIT;

    private Instant refusedAt;
    private boolean refusedThroughout;
    private int misses;

    /** @param ceiling requests a second at the most; 0 for no limit */
    public Rate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.estimate = this.ceiling;
        this.clock = clock;
    }

    /** Requests a second at this moment; infinite when nothing limits them. */
    public synchronized double perSecond() {
        double curve = Math.min(ceiling, curve(clock.instant()));
        return refusedThroughout ? Math.min(curve, WHILE_REFUSED) : curve;
    }

    /** A request was answered, and not by a 429. */
    synchronized void answered() {
        Instant now = clock.instant();
        observed.taken(now, !now.isBefore(grownFrom));
        refusedThroughout = false;
    }

    /** An episode of 429s begins. @param pause until requests go on */
    synchronized void limited(Duration pause) {
        Instant now = clock.instant();
        Instant resume = now.plus(pause);
        if (stage >= 0 && observed.nothing()) {
            // The same episode goes on: the pause was too short, the rate says nothing.
            refusedThroughout = true;
            stretchUnit(Duration.between(refusedAt, resume));
            grownFrom = resume;
            return;
        }
        double refused = Math.min(ceiling, curve(now));
        stretchUnit(pause);
        if (stage < 0) {
            firstLesson(now, pause, refused);
        } else {
            lesson(now, refused);
        }
        estimate = Math.max(LOWEST, Math.min(ceiling, estimate));
        observed.refused(now);
        refusedAt = now;
        grownFrom = resume;
    }

    private void stretchUnit(Duration pause) {
        unit = pause.compareTo(unit) > 0 ? pause : unit;
    }

    private void firstLesson(Instant now, Duration pause, double refused) {
        observed.learnBurst(now);
        double atMost = observed.sinceFirst(now) > LONGER_THAN_A_BURST ? refused : Math.min(refused, FIRST_TRY);
        estimate = Math.min(atMost, observed.average(now, pause));
        stage = 0;
    }

    private void lesson(Instant now, double refused) {
        double before = estimate;
        boolean grown = stage == 0 || refused > GROWN * estimate;
        if (stage > 0 && grown) {
            observed.boundBurst(now, estimate);
        }
        double proven = observed.proven(now);
        double counted = proven * BELOW_THE_LIMIT;
        misses = grown ? 0 : Math.min(misses + 1, LEAST_LEFT.length);
        if (stage == 0) {
            estimate = within(refused / 8, counted, refused * 0.97);
            stage = 1;
        } else if (!grown) {
            estimate = within(refused * LEAST_LEFT[misses - 1], counted, refused * 0.97);
            stage = misses == 1 ? Math.max(1, stage - 1) : 1;
        } else {
            double back = refused * STAGES[stage].stepBack();
            boolean same = Math.abs(proven / before - 1) < SAME;
            double found = same || observed.savesUp() ? counted : Math.max(counted, back);
            estimate = within(before, found, refused * BELOW_THE_LIMIT);
            // Only what has been found twice is looked at more closely.
            stage = estimate / before - 1 < SAME ? Math.min(STAGES.length - 1, stage + 1) : Math.min(stage, 2);
        }
    }

    private double curve(Instant now) {
        if (stage < 0 || !now.isAfter(grownFrom)) {
            return estimate;
        }
        double units = Duration.between(grownFrom, now).toNanos() / (double) unit.toNanos();
        if (stage == 0) {
            return Math.min(HIGHEST, estimate * Math.pow(2, 2 * units));
        }
        double grown = Math.max(0, units - STAGES[stage].flat()) / STAGES[stage].stretch();
        return Math.min(HIGHEST, estimate * (1 + 0.1 * grown * grown * grown));
    }

    private static double within(double least, double value, double most) {
        return Math.max(least, Math.min(value, most));
    }
}
