package dev.pearlroutes.nlpearl.rate;

/**
 * The API taken for a token bucket (ITU-T I.371). What it took until it refused is what it had saved up and what it gave meanwhile, so two
 * spans of different speed, a slow start and a later one, tell both. Once what it saves up is known each further span tells the limit.
 */
final class TokenBucketEstimate {
    /** Where a pause doesn't give so many times what is saved up, little of it is lost, and a window looks like a bucket. */
    private static final double WORTH_IT = 3.5;

    /** A bucket that is approached slowly refuses when it is nearly one short. */
    private static final double SHORT = 0.9;

    /** Of a request a second: as near as a limit is sought. */
    private static final double NEAR = 0.001;

    private final AcceptedRequests slowStart;
    private double savedUp = Double.NaN;
    /** Whether the last span was explained by what is saved up. */
    private boolean fits;

    /** @param slowStart up to the first 429 */
    TokenBucketEstimate(AcceptedRequests slowStart) {
        this.slowStart = slowStart;
    }

    /** How many requests it takes at once after it was left alone; 0 while that is unknown or in doubt. */
    double savedUp() {
        return fits ? savedUp : 0;
    }

    /** @return requests a second; not a number where no bucket with a limit in that range explains the span */
    double limit(AcceptedRequests span, double low, double high, double pause) {
        fits = false;
        if (!givesMore(span, low) || givesMore(span, high)) {
            return Double.NaN;
        }
        double limit = low;
        for (double step = (high - low) / 2; step > NEAR; step /= 2) {
            limit += givesMore(span, limit + step) ? step : 0;
        }
        double burst = burst(limit);
        if (burst < SHORT || WORTH_IT * burst > limit * pause) {
            return Double.NaN;
        }
        savedUp = burst;
        fits = true;
        return limit;
    }

    /** Whether it gives more than so many a second: with no more it would have refused earlier. */
    private boolean givesMore(AcceptedRequests span, double perSecond) {
        return span.burst(perSecond) + SHORT > Math.max(1, burst(perSecond));
    }

    private double burst(double perSecond) {
        return Double.isNaN(savedUp) ? slowStart.burst(perSecond) : savedUp;
    }
}
