package dev.pearlroutes.nlpearl.rate;

/**
 * The API seen as a token bucket (ITU-T I.371). What it accepts until it refuses is its burst plus what its rate refilled
 * meanwhile, so two spans of different speed, the slow start and a later one, determine both. Once the burst is known each further
 * span determines the limit.
 */
final class TokenBucketEstimate {
    /** A pause has to refill this many times the burst: with less, a window looks like a bucket, and little is lost without one. */
    private static final double MIN_REFILL = 3.5;

    /** Tokens by which the bucket is short when it refuses, if it is approached slowly. */
    private static final double TOKENS_SHORT = 0.9;

    /** Precision of the limit that is sought, in requests a second. */
    private static final double PRECISION = 0.001;

    private final AcceptedRequests slowStart;
    private double burst = Double.NaN;
    /** Whether the burst explains the last span. */
    private boolean confirmed;

    /** @param slowStart up to the first 429 */
    TokenBucketEstimate(AcceptedRequests slowStart) {
        this.slowStart = slowStart;
    }

    /** How many requests the API accepts at once after a pause; 0 while that is unknown or in doubt. */
    double burst() {
        return confirmed ? burst : 0;
    }

    /**
     * Finds the limit.
     *
     * @param pause seconds until requests resume
     * @return requests a second; not a number where no bucket with a limit in this range explains the span
     */
    double limit(AcceptedRequests span, double low, double high, double pause) {
        confirmed = false;
        if (!isAbove(span, low) || isAbove(span, high)) {
            return Double.NaN;
        }
        double limit = low;
        for (double step = (high - low) / 2; step > PRECISION; step /= 2) {
            limit += isAbove(span, limit + step) ? step : 0;
        }
        double found = burst(limit);
        if (found < TOKENS_SHORT || MIN_REFILL * found > limit * pause) {
            return Double.NaN;
        }
        burst = found;
        confirmed = true;
        return limit;
    }

    /** Whether the limit is above this rate: a bucket of this rate would have refused earlier. */
    private boolean isAbove(AcceptedRequests span, double perSecond) {
        return span.burstAbove(perSecond) + TOKENS_SHORT > Math.max(1, burst(perSecond));
    }

    private double burst(double perSecond) {
        return Double.isNaN(burst) ? slowStart.burstAbove(perSecond) : burst;
    }
}
