package dev.pearlroutes.nlpearl.rate;

import java.util.ArrayDeque;
import java.util.Deque;

/** Servers that limit, each in its own way; times are seconds. */
public final class RateLimits {
    private RateLimits() {}

    /** Whether a request at a time is taken, and when to come back if not. A refused request costs nothing. */
    public interface RateLimit {
        boolean takes(double at);

        /** Seconds after which a further request would be taken. */
        double retryAfter(double at);
    }

    /** Allows a burst that refills at the rate. */
    public static RateLimit tokenBucket(double perSecond, double burst) {
        return new RateLimit() {
            private double tokens = burst;
            private double filled;

            @Override
            public boolean takes(double at) {
                tokens = Math.min(burst, tokens + perSecond * (at - filled));
                filled = at;
                if (tokens < 1) {
                    return false;
                }
                tokens--;
                return true;
            }

            @Override
            public double retryAfter(double at) {
                return (1 - tokens) / perSecond;
            }
        };
    }

    /** At most this many in each window of the wall clock; the first began a third of a window ago. */
    static RateLimit fixedWindow(double window, int most) {
        return new RateLimit() {
            private long current = -1;
            private int taken;

            @Override
            public boolean takes(double at) {
                long now = (long) Math.floor(at / window + 0.33);
                taken = now == current ? taken : 0;
                current = now;
                return taken++ < most;
            }

            @Override
            public double retryAfter(double at) {
                return (current + 1 - 0.33) * window - at;
            }
        };
    }

    /** At most this many in the last seconds, at any time. */
    public static RateLimit slidingWindow(double window, int most) {
        return new RateLimit() {
            private final Deque<Double> taken = new ArrayDeque<>();

            @Override
            public boolean takes(double at) {
                while (!taken.isEmpty() && taken.getFirst() <= at - window) {
                    taken.removeFirst();
                }
                if (taken.size() == most) {
                    return false;
                }
                taken.addLast(at);
                return true;
            }

            @Override
            public double retryAfter(double at) {
                return taken.getFirst() + window - at;
            }
        };
    }
}
