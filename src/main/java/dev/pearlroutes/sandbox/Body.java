package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A request body and what is wrong with it: one message a field, as in ValidationProblemDetails. */
final class Body {
    private static final Set<Integer> STATUSES_IN = Set.of(1, 10, 100, 110, 130);

    private final JsonNode json;
    private final Map<String, String> errors = new LinkedHashMap<>();

    /** @param json null when the body was no JSON */
    Body(JsonNode json) {
        this.json = json;
        if (json == null || !json.isObject()) {
            errors.put("$", "The JSON value could not be converted. Path: $ | LineNumber: 0 | BytePositionInLine: 0.");
        }
    }

    JsonNode json() {
        return json;
    }

    Map<String, String> errors() {
        return errors;
    }

    private JsonNode field(String name) {
        return errors.containsKey("$") || !json.hasNonNull(name) ? null : json.get(name);
    }

    private void expect(boolean ok, String field, String message) {
        if (!ok && !errors.containsKey("$")) {
            errors.putIfAbsent(field, message);
        }
    }

    private void wrongType(String field) {
        errors.putIfAbsent(field, "The JSON value could not be converted. Path: $." + field + ".");
    }

    /** The fields that Add Lead and Update Lead share. */
    Body lead(boolean isNew) {
        for (String name : new String[] {"phoneNumber", "externalId", "timeZoneId"}) {
            text(name);
        }
        JsonNode phone = field("phoneNumber");
        boolean empty = phone != null && phone.asText().isEmpty();
        expect(!empty && (phone != null || !isNew), "phoneNumber", "The phoneNumber field is required.");
        JsonNode zone = field("timeZoneId");
        expect(
                zone == null || TimeZoneNames.contains(zone.asText()),
                "timeZoneId",
                "The time zone ID was not found on the local computer.");
        JsonNode data = field("callData");
        if (data != null) {
            boolean flat = data.isObject();
            for (JsonNode value : data) {
                flat &= value.isValueNode();
            }
            expect(flat, "callData", "Values must be boolean, number or string.");
        }
        JsonNode status = isNew ? null : field("status");
        expect(
                status == null || status.isInt() && STATUSES_IN.contains(status.intValue()),
                "status",
                "The status is not one of 1, 10, 100, 110, 130.");
        return this;
    }

    /** Null when absent. */
    String text(String name) {
        JsonNode value = field(name);
        if (value != null && !value.isTextual()) {
            wrongType(name);
            return null;
        }
        return value == null ? null : value.textValue();
    }

    int number(String name, int otherwise) {
        JsonNode value = field(name);
        if (value != null && (!value.isInt() || value.intValue() < 0)) {
            wrongType(name);
        }
        return value == null ? otherwise : value.asInt();
    }

    boolean flag(String name) {
        JsonNode value = field(name);
        if (value != null && !value.isBoolean()) {
            wrongType(name);
        }
        return value != null && value.asBoolean();
    }

    /** Required; EPOCH stands in for a wrong one. */
    Instant time(String name) {
        String value = text(name);
        expect(value != null, name, "The " + name + " field is required.");
        try {
            return value == null ? Instant.EPOCH : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            wrongType(name);
            return Instant.EPOCH;
        }
    }

    /** The values of an array as text; null when absent or empty, which filters nothing. */
    Set<String> filter(String name) {
        JsonNode array = field(name);
        if (array == null) {
            return null;
        }
        if (!array.isArray()) {
            wrongType(name);
            return null;
        }
        Set<String> values = new HashSet<>();
        array.forEach(value -> values.add(value.asText()));
        return values.isEmpty() ? null : values;
    }

    void refuse(String field, String message) {
        errors.putIfAbsent(field, message);
    }
}
