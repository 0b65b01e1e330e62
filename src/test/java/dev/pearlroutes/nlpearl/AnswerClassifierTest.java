package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.nlpearl.Answer.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerClassifierTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final AnswerClassifier answers = new AnswerClassifier(Clock.fixed(NOW, ZoneOffset.UTC));

    static Stream<Arguments> answersThatCame() {
        String field = "{\"errors\":{\"phoneNumber\":[\"is required.\",\"Really.\"]}}";
        String validation = "{\"title\":\"Bad\",\"errors\":{\"validation\":[\"wrong outboundId\"]}}";
        String both = "{\"errors\":{\"validation\":[\"x\"],\"timeZoneId\":[\"unknown\"]}}";
        return Stream.of(
                Arguments.of(200, "{\"leadId\":\"65f0\"}", Kind.ACCEPTED, null),
                Arguments.of(200, "{\"leadId\":null}", Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, "{\"leadId\":\" \"}", Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, "{\"leadId\":17}", Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, "[]", Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, "", Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, null, Kind.UNKNOWN, "answered 200 without a leadId"),
                Arguments.of(200, "<html>", Kind.UNKNOWN, "answered 200 with something that is no JSON"),
                Arguments.of(200, "{\"leadId\":\"65", Kind.UNKNOWN, "answered 200 with something that is no JSON"),
                Arguments.of(201, "{\"leadId\":\"65f0\"}", Kind.UNKNOWN, "answered 201"),
                Arguments.of(204, null, Kind.UNKNOWN, "answered 204"),
                Arguments.of(302, null, Kind.UNKNOWN, "answered 302"),
                Arguments.of(500, field, Kind.UNKNOWN, "answered 500"),
                Arguments.of(503, null, Kind.UNKNOWN, "answered 503"),
                Arguments.of(400, field, Kind.REJECTED, "400 phoneNumber: is required. Really."),
                Arguments.of(415, field, Kind.REJECTED, "415 phoneNumber: is required. Really."),
                Arguments.of(422, field, Kind.REJECTED, "422 phoneNumber: is required. Really."),
                Arguments.of(400, both, Kind.REJECTED, "400 timeZoneId: unknown"),
                Arguments.of(404, field, Kind.AMBIGUOUS_REFUSAL, "404"),
                Arguments.of(400, validation, Kind.AMBIGUOUS_REFUSAL, "400 wrong outboundId"),
                Arguments.of(400, "{\"title\":\"Bad\"}", Kind.AMBIGUOUS_REFUSAL, "400 Bad"),
                Arguments.of(400, "{\"errors\":[]}", Kind.AMBIGUOUS_REFUSAL, "400"),
                Arguments.of(400, "no JSON", Kind.AMBIGUOUS_REFUSAL, "400"),
                Arguments.of(400, null, Kind.AMBIGUOUS_REFUSAL, "400"),
                Arguments.of(405, "", Kind.AMBIGUOUS_REFUSAL, "405"),
                Arguments.of(409, "{\"title\":\"Conflict\"}", Kind.AMBIGUOUS_REFUSAL, "409 Conflict"),
                Arguments.of(429, null, Kind.RATE_LIMITED, "too many requests (429)"));
    }

    @ParameterizedTest
    @MethodSource("answersThatCame")
    void classifiesAnAnswer(int status, String body, Kind kind, String reason) {
        Answer answer = answers.ofAddLead(status, null, body);
        assertThat(answer.kind()).isEqualTo(kind);
        assertThat(answer.reason()).isEqualTo(reason);
        assertThat(answer.leadId()).isEqualTo(kind == Kind.ACCEPTED ? "65f0" : null);
    }

    /** By the status alone: the words of a refusal may hold the number too. */
    @Test
    void thatThereIsNoCreditIsNoLeadsOwnProblem() {
        Answer unpaid = answers.ofAddLead(402, null, "{\"title\":\"Payment Required\"}");
        assertThat(unpaid.kind()).isEqualTo(Kind.AMBIGUOUS_REFUSAL);
        assertThat(unpaid.reason()).isEqualTo("402 Payment Required");
        assertThat(unpaid.unpaid()).isTrue();
        assertThat(answers.ofAddLead(404, null, "{\"title\":\"402\"}").unpaid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusedCredentialsNameTheKeyToFix(int status) {
        Answer answer = answers.ofAddLead(status, null, null);
        assertThat(answer.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(answer.reason()).contains("nlpearl.token");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("refused"), Kind.NOT_SENT),
                Arguments.of(new UnknownHostException("api.example"), Kind.NOT_SENT),
                Arguments.of(new NoRouteToHostException("none"), Kind.NOT_SENT),
                Arguments.of(new ConnectTimeoutException("slow"), Kind.NOT_SENT),
                Arguments.of(new SSLHandshakeException("untrusted"), Kind.NOT_SENT),
                Arguments.of(new RuntimeCamelException(new ConnectException("refused")), Kind.NOT_SENT),
                Arguments.of(new NotSentException("the circuit is open"), Kind.HELD),
                Arguments.of(new RuntimeCamelException(new NotSentException("paused")), Kind.HELD),
                Arguments.of(new SocketTimeoutException("read"), Kind.UNKNOWN),
                Arguments.of(new SocketException("Connection reset"), Kind.UNKNOWN),
                Arguments.of(new NoHttpResponseException("dropped"), Kind.UNKNOWN),
                Arguments.of(new ConnectionClosedException("cut off"), Kind.UNKNOWN),
                Arguments.of(new SSLException("closed"), Kind.UNKNOWN),
                Arguments.of(new IllegalStateException("ours"), Kind.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void classifiesAFailure(Exception failure, Kind kind) {
        assertThat(answers.ofFailure(failure).kind()).isEqualTo(kind);
    }

    /** Messages of exceptions may quote the request. */
    @Test
    void aFailureIsNamedByItsKindAlone() {
        assertThat(answers.ofFailure(new IllegalStateException("body was +12125550101"))
                        .reason())
                .isEqualTo("no answer (IllegalStateException)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "7| 7 ",
                "300|301",
                "300|9999999999",
                "0|-5",
                "30|Sat, 21 Nov 2026 10:00:30 GMT",
                "0|Sat, 21 Nov 2026 09:00:00 GMT",
                "300|Sun, 22 Nov 2026 10:00:00 GMT"
            })
    void believesRetryAfterWithinReason(long seconds, String retryAfter) {
        assertThat(answers.ofAddLead(429, retryAfter, null).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "1.5", "99999999999999999999"})
    void takesAnUnreadableRetryAfterForNone(String retryAfter) {
        assertThat(answers.ofAddLead(429, retryAfter, null).retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+12125550101", "12125550101", "(212) 555-0101", "212.555.0101", "+49 30 23125 563"})
    void masksNumbersInReasons(String number) {
        String body = "{\"errors\":{\"phoneNumber\":[\"'" + number + "' is wrong\"]}}";
        assertThat(answers.ofAddLead(400, null, body).reason())
                .doesNotContain("555")
                .doesNotContain("23125")
                .endsWith("' is wrong");
        String title = "{\"title\":\"no " + number + "\"}";
        assertThat(answers.ofAddLead(404, null, title).reason())
                .doesNotContain("555")
                .doesNotContain("23125");
    }

    @Test
    void keepsAReasonShortAndOnOneLine() {
        String body = "{\"errors\":{\"callData\":[\"a\\nb\\u0000\\tc " + "x".repeat(2_000) + "\"]}}";
        assertThat(answers.ofAddLead(400, null, body).reason())
                .startsWith("400 callData: a b c x")
                .hasSizeLessThan(600)
                .doesNotContain("\n");
    }
}
