package dev.pearlroutes.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JMS sink: names what of an event stands on its message too, so that receivers can select without opening it. */
public final class JmsSink {
    private final ObjectMapper json = new ObjectMapper();

    /** Reads the context attributes of a CloudEvent by name, without its data. */
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
