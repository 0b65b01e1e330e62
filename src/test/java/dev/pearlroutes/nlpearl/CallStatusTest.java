package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void codesAreFoundAndTheUnknownIsEmpty() {
        assertThat(Stream.of(CallStatus.values()).map(CallStatus::code)).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(Stream.of(CallStatus.values()).map(CallStatus::apiName))
                .containsExactly("InProgress", "Completed", "Busy", "Failed", "NoAnswer", "Canceled");
        assertThat(CallStatus.ofCode(6)).contains(CallStatus.FAILED);
        // 2 occurs and is documented nowhere.
        assertThat(CallStatus.ofCode(2)).isEmpty();
        assertThat(CallStatus.ofCode(-1)).isEmpty();
    }

    @Test
    void fourToSevenAreFinalWhateverTheTime() {
        assertThat(CallStatus.values())
                .filteredOn(status -> status.isFinal(null, NOW))
                .extracting(CallStatus::code)
                .containsExactly(4, 5, 6, 7);
        assertThat(CallStatus.IN_PROGRESS.isFinal(Instant.EPOCH, NOW)).isFalse();
    }

    @Test
    void canceledIsFinalAfterAGraceTimeOnly() {
        assertThat(CallStatus.CANCELED.isFinal(null, NOW)).isFalse();
        assertThat(CallStatus.CANCELED.isFinal(NOW, NOW)).isFalse();
        assertThat(CallStatus.CANCELED.isFinal(NOW.minus(Duration.ofHours(1)), NOW))
                .isFalse();
        assertThat(CallStatus.CANCELED.isFinal(NOW.minus(Duration.ofHours(1)).minusMillis(1), NOW))
                .isTrue();
    }
}
