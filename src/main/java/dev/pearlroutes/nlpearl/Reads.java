package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Body;
import org.apache.camel.Header;

/** Answers of the requests that read: searches and look-ups. */
public final class Reads {
    private static final int TOO_MANY_REQUESTS = 429;

    private final ObjectMapper json = new ObjectMapper();
    private final Answers answers;
    private final Lines lines;

    public Reads(Answers answers, Lines lines) {
        this.answers = answers;
        this.lines = lines;
    }

    /**
     * The answer's JSON, whatever content type it declares [D].
     *
     * @throws ReadFailedException when it is no 200 with JSON; a 429 pauses the account as well
     */
    public JsonNode json(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        if (status == TOO_MANY_REQUESTS) {
            lines.limited(answers.wait(retryAfter));
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
}
