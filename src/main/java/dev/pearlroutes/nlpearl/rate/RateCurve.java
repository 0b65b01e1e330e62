package dev.pearlroutes.nlpearl.rate;

/** The rate over the seconds of sending since the last pause. */
@FunctionalInterface
interface RateCurve {
    /** Narrowest range in which the limit is sought, as a part of the refused rate: a limit may rise. */
    double MIN_RANGE = 0.02;

    double at(double seconds);

    default RateCurve atMost(RateCurve other) {
        return seconds -> Math.min(at(seconds), other.at(seconds));
    }

    /** Grows exponentially. @param doubling seconds in which the rate doubles */
    static RateCurve growing(double from, double doubling) {
        return seconds -> from * Math.pow(2, seconds / doubling);
    }

    /** Stays for the given seconds, then grows. */
    static RateCurve keeping(double rate, double seconds, double doubling) {
        RateCurve growing = growing(rate, doubling);
        return second -> growing.at(Math.max(0, second - seconds));
    }

    /**
     * Returns to a rate that was refused, flat near it and then ever faster, like CUBIC of TCP (RFC 9438).
     *
     * @param wayBack seconds until it reaches that rate
     */
    static RateCurve cubic(double from, double refused, double wayBack) {
        double range = Math.max(refused - from, MIN_RANGE * refused);
        return seconds -> refused + range * Math.pow(seconds / wayBack - 1, 3);
    }
}
