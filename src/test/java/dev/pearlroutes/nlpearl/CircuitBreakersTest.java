package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.nlpearl.Answer.Kind;
import dev.pearlroutes.nlpearl.OpenCircuit.Cause;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CircuitBreakersTest {
    private final TestClock clock = new TestClock();
    private final CircuitBreakers lines = new CircuitBreakers(clock, new AdaptiveRate(0, clock));

    private void hear(String outbound, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            lines.heard(outbound, outbound, Answer.of(kind, "told so"));
        }
    }

    private boolean lets(String outbound) {
        try {
            lines.enter(outbound, outbound);
            return true;
        } catch (NotSentException e) {
            return false;
        }
    }

    private void stop(Cause cause) {
        switch (cause) {
            case CREDENTIALS -> hear("acme", Kind.REFUSED, 1);
            case UNREACHABLE -> hear("acme", Kind.NOT_SENT, 1);
            case OUTAGE -> hear("acme", Kind.UNKNOWN, 5);
            default -> hear("acme", Kind.SUSPECT, 5);
        }
    }

    /** Waits for the next probe and answers it. */
    private void probe(int status) {
        List<OpenCircuit> due = lines.due();
        for (int i = 0; due.isEmpty() && i < 300; i++) {
            clock.advance(Duration.ofMillis(200));
            due = lines.due();
        }
        assertThat(due).hasSize(1);
        lines.probed(due.get(0), status);
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aStopSaysWhatToMendAndHowWideItIs(Cause cause) {
        stop(cause);
        assertThat(lines.stops()).singleElement().satisfies(stop -> {
            assertThat(stop.cause()).isEqualTo(cause);
            assertThat(stop.account()).isEqualTo(cause != Cause.WRONG_OUTBOUND);
            assertThat(stop.reason()).contains("told so");
        });
        assertThat(lets("acme")).isFalse();
        assertThat(lets("other")).isEqualTo(cause == Cause.WRONG_OUTBOUND);
    }

    @Test
    void aHoldLastsUntilItIsReleasedWhateverTheApiAnswers() {
        lines.hold("acme", "its list cannot be read.");
        lines.hold("acme", "its list still cannot be read.");
        assertThat(lets("acme")).isFalse();
        assertThat(lets("other")).isTrue();
        assertThat(lines.stops()).singleElement().satisfies(stop -> {
            assertThat(stop.cause()).isEqualTo(Cause.HOLD);
            assertThat(stop.reason()).isEqualTo("its list still cannot be read.");
        });
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(lets("acme")).isFalse();
        clock.advance(Duration.ofMinutes(5));
        assertThat(lines.due()).as("probes").isEmpty();

        lines.hold(null, "no list can be read.");
        lines.release("acme");
        assertThat(lets("other")).isFalse();
        lines.release(null);
        assertThat(lets("acme")).isTrue();
        assertThat(lines.stops()).isEmpty();
    }

    @Test
    void aLeadThatMayNotBeCalledLeavesItsTrialToAnother() {
        stop(Cause.UNREACHABLE);
        probe(200);
        lines.enter("acme", "suppressed");
        lines.heard("acme", "suppressed", Answer.of(Kind.SUPPRESSED, "on a list"));
        assertThat(lets("acme")).isTrue();
        assertThat(lines.stops()).hasSize(1);
    }

    @Test
    void fewerThanFiveInARowAreNoStop() {
        hear("acme", Kind.UNKNOWN, 4);
        hear("acme", Kind.ACCEPTED, 1);
        hear("acme", Kind.UNKNOWN, 4);
        hear("acme", Kind.REJECTED, 1);
        hear("acme", Kind.SUSPECT, 4);
        hear("acme", Kind.ACCEPTED, 1);
        hear("acme", Kind.SUSPECT, 4);
        assertThat(lines.stops()).isEmpty();
        assertThat(lets("acme")).isTrue();
    }

    @Test
    void anAcceptanceFromBeforeAStopDoesNotEndIt() {
        hear("acme", Kind.ACCEPTED, 1);
        stop(Cause.WRONG_OUTBOUND);
        lines.goOnWith("acme");
        assertThat(lets("acme")).isFalse();
        hear("acme", Kind.ACCEPTED, 1);
        lines.goOnWith("acme");
        assertThat(lets("acme")).isTrue();
        assertThat(lines.stops()).isEmpty();
    }

    @Test
    void aTrialThatIsRefusedForItselfLetsTheNextTryOnceTheIdIsKnownToBeRight() {
        assertThat(lines.tryNext("acme")).as("without a stop").isTrue();
        stop(Cause.WRONG_OUTBOUND);
        assertThat(lines.tryNext("acme")).isFalse();
        assertThat(lets("acme")).isFalse();
        probe(200);
        assertThat(lets("acme")).isTrue();
        hear("acme", Kind.SUSPECT, 1);
        assertThat(lets("acme")).isFalse();
        assertThat(lines.tryNext("acme")).isTrue();
        assertThat(lets("acme")).isTrue();
        assertThat(lets("acme")).as("while the trial is out").isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aStopWhoseProbeWasGoodHindersNothingWhileNothingWaitsToBeSent(Cause cause) {
        stop(cause);
        assertThat(lines.hindrances()).hasSize(1);
        probe(200);
        assertThat(lines.hindrances()).isEmpty();
        assertThat(lets("acme")).isTrue();
        assertThat(lines.hindrances()).as("while the trial is out").hasSize(1);
    }

    @Test
    void theSuspectsOfOneOutboundAreNotAnothers() {
        hear("acme", Kind.SUSPECT, 4);
        hear("other", Kind.SUSPECT, 4);
        assertThat(lines.stops()).isEmpty();
        hear("other", Kind.SUSPECT, 1);
        assertThat(lets("acme")).isTrue();
        assertThat(lets("other")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void probesAreAtMostHalfAMinuteApart(Cause cause) {
        stop(cause);
        List<Instant> probes = new ArrayList<>(List.of(clock.instant()));
        while (probes.size() < 12) {
            clock.advance(Duration.ofMillis(100));
            if (!lines.due().isEmpty()) {
                probes.add(clock.instant());
            }
        }
        for (int i = 1; i < probes.size(); i++) {
            assertThat(Duration.between(probes.get(i - 1), probes.get(i)))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(30).plusMillis(100));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aGoodProbeLetsASingleLeadTryAndItsAcceptanceLetsAllGoOn(Cause cause) {
        stop(cause);
        probe(200);
        assertThat(lets("acme")).isTrue();
        assertThat(lets("acme")).as("while the trial is out").isFalse();
        assertThat(lines.due()).as("nothing to probe").isEmpty();
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(lines.stops()).isEmpty();
        assertThat(lets("acme") && lets("acme")).isTrue();
    }

    @Test
    void aRefusalAfterAReadThatShowedTheIdToBeRightSaysWhereToLook() {
        stop(Cause.WRONG_OUTBOUND);
        assertThat(lines.stops().get(0).reason()).contains("check outbound.acme.id");
        probe(200);
        assertThat(lets("acme")).isTrue();
        hear("acme", Kind.SUSPECT, 1);
        assertThat(lets("acme")).isFalse();
        assertThat(lines.stops().get(0).reason()).contains("its id is right");
    }

    @Test
    void aLeadThatWasHeldIsNoTrialAndAStragglerEndsNone() {
        stop(Cause.OUTAGE);
        probe(200);
        assertThat(lets("acme")).isTrue();
        lines.heard("acme", "held", Answer.of(Kind.HELD, "held"));
        lines.heard("acme", "straggler", Answer.of(Kind.UNKNOWN, "told so"));
        assertThat(lets("acme")).as("while the trial is out").isFalse();
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(lines.stops()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aTrialThatFailsClosesTheLineAgain(Cause cause) {
        stop(cause);
        probe(200);
        assertThat(lets("acme")).isTrue();
        hear(
                "acme",
                switch (cause) {
                    case CREDENTIALS -> Kind.REFUSED;
                    case UNREACHABLE -> Kind.NOT_SENT;
                    case OUTAGE -> Kind.UNKNOWN;
                    default -> Kind.SUSPECT;
                },
                1);
        assertThat(lines.stops()).hasSize(1);
        assertThat(lets("acme")).isFalse();
        probe(200);
        assertThat(lets("acme")).isTrue();
    }

    @Test
    void probesThatShowNoMendChangeNothing() {
        for (Cause cause : Cause.values()) {
            CircuitBreakers before = lines;
            stop(cause);
            for (int status : new int[] {0, 500, 503, 401, 403, 429}) {
                probe(status);
                assertThat(lets("acme")).as(cause + " " + status).isFalse();
            }
            probe(200);
            assertThat(lets("acme")).isTrue();
            hear("acme", Kind.ACCEPTED, 1);
            assertThat(before.stops()).isEmpty();
        }
    }

    @Test
    void aWrongOutboundIsOnlyMendedByItsOwnRead() {
        stop(Cause.WRONG_OUTBOUND);
        probe(400);
        assertThat(lets("acme")).isFalse();
    }

    @Test
    void aLateAcceptanceFromBeforeTheStopProvesNothing() {
        stop(Cause.CREDENTIALS);
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(lets("acme")).isFalse();
    }

    @Test
    void aPauseHoldsTheWholeAccountAndEndsByItself() {
        lines.heard("acme", "acme", new Answer(Kind.LIMITED, null, "429", Duration.ofSeconds(10)));
        lines.heard("acme", "acme", new Answer(Kind.LIMITED, null, "429", Duration.ofSeconds(2)));
        assertThat(lets("other")).isFalse();
        clock.advance(Duration.ofSeconds(9));
        assertThat(lets("other")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(lets("acme")).isTrue();
        assertThat(lines.stops()).isEmpty();
    }

    @Test
    void aPauseWithoutATimeIsAPauseAllTheSame() {
        hear("acme", Kind.LIMITED, 1);
        assertThat(lets("acme")).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(lets("acme")).isTrue();
    }

    @Test
    void whoWaitsGoesOnWhenTheLineIsMended() throws Exception {
        stop(Cause.UNREACHABLE);
        CompletableFuture<Boolean> waiting = waiting();
        assertThat(waiting).isNotDone();
        probe(200);
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shuttingDownEndsEveryWaitAndLetsNothingThrough() throws Exception {
        stop(Cause.UNREACHABLE);
        CompletableFuture<Boolean> waiting = waiting();
        lines.shutDown();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(lines.stopping()).isTrue();
        assertThatThrownBy(() -> lines.enter("other", "other")).isInstanceOf(NotSentException.class);
        assertThatThrownBy(lines::awaitPause).isInstanceOf(NotSentException.class);
        assertThat(lines.due()).isEmpty();
    }

    @Test
    void withoutATroubleNothingIsHeldUp() {
        assertThatCode(() -> {
                    lines.awaitPause();
                    lines.enter("acme", "acme");
                })
                .doesNotThrowAnyException();
        assertThat(lines.due()).isEmpty();
    }

    private CompletableFuture<Boolean> waiting() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return lines.await("acme");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
