package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The Normalizer of what the API says of a conversation. Collected data come in three shapes [D]: a lead's {@code
 * collectedData} is an object, its {@code lastCall.collectedData.collectedInfos} and a call's {@code collectedInfo} are
 * arrays of {id, name, value}. Here they are one object by id.
 *
 * @param summary null when unknown
 * @param recording address; null when unknown
 * @param transcript lines of role, content, startTime and endTime; null when there is none
 * @param collectedData value by the id of the variable; null when there is none
 */
record CallDetails(String summary, String recording, ArrayNode transcript, ObjectNode collectedData) {
    static final CallDetails NONE = new CallDetails(null, null, null, null);

    /** Reads an answer of Get Lead, whose newest call it must be. */
    static CallDetails ofLastCall(JsonNode lead) {
        JsonNode call = lead.path("lastCall");
        JsonNode data = call.path("collectedData");
        ObjectNode collected = byId(data.path("collectedInfos"));
        return new CallDetails(
                text(call, "summary"),
                text(call, "recording"),
                transcript(data.path("transcript")),
                // The lead's own gathers that of all its calls, so what this call has comes first.
                collected != null ? collected : byId(lead.path("collectedData")));
    }

    /** Reads an answer of Get Call. */
    static CallDetails ofCall(JsonNode call) {
        JsonNode nested = call.path("collectedData");
        JsonNode transcript = call.path("transcript").isArray() ? call.path("transcript") : nested.path("transcript");
        ObjectNode collected = byId(call.path("collectedInfo"));
        return new CallDetails(
                text(call, "summary"),
                text(call, "recording"),
                transcript(transcript),
                collected != null ? collected : byId(nested.path("collectedInfos")));
    }

    /** Reads the body of a webhook, whose recording and collected data have stood in other places too [S]. */
    static CallDetails ofWebhook(JsonNode body) {
        CallDetails call = ofCall(body);
        JsonNode data = body.path("collectedData");
        boolean byId = data.isObject() && !data.has("collectedInfos") && !data.has("transcript");
        return new CallDetails(
                call.summary,
                call.recording != null ? call.recording : text(body, "recordingUrl"),
                call.transcript,
                call.collectedData == null && byId ? byId(data) : call.collectedData);
    }

    /** Reads what {@link #addTo} has written. */
    static CallDetails ofEvent(JsonNode data) {
        return new CallDetails(
                text(data, "summary"),
                text(data, "recording"),
                transcript(data.path("transcript")),
                byId(data.path("collectedData")));
    }

    /** Adds what another body has and this one lacks; of two transcripts the longer one counts. */
    CallDetails with(CallDetails other) {
        boolean longer =
                other.transcript != null && (transcript == null || other.transcript.size() > transcript.size());
        ObjectNode collected = collectedData == null ? other.collectedData : collectedData;
        if (collectedData != null && other.collectedData != null) {
            collected = other.collectedData.deepCopy();
            collected.setAll(collectedData);
        }
        return new CallDetails(
                summary != null ? summary : other.summary,
                recording != null ? recording : other.recording,
                longer ? other.transcript : transcript,
                collected);
    }

    boolean isEmpty() {
        return equals(NONE);
    }

    /** Adds to an event what is known. */
    void addTo(ObjectNode data) {
        if (summary != null) {
            data.put("summary", summary);
        }
        if (transcript != null) {
            data.set("transcript", transcript);
        }
        if (recording != null) {
            data.put("recording", recording);
        }
        if (collectedData != null) {
            data.set("collectedData", collectedData);
        }
    }

    private static ObjectNode byId(JsonNode given) {
        ObjectNode byId = JsonNodeFactory.instance.objectNode();
        if (given.isArray()) {
            for (JsonNode info : given) {
                String id = info.hasNonNull("id")
                        ? info.get("id").asText()
                        : info.path("name").asText("");
                if (!id.isEmpty() && info.hasNonNull("value")) {
                    byId.set(id, info.get("value"));
                }
            }
        } else if (given.isObject()) {
            for (Map.Entry<String, JsonNode> info : given.properties()) {
                if (!info.getValue().isNull()) {
                    byId.set(info.getKey(), info.getValue());
                }
            }
        }
        return byId.isEmpty() ? null : byId;
    }

    private static ArrayNode transcript(JsonNode given) {
        ArrayNode lines = JsonNodeFactory.instance.arrayNode();
        for (JsonNode line : given) {
            ObjectNode kept = lines.addObject();
            for (String name : new String[] {"role", "content"}) {
                if (line.hasNonNull(name)) {
                    kept.put(name, line.get(name).asText());
                }
            }
            for (String name : new String[] {"startTime", "endTime"}) {
                if (line.path(name).isNumber()) {
                    kept.set(name, line.get(name));
                }
            }
        }
        return lines.isEmpty() ? null : lines;
    }

    private static String text(JsonNode json, String name) {
        String text = json.path(name).textValue();
        return text == null || text.isEmpty() ? null : text;
    }
}
