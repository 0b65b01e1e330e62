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
    private final CircuitBreakers breakers =
            new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock));

    private void hear(String outbound, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            breakers.onAnswer(outbound, outbound, Answer.of(kind, "told so"));
        }
    }

    private boolean lets(String outbound) {
        try {
            breakers.acquireTrial(outbound, outbound);
            return true;
        } catch (NotSentException e) {
            return false;
        }
    }

    private void stop(Cause cause) {
        switch (cause) {
            case CREDENTIALS -> hear("acme", Kind.UNAUTHORIZED, 1);
            case UNREACHABLE -> hear("acme", Kind.NOT_SENT, 1);
            case OUTAGE -> hear("acme", Kind.UNKNOWN, 5);
            default -> hear("acme", Kind.AMBIGUOUS_REFUSAL, 5);
        }
    }

    /** Waits for the next probe and answers it. */
    private void probe(int status) {
        List<OpenCircuit> due = breakers.due();
        for (int i = 0; due.isEmpty() && i < 300; i++) {
            clock.advance(Duration.ofMillis(200));
            due = breakers.due();
        }
        assertThat(due).hasSize(1);
        breakers.onProbe(due.get(0), status);
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aStopSaysWhatToMendAndHowWideItIs(Cause cause) {
        stop(cause);
        assertThat(breakers.openCircuits()).singleElement().satisfies(stop -> {
            assertThat(stop.cause()).isEqualTo(cause);
            assertThat(stop.account()).isEqualTo(cause != Cause.WRONG_OUTBOUND);
            assertThat(stop.reason()).contains("told so");
        });
        assertThat(lets("acme")).isFalse();
        assertThat(lets("other")).isEqualTo(cause == Cause.WRONG_OUTBOUND);
    }

    @Test
    void aHoldLastsUntilItIsReleasedWhateverTheApiAnswers() {
        breakers.forceOpen("acme", "its list cannot be read.");
        breakers.forceOpen("acme", "its list still cannot be read.");
        assertThat(lets("acme")).isFalse();
        assertThat(lets("other")).isTrue();
        assertThat(breakers.openCircuits()).singleElement().satisfies(stop -> {
            assertThat(stop.cause()).isEqualTo(Cause.HOLD);
            assertThat(stop.reason()).isEqualTo("its list still cannot be read.");
        });
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(lets("acme")).isFalse();
        clock.advance(Duration.ofMinutes(5));
        assertThat(breakers.due()).as("probes").isEmpty();

        breakers.forceOpen(null, "no list can be read.");
        breakers.clearForced("acme");
        assertThat(lets("other")).isFalse();
        breakers.clearForced(null);
        assertThat(lets("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aLeadThatMayNotBeCalledLeavesItsTrialToAnother() {
        stop(Cause.UNREACHABLE);
        probe(200);
        breakers.acquireTrial("acme", "suppressed");
        breakers.onAnswer("acme", "suppressed", Answer.of(Kind.SUPPRESSED, "on a list"));
        assertThat(lets("acme")).isTrue();
        assertThat(breakers.openCircuits()).hasSize(1);
    }

    @Test
    void fewerThanFiveInARowAreNoStop() {
        hear("acme", Kind.UNKNOWN, 4);
        hear("acme", Kind.ACCEPTED, 1);
        hear("acme", Kind.UNKNOWN, 4);
        hear("acme", Kind.REJECTED, 1);
        hear("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        hear("acme", Kind.ACCEPTED, 1);
        hear("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        assertThat(breakers.openCircuits()).isEmpty();
        assertThat(lets("acme")).isTrue();
    }

    @Test
    void anAcceptanceFromBeforeAStopDoesNotEndIt() {
        hear("acme", Kind.ACCEPTED, 1);
        stop(Cause.WRONG_OUTBOUND);
        breakers.closeIfAccepted("acme");
        assertThat(lets("acme")).isFalse();
        hear("acme", Kind.ACCEPTED, 1);
        breakers.closeIfAccepted("acme");
        assertThat(lets("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aTrialThatIsRefusedForItselfLetsTheNextTryOnceTheIdIsKnownToBeRight() {
        assertThat(breakers.allowNextTrial("acme")).as("without a stop").isTrue();
        stop(Cause.WRONG_OUTBOUND);
        assertThat(breakers.allowNextTrial("acme")).isFalse();
        assertThat(lets("acme")).isFalse();
        probe(200);
        assertThat(lets("acme")).isTrue();
        hear("acme", Kind.AMBIGUOUS_REFUSAL, 1);
        assertThat(lets("acme")).isFalse();
        assertThat(breakers.allowNextTrial("acme")).isTrue();
        assertThat(lets("acme")).isTrue();
        assertThat(lets("acme")).as("while the trial is out").isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
    void aStopWhoseProbeWasGoodHindersNothingWhileNothingWaitsToBeSent(Cause cause) {
        stop(cause);
        assertThat(breakers.blocking()).hasSize(1);
        probe(200);
        assertThat(breakers.blocking()).isEmpty();
        assertThat(lets("acme")).isTrue();
        assertThat(breakers.blocking()).as("while the trial is out").hasSize(1);
    }

    @Test
    void theSuspectsOfOneOutboundAreNotAnothers() {
        hear("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        hear("other", Kind.AMBIGUOUS_REFUSAL, 4);
        assertThat(breakers.openCircuits()).isEmpty();
        hear("other", Kind.AMBIGUOUS_REFUSAL, 1);
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
            if (!breakers.due().isEmpty()) {
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
        assertThat(breakers.due()).as("nothing to probe").isEmpty();
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(breakers.openCircuits()).isEmpty();
        assertThat(lets("acme") && lets("acme")).isTrue();
    }

    @Test
    void aRefusalAfterAReadThatShowedTheIdToBeRightSaysWhereToLook() {
        stop(Cause.WRONG_OUTBOUND);
        assertThat(breakers.openCircuits().get(0).reason()).contains("check outbound.acme.id");
        probe(200);
        assertThat(lets("acme")).isTrue();
        hear("acme", Kind.AMBIGUOUS_REFUSAL, 1);
        assertThat(lets("acme")).isFalse();
        assertThat(breakers.openCircuits().get(0).reason()).contains("its id is right");
    }

    @Test
    void aLeadThatWasHeldIsNoTrialAndAStragglerEndsNone() {
        stop(Cause.OUTAGE);
        probe(200);
        assertThat(lets("acme")).isTrue();
        breakers.onAnswer("acme", "held", Answer.of(Kind.HELD, "held"));
        breakers.onAnswer("acme", "straggler", Answer.of(Kind.UNKNOWN, "told so"));
        assertThat(lets("acme")).as("while the trial is out").isFalse();
        hear("acme", Kind.ACCEPTED, 1);
        assertThat(breakers.openCircuits()).isEmpty();
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
                    case CREDENTIALS -> Kind.UNAUTHORIZED;
                    case UNREACHABLE -> Kind.NOT_SENT;
                    case OUTAGE -> Kind.UNKNOWN;
                    default -> Kind.AMBIGUOUS_REFUSAL;
                },
                1);
        assertThat(breakers.openCircuits()).hasSize(1);
        assertThat(lets("acme")).isFalse();
        probe(200);
        assertThat(lets("acme")).isTrue();
    }

    @Test
    void probesThatShowNoMendChangeNothing() {
        for (Cause cause : Cause.values()) {
            CircuitBreakers before = breakers;
            stop(cause);
            for (int status : new int[] {0, 500, 503, 401, 403, 429}) {
                probe(status);
                assertThat(lets("acme")).as(cause + " " + status).isFalse();
            }
            probe(200);
            assertThat(lets("acme")).isTrue();
            hear("acme", Kind.ACCEPTED, 1);
            assertThat(before.openCircuits()).isEmpty();
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
        breakers.onAnswer("acme", "acme", Answer.rateLimited("429", Duration.ofSeconds(10)));
        breakers.onAnswer("acme", "acme", Answer.rateLimited("429", Duration.ofSeconds(2)));
        assertThat(lets("other")).isFalse();
        clock.advance(Duration.ofSeconds(9));
        assertThat(lets("other")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(lets("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aPauseWithoutATimeIsAPauseAllTheSame() {
        hear("acme", Kind.RATE_LIMITED, 1);
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
        breakers.shutdown().begin();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(breakers.shutdown().requested()).isTrue();
        assertThatThrownBy(() -> breakers.acquireTrial("other", "other")).isInstanceOf(NotSentException.class);
        assertThatThrownBy(breakers::awaitPause).isInstanceOf(NotSentException.class);
        assertThat(breakers.due()).isEmpty();
    }

    @Test
    void withoutATroubleNothingIsHeldUp() {
        assertThatCode(() -> {
                    breakers.awaitPause();
                    breakers.acquireTrial("acme", "acme");
                })
                .doesNotThrowAnyException();
        assertThat(breakers.due()).isEmpty();
    }

    private CompletableFuture<Boolean> waiting() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return breakers.await("acme");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
