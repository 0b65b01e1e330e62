package dev.pearlroutes.nlpearl.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AcceptedRequestsTest {
    private static final long MILLISECOND = 1_000_000;

    private final AcceptedRequests span = new AcceptedRequests();

    @Test
    void showsTheBurstThatARateRequires() {
        accept(0, 1000, 10);
        accept(1000, 1500, 5);
        span.end(1500 * MILLISECOND);

        assertThat(span.count()).isEqualTo(200);
        assertThat(span.burstAbove(100)).as("the last half second, at 200").isCloseTo(50, within(2.0));
        assertThat(span.burstAbove(150)).isCloseTo(25, within(2.0));
        assertThat(span.burstAbove(300)).isZero();
    }

    @Test
    void showsItAfterHoursOfASlowerRateAndInPartsOfASecond() {
        accept(0, 3_600_000, 100);
        accept(3_600_000, 3_600_200, 2);
        span.end(3_600_200 * MILLISECOND);

        assertThat(span.burstAbove(100)).isCloseTo(80, within(1.5));
        assertThat(span.burstAbove(300)).isCloseTo(40, within(1.5));
        assertThat(span.burstAbove(5)).isCloseTo(36_100 - 5 * 3600.2, within(1.5));
    }

    @Test
    void showsTheRecentRate() {
        accept(0, 1000, 200);
        assertThat(span.recentRate())
                .as("five in less than a second are too few samples")
                .isInfinite();
        accept(1000, 1080, 2);
        span.end(1080 * MILLISECOND);

        assertThat(span.recentRate()).isCloseTo(500, within(1.0));
    }

    @Test
    void answersThatArriveTogetherAreNoRate() {
        accept(0, 20_000, 200);
        for (int i = 0; i < 32; i++) {
            span.add(20_000 * MILLISECOND);
        }
        span.end(20_001 * MILLISECOND);

        assertThat(span.recentRate()).isCloseTo(132 / 20.0, within(0.1));
    }

    @Test
    void fewSamplesOverALongTimeShowASlowRate() {
        accept(0, 5000, 1000);
        span.end(5000 * MILLISECOND);

        assertThat(span.recentRate()).isCloseTo(1, within(0.1));
    }

    @Test
    void theRecentRateOfASlowClientIsSlow() {
        accept(0, 20_000, 200);
        span.end(20_000 * MILLISECOND);

        assertThat(span.recentRate()).isCloseTo(5, within(0.1));
    }

    @Test
    void anEmptySpanShowsNothing() {
        span.end(MILLISECOND);
        assertThat(span.recentRate()).isInfinite();
        assertThat(span.burstAbove(1)).isZero();
        assertThat(span.count()).isZero();
    }

    private void accept(long from, long to, long every) {
        for (long at = from; at < to; at += every) {
            span.add(at * MILLISECOND);
        }
    }
}
