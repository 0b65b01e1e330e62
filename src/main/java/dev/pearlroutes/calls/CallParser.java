package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.model.FinalStatuses;
import dev.pearlroutes.model.SeenCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The reader of calls as Get Calls and Get Call give them: nearly every member may be null or absent [D]. Only the members that
 * both have in common count, so that the same call is the same from wherever it was read.
 */
public final class CallParser {
    private static final List<String> MEMBERS =
            List.of("id", "startTime", "conversationStatus", "status", "from", "to", "duration", "tags");
    private static final DateTimeFormatter UTC_UNLESS_GIVEN = DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneOffset.UTC);

    private final FinalStatuses finalStatuses;
    private final Clock clock;

    public CallParser(FinalStatuses finalStatuses, Clock clock) {
        this.finalStatuses = finalStatuses;
        this.clock = clock;
    }

    /** Reads a call. @return null when the row has no id: it could be neither told apart nor recognised when it is read again */
    SeenCall parse(JsonNode row) {
        String id = row.path("id").textValue();
        if (id == null || id.isEmpty()) {
            return null;
        }
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        for (String member : MEMBERS) {
            if (row.hasNonNull(member)) {
                known.set(member, row.get(member));
            }
        }
        Instant start = startTime(row);
        Integer conversation = code(row, "conversationStatus");
        return new SeenCall(
                id,
                number(row.path("to").textValue()),
                start,
                conversation,
                row.path("duration").isNumber()
                        ? Long.valueOf(Math.round(row.path("duration").doubleValue()))
                        : null,
                finalStatuses.isFinal(code(row, "status"), conversation, start, clock.instant()),
                fingerprint(known),
                known.toString());
    }

    /** Reads the start: UTC with any number of fraction digits; without an offset it is UTC too [S]. @return null for none */
    static Instant startTime(JsonNode row) {
        String text = row.path("startTime").textValue();
        if (text == null) {
            return null;
        }
        try {
            // An offset in the text wins over the formatter's zone.
            Instant time = UTC_UNLESS_GIVEN.parse(text, Instant::from);
            // One that is too far off for the ledger would keep the whole page out of it.
            time.toEpochMilli();
            return time;
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }

    /** Reads a code. @return -1, which no list of final codes can hold, for what is there and is no code */
    private static Integer code(JsonNode row, String member) {
        return row.hasNonNull(member) ? Integer.valueOf(row.get(member).asInt(-1)) : null;
    }

    /** Writes a number as the ledger has it: + and digits; the API may leave the + away or space the digits out [?]. */
    private static String number(String given) {
        String digits = given == null ? "" : given.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? null : "+" + digits;
    }

    /** Makes a digest, in which the order of the tags does not matter, and no tags are like none given. */
    private static byte[] fingerprint(ObjectNode known) {
        MessageDigest digest = Digests.sha256();
        for (String member : MEMBERS) {
            JsonNode value = known.path(member);
            String text = value.isArray() ? sorted(value) : value.toString();
            if (!text.isEmpty()) {
                digest.update((member + "=" + text + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return digest.digest();
    }

    private static String sorted(JsonNode array) {
        return String.join(
                ",",
                StreamSupport.stream(array.spliterator(), false)
                        .map(JsonNode::toString)
                        .sorted()
                        .toList());
    }
}
