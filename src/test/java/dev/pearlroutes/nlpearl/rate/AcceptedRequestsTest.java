package dev.pearlroutes.nlpearl.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AcceptedRequestsTest {
    private static final long MILLISECOND = 1_000_000;

    private final AcceptedRequests span = new AcceptedRequests();

    @Test
    void tellsWhatMustHaveBeenSavedUpForALimit() {
        take(0, 1000, 10);
        take(1000, 1500, 5);
        span.end(1500 * MILLISECOND);

        assertThat(span.taken()).isEqualTo(200);
        assertThat(span.burst(100)).as("the last half second, at 200").isCloseTo(50, within(2.0));
        assertThat(span.burst(150)).isCloseTo(25, within(2.0));
        assertThat(span.burst(300)).isZero();
    }

    @Test
    void tellsItAfterHoursOfLessAndInPartsOfASecond() {
        take(0, 3_600_000, 100);
        take(3_600_000, 3_600_200, 2);
        span.end(3_600_200 * MILLISECOND);

        assertThat(span.burst(100)).isCloseTo(80, within(1.5));
        assertThat(span.burst(300)).isCloseTo(40, within(1.5));
        assertThat(span.burst(5)).isCloseTo(36_100 - 5 * 3600.2, within(1.5));
    }

    @Test
    void tellsHowFastItWentLately() {
        take(0, 1000, 200);
        assertThat(span.lately()).as("five in less than a second are too few").isInfinite();
        take(1000, 1080, 2);
        span.end(1080 * MILLISECOND);

        assertThat(span.lately()).isCloseTo(500, within(1.0));
    }

    @Test
    void answersThatComeAllAtOnceAreNoRate() {
        take(0, 20_000, 200);
        for (int i = 0; i < 32; i++) {
            span.taken(20_000 * MILLISECOND);
        }
        span.end(20_001 * MILLISECOND);

        assertThat(span.lately()).isCloseTo(132 / 20.0, within(0.1));
    }

    @Test
    void aFewThatTookLongTellHowSlowItWent() {
        take(0, 5000, 1000);
        span.end(5000 * MILLISECOND);

        assertThat(span.lately()).isCloseTo(1, within(0.1));
    }

    @Test
    void ofAClientThatIsAlwaysSlowThatIsAsSlow() {
        take(0, 20_000, 200);
        span.end(20_000 * MILLISECOND);

        assertThat(span.lately()).isCloseTo(5, within(0.1));
    }

    @Test
    void anEmptyOneTellsNothing() {
        span.end(MILLISECOND);
        assertThat(span.lately()).isInfinite();
        assertThat(span.burst(1)).isZero();
        assertThat(span.taken()).isZero();
    }

    private void take(long from, long to, long every) {
        for (long at = from; at < to; at += every) {
            span.taken(at * MILLISECOND);
        }
    }
}
