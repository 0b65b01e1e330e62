package dev.pearlroutes.nlpearl;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;

/**
 * The Throttler that every request to the API passes. How many are in flight at once is limited by the size of the HTTP
 * component's connection pool.
 */
public final class Pace {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** A change of the rate that is smaller is not worth another bucket. */
    private static final double NOTABLE = 0.01;

    private final Lines lines;
    private final Rate rate;
    private final Bucket bucket = Bucket.builder().addLimit(bandwidth(1)).build();
    private double configured = 1;

    public Pace(Lines lines, Rate rate) {
        this.lines = lines;
        this.rate = rate;
    }

    /** Waits for the turn of an Add Lead. @throws NotSentException when the line has stopped meanwhile */
    public void awaitLead(String outbound) throws InterruptedException {
        take();
        lines.enter(outbound);
    }

    /** Waits for the turn of any other request. @throws NotSentException when the process is stopping */
    public void await() throws InterruptedException {
        lines.awaitPause();
        take();
    }

    private void take() throws InterruptedException {
        double perSecond = rate.perSecond();
        if (perSecond < Double.POSITIVE_INFINITY) {
            adjust(perSecond);
            if (!bucket.asBlocking().tryConsume(1, LONGEST_WAIT)) {
                throw new NotSentException("no turn within " + LONGEST_WAIT);
            }
        }
    }

    private synchronized void adjust(double perSecond) {
        if (Math.abs(perSecond - configured) > NOTABLE * configured) {
            configured = perSecond;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(perSecond)).build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    /** What may go at once is the worth of ten milliseconds: more would be a burst where the API allows for none. */
    private static Bandwidth bandwidth(double perSecond) {
        long capacity = Math.max(1, Math.round(perSecond / 100));
        return Bandwidth.builder()
                .capacity(capacity)
                .refillGreedy(1, Duration.ofNanos(Math.round(1e9 / perSecond)))
                .build();
    }
}
