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

    private void answer(String outbound, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            breakers.onAnswer(outbound, outbound, Answer.of(kind, "as the API says"));
        }
    }

    private boolean allows(String outbound) {
        try {
            breakers.acquireTrial(outbound, outbound);
            return true;
        } catch (NotSentException e) {
            return false;
        }
    }

    private void open(Cause cause) {
        switch (cause) {
            case CREDENTIALS -> answer("acme", Kind.UNAUTHORIZED, 1);
            case UNREACHABLE -> answer("acme", Kind.NOT_SENT, 1);
            case OUTAGE -> answer("acme", Kind.UNKNOWN, 5);
            default -> answer("acme", Kind.AMBIGUOUS_REFUSAL, 5);
        }
    }

    /** Waits for the next probe and answers it. */
    private void probe(int status) {
        List<OpenCircuit> due = breakers.takeProbes();
        for (int i = 0; due.isEmpty() && i < 300; i++) {
            clock.advance(Duration.ofMillis(200));
            due = breakers.takeProbes();
        }
        assertThat(due).hasSize(1);
        breakers.onProbe(due.get(0), status, null);
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "FORCED_OPEN")
    void anOpenCircuitSaysWhatToFixAndWhomItHoldsBack(Cause cause) {
        open(cause);
        assertThat(breakers.openCircuits()).singleElement().satisfies(circuit -> {
            assertThat(circuit.cause()).isEqualTo(cause);
            assertThat(circuit.account()).isEqualTo(cause != Cause.WRONG_OUTBOUND);
            assertThat(circuit.reason()).contains("as the API says");
        });
        assertThat(allows("acme")).isFalse();
        assertThat(allows("other")).isEqualTo(cause == Cause.WRONG_OUTBOUND);
    }

    @Test
    void aCircuitThatIsForcedOpenStaysOpenWhateverTheApiAnswers() {
        breakers.forceOpen("acme", "its list cannot be read.");
        breakers.forceOpen("acme", "its list still cannot be read.");
        assertThat(allows("acme")).isFalse();
        assertThat(allows("other")).isTrue();
        assertThat(breakers.openCircuits()).singleElement().satisfies(circuit -> {
            assertThat(circuit.cause()).isEqualTo(Cause.FORCED_OPEN);
            assertThat(circuit.reason()).isEqualTo("its list still cannot be read.");
        });
        answer("acme", Kind.ACCEPTED, 1);
        assertThat(allows("acme")).isFalse();
        clock.advance(Duration.ofMinutes(5));
        assertThat(breakers.takeProbes()).as("probes").isEmpty();

        breakers.forceOpen(null, "no list can be read.");
        breakers.clearForced("acme");
        assertThat(allows("other")).isFalse();
        breakers.clearForced(null);
        assertThat(allows("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aLeadThatMayNotBeCalledLeavesTheTrialCallToAnother() {
        open(Cause.UNREACHABLE);
        probe(200);
        breakers.acquireTrial("acme", "suppressed");
        breakers.onAnswer("acme", "suppressed", Answer.of(Kind.SUPPRESSED, "on a list"));
        assertThat(allows("acme")).isTrue();
        assertThat(breakers.openCircuits()).hasSize(1);
    }

    @Test
    void fewerThanFiveFailuresInARowOpenNothing() {
        answer("acme", Kind.UNKNOWN, 4);
        answer("acme", Kind.ACCEPTED, 1);
        answer("acme", Kind.UNKNOWN, 4);
        answer("acme", Kind.REJECTED, 1);
        answer("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        answer("acme", Kind.ACCEPTED, 1);
        answer("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        assertThat(breakers.openCircuits()).isEmpty();
        assertThat(allows("acme")).isTrue();
    }

    @Test
    void onlyAnAcceptanceSinceItOpenedClosesACircuit() {
        answer("acme", Kind.ACCEPTED, 1);
        open(Cause.WRONG_OUTBOUND);
        breakers.closeIfAccepted("acme");
        assertThat(allows("acme")).isFalse();
        answer("acme", Kind.ACCEPTED, 1);
        breakers.closeIfAccepted("acme");
        assertThat(allows("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aTrialThatIsRefusedForItselfAllowsTheNextOnceTheIdIsConfirmed() {
        assertThat(breakers.allowNextTrial("acme")).as("with a closed circuit").isTrue();
        open(Cause.WRONG_OUTBOUND);
        assertThat(breakers.allowNextTrial("acme")).isFalse();
        assertThat(allows("acme")).isFalse();
        probe(200);
        assertThat(allows("acme")).isTrue();
        answer("acme", Kind.AMBIGUOUS_REFUSAL, 1);
        assertThat(allows("acme")).isFalse();
        assertThat(breakers.allowNextTrial("acme")).isTrue();
        assertThat(allows("acme")).isTrue();
        assertThat(allows("acme")).as("while the trial is under way").isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "FORCED_OPEN")
    void aHalfOpenCircuitBlocksOnlyWhileItsTrialIsUnderWay(Cause cause) {
        open(cause);
        assertThat(breakers.blocking()).hasSize(1);
        probe(200);
        assertThat(breakers.blocking()).isEmpty();
        assertThat(allows("acme")).isTrue();
        assertThat(breakers.blocking()).as("while the trial is under way").hasSize(1);
    }

    @Test
    void theAmbiguousRefusalsOfOneOutboundAreNotAnothers() {
        answer("acme", Kind.AMBIGUOUS_REFUSAL, 4);
        answer("other", Kind.AMBIGUOUS_REFUSAL, 4);
        assertThat(breakers.openCircuits()).isEmpty();
        answer("other", Kind.AMBIGUOUS_REFUSAL, 1);
        assertThat(allows("acme")).isTrue();
        assertThat(allows("other")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "FORCED_OPEN")
    void probesAreAtMostHalfAMinuteApart(Cause cause) {
        open(cause);
        List<Instant> probes = new ArrayList<>(List.of(clock.instant()));
        while (probes.size() < 12) {
            clock.advance(Duration.ofMillis(100));
            if (!breakers.takeProbes().isEmpty()) {
                probes.add(clock.instant());
            }
        }
        for (int i = 1; i < probes.size(); i++) {
            assertThat(Duration.between(probes.get(i - 1), probes.get(i)))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(30).plusMillis(100));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "FORCED_OPEN")
    void aGoodProbeAllowsOneTrialCallAndItsAcceptanceClosesTheCircuit(Cause cause) {
        open(cause);
        probe(200);
        assertThat(allows("acme")).isTrue();
        assertThat(allows("acme")).as("while the trial is under way").isFalse();
        assertThat(breakers.takeProbes()).as("nothing to probe").isEmpty();
        answer("acme", Kind.ACCEPTED, 1);
        assertThat(breakers.openCircuits()).isEmpty();
        assertThat(allows("acme") && allows("acme")).isTrue();
    }

    @Test
    void aRefusalAfterTheIdIsConfirmedSaysWhereToLook() {
        open(Cause.WRONG_OUTBOUND);
        assertThat(breakers.openCircuits().get(0).reason()).contains("check outbound.acme.id");
        probe(200);
        assertThat(allows("acme")).isTrue();
        answer("acme", Kind.AMBIGUOUS_REFUSAL, 1);
        assertThat(allows("acme")).isFalse();
        assertThat(breakers.openCircuits().get(0).reason()).contains("its id is right");
    }

    /** The first leads of an outbound that has never accepted one may be bad: each is a trial that is refused. */
    @Test
    void refusedTrialsOfAConfirmedOutboundAreASecondApartForAMinuteAndThenMoreSeldom() {
        open(Cause.WRONG_OUTBOUND);
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < CircuitBreaker.FREQUENT_TRIALS + 8; i++) {
            Instant refused = clock.instant();
            probe(200);
            waits.add(Duration.between(refused, clock.instant()));
            assertThat(allows("acme")).isTrue();
            answer("acme", Kind.AMBIGUOUS_REFUSAL, 1);
            assertThat(allows("acme")).isFalse();
        }
        assertThat(waits.subList(0, CircuitBreaker.FREQUENT_TRIALS + 1)).containsOnly(Duration.ofSeconds(1));
        assertThat(waits).endsWith(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    @Test
    void aLeadThatWasHeldIsNoTrialAndALateAnswerEndsNone() {
        open(Cause.OUTAGE);
        probe(200);
        assertThat(allows("acme")).isTrue();
        breakers.onAnswer("acme", "held", Answer.of(Kind.HELD, "held"));
        breakers.onAnswer("acme", "late", Answer.of(Kind.UNKNOWN, "as the API says"));
        assertThat(allows("acme")).as("while the trial is under way").isFalse();
        answer("acme", Kind.ACCEPTED, 1);
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "FORCED_OPEN")
    void aTrialThatFailsOpensTheCircuitAgain(Cause cause) {
        open(cause);
        probe(200);
        assertThat(allows("acme")).isTrue();
        answer(
                "acme",
                switch (cause) {
                    case CREDENTIALS -> Kind.UNAUTHORIZED;
                    case UNREACHABLE -> Kind.NOT_SENT;
                    case OUTAGE -> Kind.UNKNOWN;
                    default -> Kind.AMBIGUOUS_REFUSAL;
                },
                1);
        assertThat(breakers.openCircuits()).hasSize(1);
        assertThat(allows("acme")).isFalse();
        probe(200);
        assertThat(allows("acme")).isTrue();
    }

    @Test
    void probesThatFailChangeNothing() {
        for (Cause cause : Cause.values()) {
            CircuitBreakers before = breakers;
            open(cause);
            for (int status : new int[] {0, 500, 503, 401, 403, 429}) {
                probe(status);
                assertThat(allows("acme")).as(cause + " " + status).isFalse();
            }
            probe(200);
            assertThat(allows("acme")).isTrue();
            answer("acme", Kind.ACCEPTED, 1);
            assertThat(before.openCircuits()).isEmpty();
        }
    }

    @Test
    void onlyAReadOfTheOutboundConfirmsItsId() {
        open(Cause.WRONG_OUTBOUND);
        probe(400);
        assertThat(allows("acme")).isFalse();
    }

    @Test
    void aLateAcceptanceOfARequestFromBeforeItOpenedProvesNothing() {
        open(Cause.CREDENTIALS);
        answer("acme", Kind.ACCEPTED, 1);
        assertThat(allows("acme")).isFalse();
    }

    @Test
    void aPauseHoldsBackTheWholeAccountAndEndsByItself() {
        breakers.onAnswer("acme", "acme", Answer.rateLimited("429", Duration.ofSeconds(10)));
        breakers.onAnswer("acme", "acme", Answer.rateLimited("429", Duration.ofSeconds(2)));
        assertThat(allows("other")).isFalse();
        clock.advance(Duration.ofSeconds(9));
        assertThat(allows("other")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(allows("acme")).isTrue();
        assertThat(breakers.openCircuits()).isEmpty();
    }

    @Test
    void aProbeThatIsRateLimitedPausesTheAccountForAsLongAsTheApiAsks() {
        open(Cause.WRONG_OUTBOUND);
        clock.advance(Duration.ofSeconds(2));
        breakers.onProbe(breakers.takeProbes().get(0), 429, Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(9));
        assertThat(allows("other")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(allows("other")).isTrue();
        assertThat(allows("acme")).isFalse();
    }

    @Test
    void aPauseWithoutATimeIsAPauseAllTheSame() {
        answer("acme", Kind.RATE_LIMITED, 1);
        assertThat(allows("acme")).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(allows("acme")).isTrue();
    }

    @Test
    void aWaitingCallerResumesWhenTheCircuitIsHalfOpen() throws Exception {
        open(Cause.UNREACHABLE);
        CompletableFuture<Boolean> waiting = waiting();
        assertThat(waiting).isNotDone();
        probe(200);
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shutdownEndsEveryWaitAndLetsNothingThrough() throws Exception {
        open(Cause.UNREACHABLE);
        CompletableFuture<Boolean> waiting = waiting();
        breakers.shutdown().begin();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(breakers.shutdown().requested()).isTrue();
        assertThatThrownBy(() -> breakers.acquireTrial("other", "other")).isInstanceOf(NotSentException.class);
        assertThatThrownBy(breakers::awaitPause).isInstanceOf(NotSentException.class);
        assertThat(breakers.takeProbes()).isEmpty();
    }

    @Test
    void closedCircuitsHoldNothingBack() {
        assertThatCode(() -> {
                    breakers.awaitPause();
                    breakers.acquireTrial("acme", "acme");
                })
                .doesNotThrowAnyException();
        assertThat(breakers.takeProbes()).isEmpty();
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
