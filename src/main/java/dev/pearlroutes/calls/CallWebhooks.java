package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.model.CallStatus;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.nlpearl.UnreadableWebhookException;
import dev.pearlroutes.nlpearl.WebhookBody;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Channel Adapter of the calls that the platform pushes. A push tells sooner what the search for calls would find, and the search
 * makes it complete: what a push leaves open, the search decides.
 */
public final class CallWebhooks {
    private static final Logger LOG = LoggerFactory.getLogger(CallWebhooks.class);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private final Set<String> filtered;
    private final CallRecorder recorder;
    private final CallParser parser;
    private final Clock clock;

    public CallWebhooks(List<Outbound> outbounds, CallRecorder recorder, CallParser parser, Clock clock) {
        this.filtered = outbounds.stream()
                .filter(outbound -> outbound.searchCalls().isFiltered())
                .map(Outbound::name)
                .collect(Collectors.toSet());
        this.recorder = recorder;
        this.parser = parser;
        this.clock = clock;
    }

    /**
     * Takes a call; when this returns the ledger has what is new in it.
     *
     * @param outbound name of a configured outbound, to whose webhook it was posted
     * @param body null for none
     * @throws UnreadableWebhookException when the body is no JSON object with an id
     * @throws dev.pearlroutes.ledger.LedgerException when the ledger cannot be written
     */
    public void take(String outbound, byte[] body) {
        PushedCall call = read(WebhookBody.read(body));
        boolean isNew = recorder.push(outbound, call, parser::parse, filtered.contains(outbound), clock.instant());
        LOG.debug(
                "{}: a webhook told of the call {}, new: {}",
                outbound,
                call.call().callId(),
                isNew);
    }

    PushedCall read(JsonNode body) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("id", body.path("id").textValue());
        put(row, "startTime", body.path("startTime").isTextual() ? body.get("startTime") : null);
        put(row, "conversationStatus", code(WebhookBody.code(body.path("conversationStatus"), LeadStatus::ofName)));
        put(row, "status", code(WebhookBody.code(body.path("status"), CallStatus::ofName)));
        put(row, "from", number(body.path("from")));
        put(row, "to", number(body.path("to")));
        put(row, "duration", duration(body.path("duration")));
        put(row, "tags", tags(body.path("tags")));
        SeenCall call = parser.parse(row);
        String leadId = PushedCall.leadId(body);
        return new PushedCall(call, row, WebhookBody.isId(leadId) ? leadId : null, CallDetails.ofWebhook(body));
    }

    private static void put(ObjectNode row, String member, JsonNode value) {
        if (value != null) {
            row.set(member, value);
        }
    }

    private static JsonNode code(Integer code) {
        return code == null ? null : JsonNodeFactory.instance.numberNode(code);
    }

    /** Writes a number as the API's answers have it: the + may be left out [?]. @return null when there is none */
    private static JsonNode number(JsonNode given) {
        String text =
                given.isTextual() || given.isIntegralNumber() ? given.asText().strip() : "";
        return text.isEmpty()
                ? null
                : JsonNodeFactory.instance.textNode(text.matches("[0-9]{7,15}") ? "+" + text : text);
    }

    /** Reads seconds, which may come as a text. @return null when there are none */
    private static JsonNode duration(JsonNode given) {
        String text = given.isNumber() || given.isTextual() ? given.asText().strip() : "";
        return SECONDS.matcher(text).matches() ? JsonNodeFactory.instance.numberNode(new BigDecimal(text)) : null;
    }

    private static ArrayNode tags(JsonNode given) {
        ArrayNode tags = JsonNodeFactory.instance.arrayNode();
        given.forEach(tag -> {
            if (tag.isTextual()) {
                tags.add(tag);
            }
        });
        return given.isArray() && !tags.isEmpty() ? tags : null;
    }
}
