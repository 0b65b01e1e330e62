package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final TestClock clock = new TestClock();
    private final CircuitBreakers breakers =
            new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock));
    private final Account account = account(FIVE_MINUTES);

    private Account account(Duration interval) {
        return new Account(breakers, new AnswerClassifier(clock), interval, new BigDecimal("20"), clock);
    }

    private void answers(String body) {
        account.onAnswer(200, null, body);
    }

    private void has(Object status, Object balance) {
        answers("{\"name\":\"A\",\"totalAgents\":1,\"creditBalance\":" + balance + ",\"status\":" + status + "}");
    }

    private boolean held() {
        return breakers.holds().holds("acme", 1);
    }

    /** Waits for the next reading. @return how long it took */
    private Duration nextReading() {
        Instant from = clock.instant();
        while (!account.takeReading()) {
            clock.advance(Duration.ofMillis(500));
        }
        return Duration.between(from, clock.instant());
    }

    @ParameterizedTest
    @CsvSource({"3, NoCredits", "4, SuspendedAccount", "5, DebtReached"})
    void anAccountThatCanCallNobodyHoldsAddLeadUntilItCanAgain(int status, String word) {
        has(1, 1000);
        assertThat(held()).isFalse();

        has(status, 0);

        assertThat(held()).isTrue();
        assertThat(account.problems()).singleElement().asString().contains(word, "status " + status);
        assertThat(breakers.maySend("acme")).as("everything but Add Lead").isTrue();
        has(2, 0);
        assertThat(held()).isFalse();
        assertThat(account.problems()).isEmpty();
        assertThat(account.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\":null,\"creditBalance\":null}",
                "{\"status\":7}",
                "{\"status\":\"paused\"}",
                "[]",
                "",
                "<html>",
            })
    void whatIsNotSaidOrNotKnownChangesNothing(String body) {
        answers(body);
        assertThat(held()).isFalse();
        has(4, 10);
        answers(body);
        assertThat(held()).isTrue();
        assertThat(account.warnings()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500, 503})
    void anAnswerThatIsNoneChangesNothing(int status) {
        account.onAnswer(status, null, "{\"status\":4}");
        assertThat(held()).isFalse();
        has(4, 1000);
        account.onAnswer(status, null, "");
        assertThat(held()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void anApiThatTellsNoMoreOfTheAccountDoesNotHoldItForEver(int status) {
        nextReading();
        has(4, 1000);
        for (int i = 0; i < 2; i++) {
            account.onAnswer(status, null, "");
            assertThat(held()).isTrue();
            assertThat(nextReading()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
        has(4, 1000);
        account.onAnswer(status, null, "");
        account.onAnswer(status, null, "");
        assertThat(held()).as("it had told in between").isTrue();

        account.onAnswer(status, null, "");

        assertThat(held()).isFalse();
        assertThat(account.problems()).isEmpty();
        has(4, 1000);
        assertThat(held()).as("it tells again").isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500})
    void anAnswerThatIsNoneDoesNotEndTheStop(int status) {
        nextReading();
        has(3, 0);
        for (int i = 0; i < 20; i++) {
            account.onAnswer(status, null, "");
            account.onFailure();
            assertThat(nextReading()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
        assertThat(held()).isTrue();
    }

    @Test
    void isReadAtTheStartAndAfterEachInterval() {
        assertThat(nextReading()).isZero();
        has(1, 1000);
        assertThat(nextReading()).isEqualTo(FIVE_MINUTES);
        account.onAnswer(404, null, "");
        assertThat(nextReading()).isEqualTo(FIVE_MINUTES);
        account.onFailure();
        assertThat(nextReading()).isEqualTo(Duration.ofSeconds(1));
        has("1", "\"99.5\"");
        assertThat(account.credit()).isEqualByComparingTo("99.5");
        assertThat(nextReading()).isEqualTo(FIVE_MINUTES);
        assertThat(account(Duration.ZERO).takeReading()).isFalse();
    }

    @Test
    void isReadAtMostHalfAMinuteApartWhileItCanCallNobody() {
        nextReading();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            has(3, 0);
            waits.add(nextReading());
        }
        assertThat(waits)
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4))
                .endsWith(Duration.ofSeconds(30), Duration.ofSeconds(30));
        has(1, 50);
        assertThat(nextReading()).isEqualTo(FIVE_MINUTES);
    }

    @Test
    void isReadSoonAfterA402HoweverManyThereAre() {
        nextReading();
        has(1, 1000);
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            breakers.onAnswer("acme", i, Answer.unpaid("402"));
        }
        assertThat(nextReading()).isZero();
        has(1, 1000);
        breakers.onAnswer("acme", 6, Answer.unpaid("402"));
        assertThat(nextReading()).isEqualTo(Duration.ofSeconds(1));
        has(1, 1000);
        assertThat(nextReading()).isEqualTo(FIVE_MINUTES);
    }

    @Test
    void warnsAtTheBalanceAndBelowAndNoMoreAboveIt() {
        has(1, "20.01");
        assertThat(account.warnings()).isEmpty();
        has(1, 20);
        assertThat(account.warnings())
                .containsExactly(
                        "the account's credit is 20, and nlpearl.credit-warning is 20: add credit before it ends, or"
                                + " sending stops.");
        assertThat(held()).isFalse();
        has(1, 500);
        assertThat(account.warnings()).isEmpty();
    }
}
