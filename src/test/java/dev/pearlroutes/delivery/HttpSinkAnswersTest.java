package dev.pearlroutes.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.nlpearl.AnswerClassifier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkAnswersTest {
    private final HttpSink sink =
            new HttpSink(Map.of(), new AnswerClassifier(Clock.systemUTC())::retryAfter, Clock.systemUTC());

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
        assertThatCode(() -> sink.answered("acme", status, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "400, , REFUSED",
        "401, , REFUSED",
        "404, , REFUSED",
        "413, , REFUSED",
        "422, , REFUSED",
        "410, , STOPPED",
        "301, , LATER",
        "302, , LATER",
        "307, , LATER",
        "408, , LATER",
        "425, , LATER",
        "429, , LATER",
        "500, , LATER",
        "503, , LATER",
        "429, 7, LATER",
        "503, 7, LATER",
        "429, 86400, LATER",
        "429, soon, LATER",
    })
    void everyOtherAnswerHasItsMeaning(int status, String retryAfter, DeliveryException.Kind kind) {
        Duration wait = "7".equals(retryAfter)
                ? Duration.ofSeconds(7)
                : "86400".equals(retryAfter) ? Duration.ofMinutes(5) : null;
        assertThatThrownBy(() -> sink.answered("acme", status, retryAfter))
                .hasMessageContaining("answers " + status)
                .asInstanceOf(InstanceOfAssertFactories.type(DeliveryException.class))
                .returns(kind, DeliveryException::kind)
                .returns(wait, DeliveryException::retryAfter);
    }
}
