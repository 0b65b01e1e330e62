package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.sandbox.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** When health reports that calls are not read. */
class CallReadHealthTest {
    private final MutableClock time = new MutableClock();
    private final CallReadHealth health = new CallReadHealth(time.withZone(ZoneOffset.UTC));

    private void runsThatFail(int minutes) {
        for (int i = 0; i < minutes; i++) {
            health.onRunStarted("acme");
            health.onPage("acme");
            health.onRunFailed("acme", new IOException("no route " + i));
            time.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void runsThatFailForLongAreNamedWithTheNewestReasonUntilOneEnds() {
        runsThatFail(30);
        assertThat(health.problems()).isEmpty();
        runsThatFail(1);
        assertThat(health.problems())
                .containsExactly(
                        "The calls of acme have not been read since 2026-03-01T09:00:00Z: IOException: no route 0."
                                + " It is tried again at the times of outbound.acme.search-calls.cron.");

        health.onRunStarted("acme");
        health.onRunEnded("acme");
        assertThat(health.problems()).isEmpty();
        runsThatFail(30);
        assertThat(health.problems()).as("it counts from the start").isEmpty();
    }

    @Test
    void aRunThatReadsOnIsNoTroubleHoweverLongAndOneThatHangsIs() {
        health.onRunStarted("acme");
        for (int i = 0; i < 50; i++) {
            time.advance(Duration.ofMinutes(5));
            health.onPage("acme");
        }
        assertThat(health.problems()).isEmpty();

        time.advance(Duration.ofMinutes(31));
        assertThat(health.problems()).singleElement().asString().contains("2026-03-01T13:10:00Z: no page was answered");
    }

    @Test
    void messagesOfForeignExceptionsAreNotTold() {
        health.onRunFailed("acme", new IllegalArgumentException("+12025550100"));
        time.advance(Duration.ofHours(1));

        assertThat(health.problems()).singleElement().asString().contains(": IllegalArgumentException.");
    }
}
