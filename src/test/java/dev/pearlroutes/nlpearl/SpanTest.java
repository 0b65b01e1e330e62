package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SpanTest {
    private static final long MILLISECOND = 1_000_000;

    private final Span span = new Span();

    @Test
    void tellsWhatMustHaveBeenSavedUpForALimit() {
        take(0, 1000, 10);
        take(1000, 1500, 5);
        span.end(1500 * MILLISECOND);

        assertThat(span.taken()).isEqualTo(200);
        assertThat(span.seconds()).isEqualTo(1.5);
        assertThat(span.burst(100)).as("the last half second, at 200").isCloseTo(50, within(2.0));
        assertThat(span.burst(150)).isCloseTo(25, within(2.0));
        assertThat(span.burst(300)).isZero();
    }

    @Test
    void tellsTheRateOfLateAndNoneBeforeItCan() {
        assertThat(span.perSecond(0.1)).isInfinite();
        take(0, 10_000, 10);
        take(10_000, 11_000, 5);
        assertThat(span.perSecond(0.5)).isCloseTo(200, within(5.0));
        assertThat(span.perSecond(60)).isInfinite();
    }

    @Test
    void anEmptyOneTellsNothing() {
        span.end(MILLISECOND);
        assertThat(span.burst(1)).isZero();
        assertThat(span.seconds()).isZero();
    }

    private void take(long from, long to, long every) {
        for (long at = from; at < to; at += every) {
            span.taken(at * MILLISECOND);
        }
    }
}
