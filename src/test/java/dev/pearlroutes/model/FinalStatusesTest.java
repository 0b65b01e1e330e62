package dev.pearlroutes.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FinalStatusesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final FinalStatuses statuses = new FinalStatuses(Set.of(4, 5), Set.of(10, 100), Set.of());

    @Test
    void bothStatusesMustBeAmongTheFinalOnes() {
        assertThat(statuses.isFinal(4, 100, NOW, NOW)).isTrue();
        assertThat(statuses.isFinal(5, 10, null, NOW)).isTrue();
        assertThat(statuses.isFinal(4, 40, NOW, NOW)).isFalse();
        assertThat(statuses.isFinal(3, 100, NOW, NOW)).isFalse();
        assertThat(statuses.isFinal(null, 100, NOW, NOW)).isFalse();
    }

    @Test
    void aCallWithoutAConversationIsOverWithTheTelephone() {
        assertThat(statuses.isFinal(4, null, NOW, NOW)).isTrue();
        assertThat(statuses.isFinal(3, null, NOW, NOW)).isFalse();
        assertThat(statuses.isFinal(null, null, NOW, NOW)).isFalse();
    }

    @Test
    void noOtherCodeIsEverFinal() {
        Instant longAgo = Instant.EPOCH;

        assertThat(IntStream.range(-10, 1000).filter(code -> statuses.isFinal(code, 100, longAgo, NOW)))
                .containsExactly(4, 5, CallStatus.CANCELED.code());
        assertThat(IntStream.range(-10, 1000).filter(code -> statuses.isFinal(4, code, longAgo, NOW)))
                .containsExactly(10, 100);
    }

    @Test
    void canceledIsFinalAfterAGraceTimeOnlyUnlessItIsConfigured() {
        Instant hourAgo = NOW.minus(Duration.ofHours(1));

        assertThat(statuses.isFinal(8, 100, null, NOW)).isFalse();
        assertThat(statuses.isFinal(8, 100, NOW, NOW)).isFalse();
        assertThat(statuses.isFinal(8, 100, hourAgo, NOW)).isFalse();
        assertThat(statuses.isFinal(8, 100, hourAgo.minusMillis(1), NOW)).isTrue();
        assertThat(new FinalStatuses(Set.of(8), Set.of(), Set.of()).isFinal(8, null, NOW, NOW))
                .isTrue();
    }
}
