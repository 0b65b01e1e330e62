package dev.pearlroutes.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pearlroutes.nlpearl.AnswerClassifier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkAnswersTest {
    private final HttpSink sink = new HttpSink(Map.of(), new AnswerClassifier(Clock.systemUTC()), Clock.systemUTC());

    /** The test vector of the Standard Webhooks libraries. */
    @Test
    void signsAsStandardWebhooksDoes() {
        assertThat(HttpSink.signature(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1614265330),
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Map.of(
                        "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "webhook-timestamp", "1614265330",
                        "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void every2xxIsTaken(int status) {
        assertThatCode(() -> sink.onAnswer("acme", status, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "401, true", "403, true", "404, true", "405, true", "407, true", "415, true",
        "400, false", "402, false", "409, false", "413, false", "422, false", "451, false"
    })
    void aWrongSecretOrPathMayBeOfEveryEvent(int status, boolean ambiguous) {
        assertThatThrownBy(() -> sink.onAnswer("acme", status, null))
                .asInstanceOf(type(EventRefusedException.class))
                .returns(ambiguous, EventRefusedException::ambiguous);
    }

    @ParameterizedTest
    @CsvSource({
        "400, , dev.pearlroutes.delivery.EventRefusedException",
        "401, , dev.pearlroutes.delivery.EventRefusedException",
        "404, , dev.pearlroutes.delivery.EventRefusedException",
        "413, , dev.pearlroutes.delivery.EventRefusedException",
        "422, , dev.pearlroutes.delivery.EventRefusedException",
        "410, , dev.pearlroutes.delivery.SinkStoppedException",
        "301, , dev.pearlroutes.delivery.NotDeliveredException",
        "302, , dev.pearlroutes.delivery.NotDeliveredException",
        "307, , dev.pearlroutes.delivery.NotDeliveredException",
        "408, , dev.pearlroutes.delivery.NotDeliveredException",
        "425, , dev.pearlroutes.delivery.NotDeliveredException",
        "429, , dev.pearlroutes.delivery.NotDeliveredException",
        "500, , dev.pearlroutes.delivery.NotDeliveredException",
        "503, , dev.pearlroutes.delivery.NotDeliveredException",
        "429, 7, dev.pearlroutes.delivery.NotDeliveredException",
        "503, 7, dev.pearlroutes.delivery.NotDeliveredException",
        "429, 86400, dev.pearlroutes.delivery.NotDeliveredException",
        "429, soon, dev.pearlroutes.delivery.NotDeliveredException",
    })
    void everyOtherAnswerHasItsMeaning(int status, String retryAfter, Class<? extends Exception> meaning) {
        Duration wait = "7".equals(retryAfter)
                ? Duration.ofSeconds(7)
                : "86400".equals(retryAfter) ? Duration.ofMinutes(5) : null;
        assertThatThrownBy(() -> sink.onAnswer("acme", status, retryAfter))
                .hasMessageContaining("answers " + status)
                .isExactlyInstanceOf(meaning)
                .extracting(e -> e instanceof NotDeliveredException later ? later.retryAfter() : null)
                .isEqualTo(wait);
    }
}
