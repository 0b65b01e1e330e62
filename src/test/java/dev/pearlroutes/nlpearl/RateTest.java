package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rate against a server that limits by a token bucket, in simulated time. */
class RateTest {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TestClock clock = new TestClock();

    /** What came of sending for a while. */
    private record Traffic(long accepted, long refused) {}

    /** Sends as fast as the rate lets it; the server saves up to {@code burst} requests. */
    private Traffic send(Rate rate, int limit, int burst, Duration time) {
        double serverTokens = burst;
        double ownTokens = 1;
        long accepted = 0;
        long refused = 0;
        for (long ms = 0; ms < time.toMillis(); ms++) {
            clock.advance(TICK);
            serverTokens = Math.min(burst, serverTokens + limit / 1000.0);
            double perSecond = Math.min(rate.perSecond(), 2000);
            ownTokens = Math.min(Math.max(1, perSecond / 100), ownTokens + perSecond / 1000);
            while (ownTokens >= 1) {
                ownTokens--;
                if (serverTokens >= 1) {
                    serverTokens--;
                    accepted++;
                    rate.answered();
                } else {
                    refused++;
                    rate.limited();
                    clock.advance(PAUSE);
                    ms += PAUSE.toMillis();
                    serverTokens = Math.min(burst, serverTokens + limit * PAUSE.toMillis() / 1000.0);
                    ownTokens = 0;
                }
            }
        }
        return new Traffic(accepted, refused);
    }

    @ParameterizedTest
    @CsvSource({"20,20", "100,10", "100,100", "200,50", "200,200"})
    void findsTheLimitOfTheServerAndStaysThere(int limit, int burst) {
        Rate rate = new Rate(0, clock);
        send(rate, limit, burst, Duration.ofMinutes(2));

        Traffic steady = send(rate, limit, burst, Duration.ofMinutes(5));

        assertThat(steady.accepted()).isGreaterThan((long) (0.93 * limit * 300));
        assertThat(steady.refused()).isLessThan(steady.accepted() / 100);
    }

    @Test
    void neverExceedsTheCeiling() {
        Rate rate = new Rate(50, clock);
        assertThat(rate.perSecond()).isEqualTo(50);
        rate.limited();
        assertThat(rate.perSecond()).isLessThan(50);
        clock.advance(Duration.ofHours(1));
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    @Test
    void withoutACeilingNothingLimitsBeforeTheFirstRefusal() {
        assertThat(new Rate(0, clock).perSecond()).isInfinite();
    }

    @Test
    void neverFallsBelowOneASecond() {
        Rate rate = new Rate(2, clock);
        for (int i = 0; i < 50; i++) {
            rate.limited();
        }
        assertThat(rate.perSecond()).isEqualTo(1);
    }
}
