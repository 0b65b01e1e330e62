package dev.pearlroutes.nlpearl.rate;

/** The rate over the seconds of sending since the last pause. */
@FunctionalInterface
interface RateCurve {
    /** A range is taken to be so wide at least, in parts of the refused rate: a limit may rise. */
    double NARROWEST = 0.02;

    double at(double seconds);

    default RateCurve atMost(RateCurve other) {
        return seconds -> Math.min(at(seconds), other.at(seconds));
    }

    /** @param doubling seconds in which it doubles */
    static RateCurve growing(double from, double doubling) {
        return seconds -> from * Math.pow(2, seconds / doubling);
    }

    /** Stays for so many seconds, then grows. */
    static RateCurve keeping(double rate, double seconds, double doubling) {
        RateCurve growing = growing(rate, doubling);
        return second -> growing.at(Math.max(0, second - seconds));
    }

    /** Back to a rate that was refused, flat where it is near, then ever faster, as CUBIC of TCP (RFC 9438). */
    static RateCurve cubic(double from, double refused, double wayBack) {
        double range = Math.max(refused - from, NARROWEST * refused);
        return seconds -> refused + range * Math.pow(seconds / wayBack - 1, 3);
    }
}
