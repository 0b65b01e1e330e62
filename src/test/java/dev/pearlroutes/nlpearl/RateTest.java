package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.nlpearl.RateLimits.RateLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rate against servers that limit, in simulated time: see {@link Traffic}. */
class RateTest {
    private final TestClock clock = new TestClock();

    /** The table of the README is printed by this test: what is found, and how soon. */
    @ParameterizedTest
    @CsvSource({
        // limit, burst, Retry-After, seconds until found, least ratio
        "5, 5, true, 6, 0.95",
        "5, 25, true, 6, 0.95",
        "20, 10, true, 6, 0.97",
        "20, 20, true, 5, 0.97",
        "20, 100, true, 5, 0.97",
        "100, 10, true, 14, 0.97",
        "100, 100, true, 5, 0.97",
        "100, 500, true, 5, 0.97",
        "200, 200, true, 5, 0.97",
        "500, 500, true, 5, 0.97",
        "100, 100, false, 5, 0.97",
    })
    void findsTheLimitOfATokenBucketAndStaysThere(int limit, int burst, boolean saysWhen, double soon, double ratio) {
        Traffic traffic = new Traffic(0, saysWhen).send(RateLimits.tokenBucket(limit, burst), 300);

        double found = traffic.firstRefusal() + soon;
        double steady = traffic.taken(found, 299) / limit;
        double refused = traffic.refused(found, 299);
        System.out.printf(
                "limit %d/s, burst %d, Retry-After %b: from %.0f s on %.3f of the limit, %.2f %% refused%n",
                limit, burst, saysWhen, soon, steady, 100 * refused);
        assertThat(steady).isGreaterThan(ratio);
        assertThat(refused).isLessThan(0.01);
        assertThat(traffic.taken(found, found + 10) / limit).as("found by then").isGreaterThan(0.9);
    }

    @ParameterizedTest
    @CsvSource({"fixed, 1", "fixed, 10", "fixed, 60", "sliding, 1", "sliding, 10"})
    void comesNearTheLimitOfWindows(String kind, int window) {
        RateLimit limit = kind.equals("fixed")
                ? RateLimits.fixedWindow(window, 100 * window)
                : RateLimits.slidingWindow(window, 100 * window);

        Traffic traffic = new Traffic(0, true).send(limit, 600);

        System.out.printf(
                "limit 100/s, %s window of %d s: %.3f of the limit, %.2f %% refused%n",
                kind, window, traffic.taken(120, 599) / 100, 100 * traffic.refused(120, 599));
        assertThat(traffic.taken(120, 599)).isGreaterThan(85);
        assertThat(traffic.refused(120, 599)).isLessThan(0.01);
    }

    @Test
    void followsALimitThatFallsAndOneThatRises() {
        Traffic traffic = new Traffic(0, true).send(RateLimits.tokenBucket(100, 20), 60);
        traffic.send(RateLimits.tokenBucket(40, 20), 120);
        assertThat(traffic.taken(80, 179)).isGreaterThan(0.93 * 40);
        traffic.send(RateLimits.tokenBucket(150, 20), 300);
        assertThat(traffic.taken(380, 479)).isGreaterThan(0.93 * 150);
        assertThat(traffic.refused(60, 479)).isLessThan(0.01);
    }

    @Test
    void neverExceedsTheCeiling() {
        Traffic traffic = new Traffic(50, true).send(RateLimits.tokenBucket(1000, 1000), 30);
        assertThat(traffic.taken(1, 30)).isBetween(49.0, 50.0);
        Rate rate = new Rate(50, clock);
        rate.limited(Duration.ofSeconds(1));
        assertThat(rate.perSecond()).isLessThan(50);
        clock.advance(Duration.ofHours(1));
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    @Test
    void withoutACeilingNothingLimitsBeforeTheFirstRefusal() {
        assertThat(new Rate(0, clock).perSecond()).isInfinite();
    }

    @Test
    void neverFallsToNothing() {
        Rate rate = new Rate(2, clock);
        for (int i = 0; i < 50; i++) {
            rate.answered();
            rate.limited(Duration.ofSeconds(1));
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(rate.perSecond()).isEqualTo(0.5);
    }
}
