package dev.pearlroutes.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a body says of a call, in one form however it was written, so that bodies of webhooks and answers of the API can be compared. It
 * holds no numbers: of those it only says whether they were given, since the same call has the same ones.
 */
final class CallFacts {
    private static final String START = "startTime";
    private static final String TAGS = "tags";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode members;

    private CallFacts(ObjectNode members) {
        this.members = members;
    }

    /** @param row as in {@link dev.pearlroutes.model.SeenCall#json()} */
    static CallFacts of(JsonNode row) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        Instant start = CallParser.startTime(row);
        if (start != null) {
            members.put(START, start.toEpochMilli());
        }
        for (String code : new String[] {"status", "conversationStatus"}) {
            if (row.hasNonNull(code)) {
                members.put(code, row.get(code).asText());
            }
        }
        if (row.path("duration").isNumber()) {
            members.put("duration", Math.round(row.get("duration").doubleValue()));
        } else if (row.hasNonNull("duration")) {
            members.put("duration", row.get("duration").asText());
        }
        for (String number : new String[] {"from", "to"}) {
            if (!row.path(number).asText("").isEmpty()) {
                members.put(number, true);
            }
        }
        Set<String> tags = tags(row);
        if (!tags.isEmpty()) {
            tags.forEach(members.putArray(TAGS)::add);
        }
        return new CallFacts(members);
    }

    /** @param text as {@link #toString} has made it */
    static CallFacts ofText(String text) {
        try {
            return new CallFacts((ObjectNode) JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger holds facts of a call that are no JSON");
        }
    }

    /** Tells whether another body adds nothing to this one. */
    boolean covers(CallFacts other) {
        return tags(members).containsAll(tags(other.members))
                && other.members.properties().stream()
                        .filter(member -> !member.getKey().equals(TAGS))
                        .allMatch(member -> same(members.path(member.getKey()), member.getValue()));
    }

    /** Tells whether another body contradicts nothing of this one. Tags contradict nothing: each body may have some. */
    boolean agrees(CallFacts other) {
        return other.members.properties().stream()
                .filter(member -> !member.getKey().equals(TAGS) && members.has(member.getKey()))
                .allMatch(member -> same(members.get(member.getKey()), member.getValue()));
    }

    /** Tells whether a number is known here that the other body lacks. */
    boolean hasNumbersBeyond(CallFacts other) {
        return members.has("to") && !other.members.has("to") || members.has("from") && !other.members.has("from");
    }

    /** Adds to a row what is known here and the row lacks. */
    void fillIn(ObjectNode row) {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            switch (member.getKey()) {
                case TAGS -> {
                    Set<String> all = new TreeSet<>(tags(row));
                    all.addAll(tags(members));
                    all.forEach(row.putArray(TAGS)::add);
                }
                case START -> {
                    if (CallParser.startTime(row) == null) {
                        row.put(
                                START,
                                Instant.ofEpochMilli(member.getValue().asLong()).toString());
                    }
                }
                case "from", "to" -> {
                    // Not kept.
                }
                default -> {
                    if (!row.hasNonNull(member.getKey())) {
                        row.set(member.getKey(), value(member.getValue()));
                    }
                }
            }
        }
    }

    /** A code is kept as its text, since a number and its text are the same code. */
    private static JsonNode value(JsonNode kept) {
        return kept.isTextual() && kept.asText().matches("-?[0-9]{1,9}")
                ? JsonNodeFactory.instance.numberNode(kept.asInt())
                : kept;
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return one.asText().equals(other.asText());
    }

    private static Set<String> tags(JsonNode row) {
        Set<String> tags = new TreeSet<>();
        row.path(TAGS).forEach(tag -> tags.add(tag.isTextual() ? tag.asText() : tag.toString()));
        return tags;
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
