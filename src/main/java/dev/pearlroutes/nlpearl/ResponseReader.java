package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.apache.camel.Header;

/** Answers of the requests that read: searches and look-ups. */
public final class ResponseReader {
    /** By which the API says that the request as it is won't do, or that there is no such thing. */
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 413, 422);

    private final ObjectMapper json = new ObjectMapper();
    private final AnswerClassifier answers;
    private final CircuitBreakers breakers;

    public ResponseReader(AnswerClassifier answers, CircuitBreakers breakers) {
        this.answers = answers;
        this.breakers = breakers;
    }

    /**
     * The answer's JSON, whatever content type it declares [D].
     *
     * @throws ReadRefusedException when the API refuses the request as it is
     * @throws ReadFailedException when it is no 200 with JSON; a 429 pauses the account as well
     */
    public JsonNode json(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        breakers.onReadAnswer(status, answers.wait(retryAfter));
        if (REFUSALS.contains(status)) {
            throw new ReadRefusedException(status, words(body), answers.ofRefusal(status, retryAfter, body));
        }
        if (status != 200) {
            throw new ReadFailedException("the API answered " + status, answers.ofRefusal(status, retryAfter, body));
        }
        try {
            JsonNode read = json.readTree(body == null ? "" : body);
            if (read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            // The same as JSON of another shape: not an answer to rely on. Its text may hold personal data.
        }
        String reason = "answered 200 with something that is no JSON object";
        throw new ReadFailedException("the API " + reason, Answer.of(Answer.Kind.UNKNOWN, reason));
    }

    /** Like {@link #json}, but a missing node when the API refuses, which is how it says that it knows no such id [S]. */
    public JsonNode jsonIfKnown(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        return jsonUnless(ReadRefusedException.class::isInstance, status, retryAfter, body);
    }

    /**
     * Like {@link #json}, but a missing node when the API refuses, or answers as for a path that it does not have.
     *
     * @throws ReadFailedException when nothing is known of what was asked for: trouble that may pass, or refused credentials
     */
    public JsonNode jsonIfThere(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        return jsonUnless(ReadFailedException::refused, status, retryAfter, body);
    }

    /** Like {@link #json}, but a missing node for whatever is no answer to rely on. */
    public JsonNode jsonIfAny(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        return jsonUnless(any -> true, status, retryAfter, body);
    }

    /** @param nothing the failures that a missing node stands for; others are thrown */
    private JsonNode jsonUnless(Predicate<ReadFailedException> nothing, int status, String retryAfter, String body) {
        try {
            return json(status, retryAfter, body);
        } catch (ReadFailedException e) {
            if (nothing.test(e)) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    /** What is wrong, as ValidationProblemDetails tell it: the names of the fields and the messages. */
    private String words(String body) {
        try {
            return json.readTree(body == null ? "" : body).path("errors").toString();
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
