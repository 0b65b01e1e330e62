package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request as it arrived; nothing is redacted, for tests.
 *
 * @param operation what it asks for
 * @param path undecoded, with query
 * @param headers names in the JDK server's spelling ({@code Content-type}); see {@link #header}
 * @param outboundId from the path; null when the operation has none
 * @param id lead, call or external id from the path; null when the operation has none
 * @param externalId whom it is about: from the body, the search input, the path or the stored lead; null when nobody
 * @param bytes the body; empty when there is none
 * @param json the body parsed; null when there is none or it is no JSON
 * @param allowed methods that the path takes; empty for an unknown path
 */
public record SandboxRequest(
        Operation operation,
        String method,
        String path,
        Map<String, List<String>> headers,
        String outboundId,
        String id,
        String externalId,
        byte[] bytes,
        JsonNode json,
        Set<String> allowed) {

    /** The first value of a header, whatever the case of its name; null when absent. */
    public String header(String name) {
        return headers.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(name))
                .map(e -> e.getValue().get(0))
                .findFirst()
                .orElse(null);
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Personal data must not reach a log by accident. */
    @Override
    public String toString() {
        return "SandboxRequest[" + operation + "]";
    }
}
