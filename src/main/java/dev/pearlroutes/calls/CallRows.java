package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.nlpearl.CallStatus;
import dev.pearlroutes.nlpearl.LeadStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the rows of Get Calls, of which nearly every member may be null or absent [D]. */
final class CallRows {
    private final Clock clock;

    CallRows(Clock clock) {
        this.clock = clock;
    }

    Calls.Seen seen(JsonNode row, byte[] fingerprint) {
        return new Calls.Seen(
                row.path("id").textValue(), row.path("to").textValue(), startTime(row), isFinal(row), fingerprint);
    }

    /** The members of the event that come from the row itself, as the contract of the events names them. */
    ObjectNode data(String outbound, JsonNode row) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("outbound", outbound);
        data.put("callId", row.path("id").textValue());
        Instant start = startTime(row);
        if (start != null) {
            data.put("startTime", start.toString());
        }
        for (String name : new String[] {"from", "to", "duration", "tags"}) {
            if (row.hasNonNull(name)) {
                data.set(name, row.get(name));
            }
        }
        name(data, row, "status", code -> CallStatus.ofCode(code).map(CallStatus::apiName));
        name(data, row, "conversationStatus", code -> LeadStatus.ofCode(code).map(LeadStatus::apiName));
        return data;
    }

    /** Final when the telephone is down and the conversation will not change: both must be known to be so. */
    private boolean isFinal(JsonNode row) {
        boolean over = CallStatus.ofCode(row.path("status").asInt(-1))
                .map(status -> status.isFinal(startTime(row), clock.instant()))
                .orElse(false);
        boolean settled = !row.hasNonNull("conversationStatus")
                || LeadStatus.ofCode(row.path("conversationStatus").asInt(-1))
                        .map(LeadStatus::finalForCall)
                        .orElse(false);
        return over && settled;
    }

    private interface Naming {
        Optional<String> nameOf(int code);
    }

    /** An unknown code is passed on as it was given, without a name. */
    private static void name(ObjectNode data, JsonNode row, String member, Naming naming) {
        if (row.hasNonNull(member)) {
            ObjectNode named = data.putObject(member);
            named.set("code", row.get(member));
            naming.nameOf(row.get(member).asInt(-1)).ifPresent(name -> named.put("name", name));
        }
    }

    /** UTC with any number of fraction digits; without an offset it is UTC too [S]. */
    private static Instant startTime(JsonNode row) {
        String text = row.path("startTime").textValue();
        if (text == null) {
            return null;
        }
        try {
            // An offset in the text wins over the formatter's zone.
            Instant time =
                    DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneOffset.UTC).parse(text, Instant::from);
            // One that is too far off for the ledger would keep the whole page out of it.
            time.toEpochMilli();
            return time;
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }
}
