package dev.pearlroutes.nlpearl;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The Throttler of every request to the API. Requests pass in the order in which they came. */
public final class RequestThrottle {
    /** Nanoseconds between two checks of a waiting request, after which it notices an open circuit. */
    private static final long CHECK_EVERY = Duration.ofMillis(100).toNanos();

    /** Relative change of the rate from which the bucket is configured again. */
    private static final double MIN_RATE_CHANGE = 0.003;

    private static final Backoff RETRIES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

    private final CircuitBreakers breakers;
    private final AdaptiveRate rate;
    private final Bucket bucket;
    private final ReentrantLock queue = new ReentrantLock(true);
    private double configuredRate = 1;

    /** @param rate how many requests a second may go */
    public RequestThrottle(CircuitBreakers breakers, AdaptiveRate rate) {
        this(breakers, rate, TimeMeter.SYSTEM_NANOTIME);
    }

    public RequestThrottle(CircuitBreakers breakers, AdaptiveRate rate, TimeMeter time) {
        this.breakers = breakers;
        this.rate = rate;
        this.bucket = Bucket.builder()
                .addLimit(bandwidth(1, 0))
                .withCustomTimePrecision(time)
                .build();
    }

    /** A request that may lead to a phone call. */
    public interface LeadRequest {
        /** Name of the outbound. */
        String outbound();
    }

    /**
     * Waits until a request that may lead to a call can go.
     *
     * @throws NotSentException when its circuit opens meanwhile, or it is held
     */
    public void awaitLead(LeadRequest request) throws InterruptedException {
        pass(() -> {
            breakers.check(request.outbound());
            if (request instanceof AddLeadRequest add) {
                breakers.holds().check(add);
            }
        });
        breakers.acquireTrial(request.outbound(), request);
    }

    /** Waits until any other request can go, through pauses too. @throws NotSentException when the process shuts down */
    public void await() throws InterruptedException {
        while (true) {
            breakers.awaitPause();
            try {
                pass(breakers::checkPause);
                return;
            } catch (NotSentException e) {
                // A pause began meanwhile, or the process shuts down, for which awaitPause throws.
            }
        }
    }

    /** Waits before a request is made again, twice the time after each failure, or until the process shuts down. */
    public void backOff(int failures) throws InterruptedException {
        if (failures > 0) {
            breakers.shutdown().sleep(RETRIES.after(failures));
        }
    }

    /** The first of the queue waits for the bucket; once the check throws, all waiting callers fail at once. */
    private void pass(Runnable check) throws InterruptedException {
        queue.lockInterruptibly();
        try {
            check.run();
            for (long wait = reserve(); wait > 0; wait -= CHECK_EVERY) {
                TimeUnit.NANOSECONDS.sleep(Math.min(wait, CHECK_EVERY));
                check.run();
            }
        } finally {
            queue.unlock();
        }
    }

    /**
     * Reserves a token ahead of the wait for it: a thread that wakes late delays itself only, not the requests behind it.
     *
     * @return nanoseconds to wait
     */
    public long reserve() {
        double perSecond = rate.allowed();
        if (perSecond == Double.POSITIVE_INFINITY) {
            return 0;
        }
        if (Math.abs(perSecond - configuredRate) > MIN_RATE_CHANGE * configuredRate) {
            configuredRate = perSecond;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(bandwidth(perSecond, rate.burst()))
                            .build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
        return bucket.consumeIgnoringRateLimits(1);
    }

    /** @param burst requests that may go at once after the client was held up */
    private static Bandwidth bandwidth(double perSecond, double burst) {
        return Bandwidth.builder()
                .capacity(Math.max(1, Math.round(burst)))
                .refillGreedy(1, Duration.ofNanos(Math.round(1e9 / perSecond)))
                .build();
    }
}
