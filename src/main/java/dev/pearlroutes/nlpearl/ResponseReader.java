package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The reader of answers to searches and look-ups. */
public final class ResponseReader {
    /** Statuses by which the API refuses the request as it is, or has no such thing. */
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 413, 422);

    private final ObjectMapper json = new ObjectMapper();
    private final AnswerClassifier answers;
    private final CircuitBreakers breakers;

    public ResponseReader(AnswerClassifier answers, CircuitBreakers breakers) {
        this.answers = answers;
        this.breakers = breakers;
    }

    /**
     * Reads the answer's JSON, whatever content type it declares [D].
     *
     * @throws ReadRefusedException when the API refuses the request as it is
     * @throws ReadFailedException when it is no 200 with JSON; a 429 pauses the account as well
     */
    public JsonNode json(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        breakers.onReadAnswer(status, answers.retryAfter(retryAfter));
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
            // The same as JSON of another shape: no usable answer. The exception's text may hold personal data.
        }
        String reason = "answered 200 with something that is no JSON object";
        throw new ReadFailedException("the API " + reason, Answer.of(Answer.Kind.UNKNOWN, reason));
    }

    /** Reads like {@link #json}, but gives a missing node when the API refuses, as it does for an unknown id [S]. */
    public JsonNode jsonIfKnown(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        try {
            return json(status, retryAfter, body);
        } catch (ReadRefusedException e) {
            return MissingNode.getInstance();
        }
    }

    /** Takes in the answer to a probe of an open circuit. */
    public void onProbe(
            @Variable("circuit") OpenCircuit circuit,
            @Header("CamelHttpResponseCode") int status,
            @Header("Retry-After") String retryAfter) {
        breakers.onProbe(circuit, status, answers.retryAfter(retryAfter));
    }

    /** Finds the names of fields and the messages of ValidationProblemDetails. */
    private String words(String body) {
        try {
            return json.readTree(body == null ? "" : body).path("errors").toString();
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
