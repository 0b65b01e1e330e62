package dev.pearlroutes.nlpearl;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** The Throttler of every request to the API. Requests pass in the order in which they came. */
public final class RequestThrottle {
    /** Nanoseconds between two checks of a waiting request, after which it notices an open circuit. */
    private static final long CHECK_EVERY = Duration.ofMillis(100).toNanos();

    /** Relative change of the rate from which the bucket is configured again. */
    private static final double MIN_RATE_CHANGE = 0.003;

    private static final Backoff RETRIES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

    /** While leads wait for their turn, so many go before a request of the calls search does: it has a fifth of the pace. */
    private static final int LEADS_PER_SEARCH = 4;

    private static final Duration SEARCH_CHECKS_EVERY = Duration.ofMillis(20);

    private final CircuitBreakers breakers;
    private final AdaptiveRate rate;
    private final Bucket bucket;
    private final ReentrantLock queue = new ReentrantLock(true);
    /** Requests that may lead to a call and wait for their turn, and how many have had it. */
    private final AtomicInteger leadsWaiting = new AtomicInteger();

    private final AtomicLong leadsPassed = new AtomicLong();
    private final ReentrantLock searches = new ReentrantLock(true);
    /** Value of {@link #leadsPassed} when the calls search had its turn; guarded by {@link #searches}. */
    private long passedAtSearch;

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
        leadsWaiting.incrementAndGet();
        try {
            pass(() -> {
                breakers.check(request.outbound());
                if (request instanceof AddLeadRequest add) {
                    breakers.holds().check(add);
                }
            });
            leadsPassed.incrementAndGet();
        } finally {
            leadsWaiting.decrementAndGet();
        }
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

    /**
     * Waits until a request of the calls search can go, as {@link #await}. While leads wait for their turn the search has a fifth of
     * the pace at the most: it may be late, and they are what the pace is for.
     */
    public void awaitSearch() throws InterruptedException {
        searches.lockInterruptibly();
        try {
            while (leadsWaiting.get() > 0
                    && leadsPassed.get() - passedAtSearch < LEADS_PER_SEARCH
                    && !breakers.shutdown().requested()) {
                breakers.shutdown().sleep(SEARCH_CHECKS_EVERY);
            }
            passedAtSearch = leadsPassed.get();
        } finally {
            searches.unlock();
        }
        await();
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
