package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * A response before it is on the wire.
 *
 * @param headers besides Content-Type and Content-Length
 * @param body empty for none
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
    static final ObjectMapper JSON = new ObjectMapper();

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer json(int status, JsonNode body) {
        try {
            return new Answer(status, Map.of(), JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The 400 of the documentation; field {@code validation} is what an unknown id gave in production. */
    static Answer problem(int status, Map<String, String> messageByField) {
        ObjectNode body = JSON.createObjectNode()
                .put("type", "https://tools.ietf.org/html/rfc9110#section-15.5.1")
                .put("title", "One or more validation errors occurred.")
                .put("status", status)
                .put("traceId", "00-00000000000000000000000000000000-0000000000000000-00");
        ObjectNode errors = body.putObject("errors");
        messageByField.forEach((field, message) -> errors.putArray(field).add(message));
        return json(status, body);
    }
}
