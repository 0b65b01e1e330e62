package dev.pearlroutes.nlpearl.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TokenBucketEstimateTest {
    /** 120 in 0.5 s: a burst of 20 and 200 a second. */
    private final TokenBucketEstimate bucket = new TokenBucketEstimate(span(120, 0.5));

    @Test
    void findsTheLimitAndTheBurstByTwoSpans() {
        assertThat(bucket.burst()).isZero();

        assertThat(bucket.limit(span(1020, 5), 100, 1000, 1)).isCloseTo(200, within(0.5));
        assertThat(bucket.burst()).isCloseTo(20, within(0.5));
    }

    @Test
    void findsAChangedLimitByOneMoreSpan() {
        bucket.limit(span(1020, 5), 100, 1000, 1);

        assertThat(bucket.limit(span(520, 10), 40, 1000, 2)).isCloseTo(50, within(0.2));
        assertThat(bucket.burst()).isCloseTo(20, within(0.5));
    }

    @Test
    void doubtsTheBurstWhereASpanContradictsIt() {
        bucket.limit(span(1020, 5), 100, 1000, 1);

        assertThat(bucket.limit(span(1020, 5), 210, 1000, 1)).isNaN();
        assertThat(bucket.burst()).isZero();
    }

    @Test
    void findsNoneOutsideTheRange() {
        assertThat(bucket.limit(span(1020, 5), 210, 1000, 1)).isNaN();
        assertThat(bucket.limit(span(1020, 5), 100, 190, 1)).isNaN();
        assertThat(bucket.burst()).isZero();
    }

    @Test
    void findsNoneWhereAPauseRefillsLittleMoreThanTheBurst() {
        assertThat(bucket.limit(span(1020, 5), 100, 1000, 0.25)).isNaN();
        assertThat(bucket.burst()).isZero();
    }

    @Test
    void findsNoneWhereTheSlowStartIsSlowerThanTheLimit() {
        assertThat(bucket.limit(span(2000, 5), 300, 1000, 1)).isNaN();
        assertThat(bucket.burst()).isZero();
    }

    /** Requests spread evenly over the seconds. */
    private static AcceptedRequests span(int accepted, double seconds) {
        AcceptedRequests span = new AcceptedRequests();
        for (int i = 0; i < accepted; i++) {
            span.add(Math.round(i * seconds / accepted * 1e9));
        }
        span.end(Math.round(seconds * 1e9));
        return span;
    }
}
