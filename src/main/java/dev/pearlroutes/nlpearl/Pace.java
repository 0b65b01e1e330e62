package dev.pearlroutes.nlpearl;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The Throttler that every request to the API passes. How many are in flight at once is limited by the size of the HTTP
 * component's connection pool.
 */
public final class Pace {
    /** So soon a stop is noticed. */
    private static final Duration LONGEST_NAP = Duration.ofMillis(100);

    /** A change of the rate that is smaller is not worth another bucket. */
    private static final double NOTABLE = 0.01;

    private final Lines lines;
    private final Rate rate;
    private final Bucket bucket = Bucket.builder().addLimit(bandwidth(1)).build();
    private final ReentrantLock turn = new ReentrantLock(true);
    private double configured = 1;

    public Pace(Lines lines, Rate rate) {
        this.lines = lines;
        this.rate = rate;
    }

    /** Waits for the turn of an Add Lead. @throws NotSentException when the line has stopped meanwhile */
    public void awaitLead(String outbound, Object request) throws InterruptedException {
        take(() -> lines.check(outbound));
        lines.enter(outbound, request);
    }

    /** Waits for the turn of any other request. @throws NotSentException when the process is stopping */
    public void await() throws InterruptedException {
        lines.awaitPause();
        take(lines::checkRunning);
    }

    /** The one whose turn it is waits for the bucket, the others for their turn; a stop sends all of them home at once. */
    private void take(Runnable mayGoOn) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            mayGoOn.run();
            double perSecond = rate.perSecond();
            while (perSecond < Double.POSITIVE_INFINITY) {
                adjust(perSecond);
                ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
                if (probe.isConsumed()) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(probe.getNanosToWaitForRefill(), LONGEST_NAP.toNanos()));
                mayGoOn.run();
                perSecond = rate.perSecond();
            }
        } finally {
            turn.unlock();
        }
    }

    private void adjust(double perSecond) {
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
