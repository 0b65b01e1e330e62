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

/** The Throttler that every request to the API passes, each in the order in which it came. */
public final class RequestThrottle {
    /** So soon a stop is noticed. */
    private static final long LONGEST_NAP = Duration.ofMillis(100).toNanos();

    /** A change of the rate that is smaller is not worth another bucket. */
    private static final double NOTABLE = 0.003;

    private static final Backoff BACK_OFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

    private final CircuitBreakers breakers;
    private final AdaptiveRate rate;
    private final Bucket bucket;
    private final ReentrantLock turn = new ReentrantLock(true);
    private double configured = 1;

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

    /** A request that may have a lead called. */
    public interface LeadRequest {
        /** Name of the outbound. */
        String outbound();
    }

    /** Waits for the turn of such a request. @throws NotSentException when the line has stopped meanwhile */
    public void awaitLead(LeadRequest request) throws InterruptedException {
        take(() -> breakers.check(request.outbound()));
        breakers.acquireTrial(request.outbound(), request);
    }

    /** Waits for the turn of any other request, over pauses too. @throws NotSentException when the process is stopping */
    public void await() throws InterruptedException {
        while (true) {
            breakers.awaitPause();
            try {
                take(breakers::checkPause);
                return;
            } catch (NotSentException e) {
                // A pause began while it waited for its turn, or the process stops, which awaiting the pause will tell.
            }
        }
    }

    /** Waits before a request is made again, twice as long each time, or until the process stops. */
    public void backOff(int failures) throws InterruptedException {
        if (failures > 0) {
            breakers.shutdown().sleep(BACK_OFF.after(failures));
        }
    }

    /** The one whose turn it is waits for the bucket, the others for their turn; a stop sends all of them home at once. */
    private void take(Runnable mayGoOn) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            mayGoOn.run();
            for (long wait = reserve(); wait > 0; wait -= LONGEST_NAP) {
                TimeUnit.NANOSECONDS.sleep(Math.min(wait, LONGEST_NAP));
                mayGoOn.run();
            }
        } finally {
            turn.unlock();
        }
    }

    /**
     * Books the next place. A place is booked ahead and then waited for: a thread that wakes late delays itself only, not all
     * that follow.
     *
     * @return nanoseconds to wait for it
     */
    public long reserve() {
        double perSecond = rate.allowed();
        if (perSecond == Double.POSITIVE_INFINITY) {
            return 0;
        }
        if (Math.abs(perSecond - configured) > NOTABLE * configured) {
            configured = perSecond;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(bandwidth(perSecond, rate.atOnce()))
                            .build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
        return bucket.consumeIgnoringRateLimits(1);
    }

    /** @param atOnce makes up for a time in which the client was held up */
    private static Bandwidth bandwidth(double perSecond, double atOnce) {
        return Bandwidth.builder()
                .capacity(Math.max(1, Math.round(atOnce)))
                .refillGreedy(1, Duration.ofNanos(Math.round(1e9 / perSecond)))
                .build();
    }
}
