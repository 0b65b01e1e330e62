package dev.pearlroutes.nlpearl;

import io.github.bucket4j.Bucket;
import java.time.Duration;

/**
 * The Throttler that every request to the API passes. How many are in flight at once is limited by the size of the HTTP
 * component's connection pool.
 */
public final class Pace {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Lines lines;
    private final Bucket bucket;

    /** @param maxPerSecond requests a second at the most; 0 for no limit */
    public Pace(Lines lines, int maxPerSecond) {
        this.lines = lines;
        this.bucket = maxPerSecond == 0 ? null : bucket(maxPerSecond);
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
        if (bucket != null && !bucket.asBlocking().tryConsume(1, LONGEST_WAIT)) {
            throw new NotSentException("no turn within " + LONGEST_WAIT);
        }
    }

    /** A tenth of a second's worth may go at once: enough not to lose time to the scheduler, too little for a burst. */
    private static Bucket bucket(int maxPerSecond) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(Math.max(1, maxPerSecond / 10))
                        .refillGreedy(maxPerSecond, Duration.ofSeconds(1)))
                .build();
    }
}
