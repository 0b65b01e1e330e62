package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.nlpearl.rate.RateLimits;
import dev.pearlroutes.nlpearl.rate.Traffic;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The bursts of a client that was held up, in simulated time: see {@link Traffic}. */
class RequestThrottleTest {
    @Test
    void sendsABurstAfterItWasHeldUpWhereTheApiAllowsIt() {
        Traffic traffic = new Traffic(0, true).send(RateLimits.tokenBucket(200, 20), 90);

        assertThat(traffic.rate().apiBurst()).isBetween(17.0, 20.0);
        assertThat(traffic.heldUp(10)).isBetween(8, 10);
    }

    @Test
    void keepsTheCeilingOverASecondWhateverBurstTheApiAllows() {
        Traffic traffic = new Traffic(206, true).send(RateLimits.tokenBucket(200, 40), 120);

        assertThat(traffic.rate().apiBurst()).isGreaterThan(20);
        assertThat(traffic.heldUp(10)).isBetween(5, 8);
    }

    @Test
    void isNotRefusedForABurst() {
        RateLimits.RateLimit limit = RateLimits.tokenBucket(200, 20);
        Traffic traffic = new Traffic(0, true).send(limit, 60);
        for (int i = 0; i < 20; i++) {
            traffic.heldUp(0.3);
            traffic.send(limit, 1);
        }
        assertThat(traffic.refused(60, 84)).isZero();
    }

    @Test
    void sendsOneAtATimeWhereTheApiAllowsNoBurst() {
        RateLimits.RateLimit limit = RateLimits.tokenBucket(500, 1);
        Traffic traffic = new Traffic(0, true).send(limit, 300);

        assertThat(traffic.heldUp(10)).isEqualTo(1);
        assertThat(traffic.taken(60, 299) / 500).isGreaterThan(0.96);
    }

    @Test
    void sendsNoBurstWhileTheOneOfTheApiIsUnknown() {
        Traffic windows = new Traffic(0, true).send(RateLimits.slidingWindow(1, 200), 90);
        assertThat(windows.rate().apiBurst()).isZero();
        assertThat(windows.heldUp(10)).isBetween(1, 2);

        Traffic ceiling = new Traffic(100, true).send(RateLimits.tokenBucket(200, 20), 10);
        assertThat(ceiling.rate().apiBurst()).isZero();
        assertThat(ceiling.heldUp(10)).isEqualTo(1);
    }

    @Test
    void theCallsSearchHasAFifthOfThePaceWhileLeadsWait() throws Exception {
        Clock clock = Clock.systemUTC();
        AdaptiveRate rate = new AdaptiveRate(100, clock);
        RequestThrottle throttle = new RequestThrottle(new CircuitBreakers(clock, rate, new Shutdown(clock)), rate);
        AtomicInteger leads = new AtomicInteger();
        AtomicInteger pages = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> pass(leads, () -> throttle.awaitLead(() -> "acme")));
                threads.execute(() -> pass(pages, throttle::awaitSearch));
            }
            await().until(() -> leads.get() >= 80);
            assertThat(pages.get()).isBetween(10, 30);
        } finally {
            threads.shutdownNow();
        }
        // Alone it has all of it.
        for (int i = 0; i < 20; i++) {
            throttle.awaitSearch();
        }
    }

    private interface Wait {
        void pass() throws InterruptedException;
    }

    private static void pass(AtomicInteger passed, Wait wait) {
        try {
            while (true) {
                wait.pass();
                passed.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
