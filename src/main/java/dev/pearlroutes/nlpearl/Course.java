package dev.pearlroutes.nlpearl;

/**
 * The rate over the seconds since the last pause: up to just below the estimated limit, then beyond it, to see whether it has risen.
 *
 * @param below how far below the limit it stays, in parts of it
 * @param deeper how much lower it begins, in parts of the limit
 * @param seconds until it goes beyond
 * @param doubling seconds in which it doubles then
 */
record Course(double limit, double below, double deeper, double seconds, double doubling) {
    /** Seconds; the slower, the better the next refusal tells the limit. */
    static final double DOUBLING = 15;

    /** After a slow start the limit is hardly known: a refusal soon tells it. */
    static Course first(double limit, double pause) {
        return new Course(limit, 0, 0.2, 3 * pause, 5);
    }

    /** A hundredth of the time goes into pauses. */
    static Course below(double limit, double margin, double pause) {
        return new Course(limit, margin, 0.01, Math.max(30, 100 * pause), DOUBLING);
    }

    /**
     * A cubic curve from the lower part of a range to the rate that was refused, and beyond, as CUBIC of TCP (RFC 9438); each episode
     * makes the next one rarer.
     *
     * @param since seconds since the episode before
     * @param doubling seconds in which the rate doubles beyond the range; infinite when the cubic curve is all
     */
    static Course between(double low, double refused, double since, double doubling) {
        double deeper = Math.max(0.7 * (refused - low) / refused, 0.02);
        return new Course(refused, 0, deeper, Math.max(2, Math.min(45, 4 * since)), doubling);
    }

    Course to(double other) {
        return new Course(other, below, deeper, seconds, doubling);
    }

    double at(double second) {
        return kept() * Math.pow(2, Math.max(0, second - seconds) / doubling)
                - limit * deeper * Math.pow(1 - second / seconds, 3);
    }

    boolean isOver(double second) {
        return second >= seconds;
    }

    double kept() {
        return (1 - below) * limit;
    }
}
