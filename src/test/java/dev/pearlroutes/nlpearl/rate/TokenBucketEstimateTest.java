package dev.pearlroutes.nlpearl.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TokenBucketEstimateTest {
    /** 120 in 0.5 s: 20 and 200 a second. */
    private final TokenBucketEstimate bucket = new TokenBucketEstimate(span(120, 0.5));

    @Test
    void knowsTheLimitAndWhatIsSavedUpByTwoSpans() {
        assertThat(bucket.savedUp()).isZero();

        assertThat(bucket.limit(span(1020, 5), 100, 1000, 1)).isCloseTo(200, within(0.5));
        assertThat(bucket.savedUp()).isCloseTo(20, within(0.5));
    }

    @Test
    void tellsALimitThatChangedByOneMoreSpan() {
        bucket.limit(span(1020, 5), 100, 1000, 1);

        assertThat(bucket.limit(span(520, 10), 40, 1000, 2)).isCloseTo(50, within(0.2));
        assertThat(bucket.savedUp()).isCloseTo(20, within(0.5));
    }

    @Test
    void doubtsWhatIsSavedUpWhereASpanSaysOtherwise() {
        bucket.limit(span(1020, 5), 100, 1000, 1);

        assertThat(bucket.limit(span(1020, 5), 210, 1000, 1)).isNaN();
        assertThat(bucket.savedUp()).isZero();
    }

    @Test
    void isNoneWhereTheLimitIsOutOfTheRange() {
        assertThat(bucket.limit(span(1020, 5), 210, 1000, 1)).isNaN();
        assertThat(bucket.limit(span(1020, 5), 100, 190, 1)).isNaN();
        assertThat(bucket.savedUp()).isZero();
    }

    @Test
    void isNoneWhereAPauseGivesLittleMoreThanIsSavedUp() {
        assertThat(bucket.limit(span(1020, 5), 100, 1000, 0.25)).isNaN();
        assertThat(bucket.savedUp()).isZero();
    }

    @Test
    void isNoneWhereTheSlowStartIsSlowerThanTheLimit() {
        assertThat(bucket.limit(span(2000, 5), 300, 1000, 1)).isNaN();
        assertThat(bucket.savedUp()).isZero();
    }

    /** As many in so many seconds, evenly. */
    private static AcceptedRequests span(int taken, double seconds) {
        AcceptedRequests span = new AcceptedRequests();
        for (int i = 0; i < taken; i++) {
            span.taken(Math.round(i * seconds / taken * 1e9));
        }
        span.end(Math.round(seconds * 1e9));
        return span;
    }
}
