package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.sandbox.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** When it is said that calls are not read. */
class CallReadHealthTest {
    private final MutableClock time = new MutableClock();
    private final CallReadHealth troubles = new CallReadHealth(time.withZone(ZoneOffset.UTC));

    private void runsThatFail(int minutes) {
        for (int i = 0; i < minutes; i++) {
            troubles.begun("acme");
            troubles.wentOn("acme");
            troubles.failed("acme", new IOException("no route " + i));
            time.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void runsThatFailForLongAreNamedWithTheNewestReasonUntilOneEnds() {
        runsThatFail(30);
        assertThat(troubles.reasons()).isEmpty();
        runsThatFail(1);
        assertThat(troubles.reasons())
                .containsExactly(
                        "The calls of acme have not been read since 2026-03-01T09:00:00Z: IOException: no route 0."
                                + " It is tried again at the times of outbound.acme.search-calls.cron.");

        troubles.begun("acme");
        troubles.ended("acme");
        assertThat(troubles.reasons()).isEmpty();
        runsThatFail(30);
        assertThat(troubles.reasons()).as("it counts anew").isEmpty();
    }

    @Test
    void aRunThatReadsOnIsNoTroubleHoweverLongAndOneThatHangsIs() {
        troubles.begun("acme");
        for (int i = 0; i < 50; i++) {
            time.advance(Duration.ofMinutes(5));
            troubles.wentOn("acme");
        }
        assertThat(troubles.reasons()).isEmpty();

        time.advance(Duration.ofMinutes(31));
        assertThat(troubles.reasons())
                .singleElement()
                .asString()
                .contains("2026-03-01T13:10:00Z: no page was answered");
    }

    @Test
    void messagesOfForeignExceptionsAreNotTold() {
        troubles.failed("acme", new IllegalArgumentException("+12025550100"));
        time.advance(Duration.ofHours(1));

        assertThat(troubles.reasons()).singleElement().asString().contains(": IllegalArgumentException.");
    }
}
