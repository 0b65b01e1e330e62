package dev.pearlroutes.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** What of an event is said on its message too, so that a receiver can select messages without opening them. */
public final class JmsSink {
    private final ObjectMapper json = new ObjectMapper();

    /** The context attributes of a CloudEvent by name; its data is none of them. */
    public Map<String, String> attributes(String event) throws JsonProcessingException {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.readTree(event).properties()) {
            if (member.getValue().isTextual()) {
                attributes.put(member.getKey(), member.getValue().textValue());
            }
        }
        return attributes;
    }
}
