package dev.pearlroutes.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallStatusTest {
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
    void namesAreFoundInAnyCase() {
        assertThat(CallStatus.ofName("noanswer")).contains(CallStatus.NO_ANSWER);
        assertThat(CallStatus.ofName("Answered")).isEmpty();
    }
}
