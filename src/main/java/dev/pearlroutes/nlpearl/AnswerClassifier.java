package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/**
 * The classifier of answers to Add Lead, and to the operations that may be repeated. Whatever is not certain is UNKNOWN, since a
 * second Add Lead may be a second call.
 */
public final class AnswerClassifier {
    private static final Set<Integer> BODY_IS_WRONG = Set.of(400, 415, 422);
    private static final int PAYMENT_REQUIRED = 402;

    /** Characters of a reason at the most. */
    private static final int MAX_REASON_LENGTH = 500;

    private static final Pattern PHONE_NUMBER = Pattern.compile("\\+?\\d[\\d ().-]{5,}\\d");

    /** Longest pause that a Retry-After may ask for. */
    static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private final ObjectMapper json = new ObjectMapper();
    private final Clock clock;

    public AnswerClassifier(Clock clock) {
        this.clock = clock;
    }

    /** Classifies an answer to Add Lead that came. */
    public Answer ofAddLead(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        return status == 200 ? accepted(body) : ofRefusal(status, retryAfter, body);
    }

    /** Classifies an answer to Update Lead that came: the whole lead [D]. */
    public Answer ofUpdateLead(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        if (status != 200) {
            return ofRefusal(status, retryAfter, body);
        }
        JsonNode lead = parsed(body);
        return lead.isObject()
                ? Answer.accepted(lead.path("id").textValue())
                : Answer.of(Answer.Kind.UNKNOWN, "answered 200 with something that is no JSON object");
    }

    /** Classifies an answer other than 200, to any operation. */
    Answer ofRefusal(int status, String retryAfter, String body) {
        if (status == 401 || status == 403) {
            return Answer.of(
                    Answer.Kind.UNAUTHORIZED,
                    "the API refuses the credentials (" + status + "): check nlpearl.token, accountId:secretKey.");
        }
        if (status == 429) {
            return Answer.rateLimited("too many requests (429)", retryAfter(retryAfter));
        }
        if (status >= 400 && status < 500) {
            return refused(status, body);
        }
        return Answer.of(Answer.Kind.UNKNOWN, "answered " + status);
    }

    /** Classifies a request to which no answer came. */
    public Answer ofFailure(@ExchangeException Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ReadFailedException read) {
                return read.answer();
            }
            if (t instanceof WithheldException withheld) {
                return Answer.of(withheld.kind(), t.getMessage());
            }
            if (t instanceof NotSentException) {
                return Answer.of(Answer.Kind.HELD, t.getMessage());
            }
            if (neverSent(t)) {
                return Answer.of(Answer.Kind.NOT_SENT, describe(t));
            }
        }
        return Answer.of(Answer.Kind.UNKNOWN, describe(failure));
    }

    /** Only what happens before the first byte of a request counts: connecting, the TLS handshake, waiting for a connection. */
    private static boolean neverSent(Throwable t) {
        return t instanceof ConnectException
                || t instanceof ConnectTimeoutException
                || t instanceof NoRouteToHostException
                || t instanceof UnknownHostException
                || t instanceof SSLHandshakeException
                || t instanceof SSLPeerUnverifiedException
                || t instanceof ConnectionRequestTimeoutException;
    }

    private Answer accepted(String body) {
        try {
            JsonNode leadId = json.readTree(body == null ? "" : body).path("leadId");
            if (leadId.isTextual() && !leadId.textValue().isBlank()) {
                return Answer.accepted(leadId.textValue());
            }
            return Answer.of(Answer.Kind.UNKNOWN, "answered 200 without a leadId");
        } catch (JsonProcessingException e) {
            return Answer.of(Answer.Kind.UNKNOWN, "answered 200 with something that is no JSON");
        }
    }

    /** A 400 is the lead's own only when it names a field of the body; a wrong outbound id comes as 400 too [S]. */
    private Answer refused(int status, String body) {
        List<String> fields = new ArrayList<>();
        List<String> other = new ArrayList<>();
        JsonNode problem = parsed(body);
        problem.path("errors").properties().forEach(error -> {
            String words = words(error.getValue());
            if (error.getKey().equals("validation")) {
                other.add(words);
            } else {
                fields.add(error.getKey() + ": " + words);
            }
        });
        if (BODY_IS_WRONG.contains(status) && !fields.isEmpty()) {
            return Answer.of(Answer.Kind.REJECTED, shorten(status + " " + String.join("; ", fields)));
        }
        String said = other.isEmpty() ? problem.path("title").asText("") : String.join("; ", other);
        String reason = shorten((status + " " + said).strip());
        return status == PAYMENT_REQUIRED ? Answer.unpaid(reason) : Answer.of(Answer.Kind.AMBIGUOUS_REFUSAL, reason);
    }

    /** Parses the body; a missing node when it is no JSON. */
    private JsonNode parsed(String body) {
        try {
            return json.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            return json.missingNode();
        }
    }

    private static String words(JsonNode messages) {
        return messages.isArray()
                ? String.join(
                        " ",
                        StreamSupport.stream(messages.spliterator(), false)
                                .map(JsonNode::asText)
                                .toList())
                : messages.asText();
    }

    /** The API may quote the number it refuses; a reason is kept and shown where numbers must not be. */
    private static String shorten(String text) {
        String line = PHONE_NUMBER.matcher(text.replaceAll("\\p{Cntrl}+", " ")).replaceAll("…");
        return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH) + "…";
    }

    /** Reads a Retry-After by RFC 9110, in seconds or as a date, capped; null when there is none or it is neither. */
    public Duration retryAfter(String retryAfter) {
        if (retryAfter == null) {
            return null;
        }
        Duration wait;
        try {
            wait = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
        } catch (NumberFormatException | ArithmeticException e) {
            try {
                Instant until = ZonedDateTime.parse(retryAfter.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                wait = Duration.between(clock.instant(), until);
            } catch (DateTimeParseException notADate) {
                return null;
            }
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
    }

    /** Names the kind of failure alone: messages of exceptions may quote what was sent. */
    private static String describe(Throwable t) {
        return t instanceof NotSentException
                ? t.getMessage()
                : "no answer (" + t.getClass().getSimpleName() + ")";
    }
}
