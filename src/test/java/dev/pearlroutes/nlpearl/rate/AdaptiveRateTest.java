package dev.pearlroutes.nlpearl.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.nlpearl.TestClock;
import dev.pearlroutes.nlpearl.rate.RateLimits.RateLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rate against servers that limit, in simulated time: see {@link Traffic}. */
class AdaptiveRateTest {
    private final TestClock clock = new TestClock();

    /** The table of src/docs/pace-and-speed.md is printed by this test: what is reached in the first minute and after it. */
    @ParameterizedTest
    @CsvSource({
        "5, 5, true", "5, 25, true", "20, 10, true", "20, 100, true", "100, 10, true", "100, 100, true",
        "100, 500, true", "200, 50, true", "200, 200, true", "500, 500, true", "100, 100, false", "20, 10, false",
    })
    void findsTheLimitOfATokenBucketAndStaysThere(int limit, int burst, boolean saysWhen) {
        Traffic traffic = new Traffic(0, saysWhen).send(RateLimits.tokenBucket(limit, burst), 600);

        show("limit %d/s, burst %d, Retry-After %b".formatted(limit, burst, saysWhen), traffic, limit);
        assertThat(traffic.taken(10, 60) / limit).as("found").isGreaterThan(0.88);
        assertThat(traffic.taken(60, 599) / limit).as("kept").isGreaterThan(0.965);
        assertThat(traffic.refused(60, 599)).isLessThan(0.01);
    }

    @ParameterizedTest
    @CsvSource({
        "fixed, 1, true",
        "fixed, 10, true",
        "fixed, 60, true",
        "sliding, 1, true",
        "sliding, 10, true",
        "fixed, 1, false",
        "sliding, 1, false",
        "sliding, 10, false",
    })
    void comesNearTheLimitOfWindows(String kind, int window, boolean saysWhen) {
        Traffic traffic = windows(kind, window, 100, saysWhen);

        assertThat(traffic.taken(60, 599)).isGreaterThan(95);
        assertThat(traffic.refused(60, 599)).isLessThan(0.02);
    }

    /** Only a request shows when such a window has ended. */
    @ParameterizedTest
    @CsvSource({"10, 100, 0.9, 0.01", "60, 100, 0.9, 0.01", "60, 10, 0.95, 0.05", "60, 1, 0.95, 0.16"})
    void comesNearTheLimitOfLongWindowsThatDoNotSayWhenTheyEnd(int window, int limit, double reached, double refused) {
        Traffic traffic = windows("fixed", window, limit, false);

        assertThat(traffic.taken(60, 599) / limit).isGreaterThan(reached);
        assertThat(traffic.refused(60, 599)).isLessThan(refused);
    }

    private static Traffic windows(String kind, int window, int limit, boolean saysWhen) {
        RateLimit windows = kind.equals("fixed")
                ? RateLimits.fixedWindow(window, limit * window)
                : RateLimits.slidingWindow(window, limit * window);
        Traffic traffic = new Traffic(0, saysWhen).send(windows, 600);
        show("limit %d/s, %s window of %d s, Retry-After %b".formatted(limit, kind, window, saysWhen), traffic, limit);
        return traffic;
    }

    private static void show(String server, Traffic traffic, int limit) {
        System.out.printf(
                "%s: %.3f of the limit from 10 s to 60 s, %.3f afterwards; refused %.2f %%, afterwards %.2f %%%n",
                server,
                traffic.taken(10, 60) / limit,
                traffic.taken(60, 599) / limit,
                100 * traffic.refused(0, 60),
                100 * traffic.refused(60, 599));
    }

    @Test
    void followsALimitThatFallsAndOneThatRises() {
        Traffic traffic = new Traffic(0, true).send(RateLimits.tokenBucket(100, 20), 60);
        traffic.send(RateLimits.tokenBucket(40, 20), 120);
        assertThat(traffic.taken(80, 179)).isGreaterThan(0.95 * 40);
        traffic.send(RateLimits.tokenBucket(150, 20), 500);
        assertThat(traffic.taken(480, 679)).isGreaterThan(0.95 * 150);
        assertThat(traffic.refused(60, 679)).isLessThan(0.01);
    }

    @Test
    void neverExceedsTheCeiling() {
        Traffic traffic = new Traffic(50, true).send(RateLimits.tokenBucket(1000, 1000), 30);
        assertThat(traffic.taken(1, 30)).isBetween(49.0, 50.0);
        AdaptiveRate rate = new AdaptiveRate(50, clock);
        rate.onRateLimited(Duration.ofSeconds(1));
        assertThat(rate.perSecond()).isLessThan(50);
        for (int second = 0; second < 600; second++) {
            clock.advance(Duration.ofSeconds(1));
            rate.onAnswer();
        }
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    @Test
    void doesNotGrowWhileNothingIsSent() {
        AdaptiveRate rate = new AdaptiveRate(400, clock);
        rate.onAnswer();
        rate.onRateLimited(Duration.ofSeconds(1));
        clock.advance(Duration.ofHours(1));
        assertThat(rate.perSecond()).isBetween(50.0, 100.0);
    }

    @Test
    void withoutACeilingNothingLimitsBeforeTheFirstRefusalButASlowStart() {
        AdaptiveRate rate = new AdaptiveRate(0, clock);
        assertThat(rate.perSecond()).isInfinite();
        assertThat(rate.allowed()).isEqualTo(250);
        for (int i = 0; i < 2500; i++) {
            rate.onAnswer();
        }
        assertThat(rate.allowed()).isInfinite();
        rate.onRateLimited(Duration.ofSeconds(1));
        assertThat(rate.perSecond()).isBetween(0.5, 10_000.0);
    }

    @Test
    void findsTheLimitAndTheBurstByTwoRefusals() {
        Traffic traffic = new Traffic(0, true).send(RateLimits.tokenBucket(200, 20), 90);

        System.out.printf(
                "limit 200/s, burst 20, Retry-After true: %.3f of the limit from the first request to 90 s, refused %.2f %%%n",
                traffic.taken(0, 90) / 200, 100 * traffic.refused(0, 90));
        assertThat(traffic.taken(0, 90) / 200).isGreaterThan(0.968);
        assertThat(traffic.taken(10, 90) / 200).isGreaterThan(0.99);
        assertThat(traffic.refused(0, 90)).isLessThan(0.002);
        assertThat(traffic.rate().apiBurst()).isBetween(17.0, 20.0);
    }

    /** What a process does that has just been started: nothing it needs is compiled yet. */
    @ParameterizedTest
    @CsvSource({"200, 20", "200, 200", "50, 10", "500, 50"})
    void aClientThatBeginsSlowlyIsNotTakenForAServerThatIsSlow(int limit, int burst) {
        RateLimit bucket = RateLimits.tokenBucket(limit, burst);
        Traffic traffic = new Traffic(0, true)
                .atMost(10)
                .send(bucket, 0.7)
                .atMost(1_000_000)
                .send(bucket, 89.3);

        assertThat(traffic.taken(0, 90) / limit).isGreaterThan(0.95);
    }

    @Test
    void aSlowClientLeavesWhatIsKnownOfTheLimitAsItIs() {
        RateLimit limit = RateLimits.tokenBucket(200, 20);
        Traffic traffic = new Traffic(0, true).send(limit, 60);
        double burst = traffic.rate().apiBurst();

        traffic.atMost(120).send(limit, 240).atMost(400).send(limit, 200);

        assertThat(traffic.refused(60, 300)).isZero();
        assertThat(traffic.taken(300, 499) / 200).isGreaterThan(0.97);
        assertThat(traffic.refused(300, 499)).isLessThan(0.002);
        assertThat(traffic.rate().apiBurst()).isEqualTo(burst).isBetween(17.0, 20.0);
    }

    @Test
    void findsTheLimitOnceASlowClientBecomesQuicker() {
        RateLimit limit = RateLimits.tokenBucket(200, 20);
        Traffic traffic = new Traffic(0, true).atMost(120).send(limit, 240);

        traffic.atMost(400).send(limit, 200);

        assertThat(traffic.refused(0, 240)).isZero();
        assertThat(traffic.taken(270, 439) / 200).isGreaterThan(0.97);
        assertThat(traffic.rate().apiBurst()).isBetween(17.0, 20.0);
    }

    @Test
    void theSlowStartCostsAClientWithoutALimitLittle() {
        Traffic traffic = new Traffic(0, true).send(RateLimits.tokenBucket(100_000, 100_000), 6);
        assertThat(traffic.taken(0, 5)).isGreaterThan(0.96 * 640);
    }

    @Test
    void seldomProbesAboveTheLimitWhereAPauseIsLong() {
        RateLimit bucket = RateLimits.tokenBucket(200, 20);
        RateLimit strict = new RateLimit() {
            @Override
            public boolean takes(double at) {
                return bucket.takes(at);
            }

            @Override
            public double retryAfter(double at) {
                return 30;
            }
        };

        Traffic traffic = new Traffic(0, true).send(strict, 600);

        assertThat(traffic.taken(60, 599) / 200).isGreaterThan(0.9);
    }

    @Test
    void keepsWhatItLearnedWhenARequestIsRefusedRightAfterAPause() {
        AdaptiveRate rate = new AdaptiveRate(0, clock);
        answer(rate, 10);
        rate.onRateLimited(Duration.ofMillis(250));
        clock.advance(Duration.ofMillis(250));
        assertThat(rate.perSecond()).isBetween(6.0, 7.0);

        rate.onRateLimited(Duration.ofMillis(500));
        clock.advance(Duration.ofMillis(500));
        assertThat(rate.perSecond()).isLessThan(6);
        answer(rate, 60);
        assertThat(rate.perSecond()).as("as without the second refusal").isBetween(13.0, 18.0);
    }

    /** Ten a second. */
    private void answer(AdaptiveRate rate, int requests) {
        for (int i = 0; i < requests; i++) {
            clock.advance(Duration.ofMillis(100));
            rate.onAnswer();
        }
    }

    @Test
    void neverFallsToNothing() {
        AdaptiveRate rate = new AdaptiveRate(2, clock);
        for (int i = 0; i < 50; i++) {
            rate.onAnswer();
            rate.onRateLimited(Duration.ofSeconds(1));
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(rate.perSecond()).isEqualTo(0.5);
    }
}
