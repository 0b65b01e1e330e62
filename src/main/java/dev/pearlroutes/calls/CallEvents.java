package dev.pearlroutes.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.model.CallStatus;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.SeenCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The Message Translator of calls: what the API and the ledger say of a call, as the contract of the events names it. */
public final class CallEvents {
    private static final List<String> DETAILS = List.of("summary", "transcript", "recording", "collectedData");
    private static final List<String> OF_ROW = List.of("from", "to", "duration", "tags");

    private final ObjectMapper json = new ObjectMapper();
    private final Events events;
    private final Map<String, Set<String>> fields;

    public CallEvents(List<Outbound> outbounds, Events events) {
        this.events = events;
        this.fields = outbounds.stream().collect(Collectors.toMap(Outbound::name, Outbound::resultFields));
    }

    /** Makes the event of a call. @param row as in {@link SeenCall#json()} */
    Event make(String outbound, String row, boolean isFinal, int revision, LeadMatch match, CallDetails details) {
        ObjectNode data = data(outbound, row, isFinal, revision, match, details);
        return events.ofCall(outbound, data.path("callId").textValue(), revision, isFinal, data);
    }

    /** Makes a digest of what the event of a final call says, whatever its revision. */
    byte[] content(String outbound, String row, LeadMatch match, CallDetails details) {
        String data = data(outbound, row, true, 0, match, details).toString();
        return Digests.sha256().digest(data.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode data(
            String outbound, String row, boolean isFinal, int revision, LeadMatch match, CallDetails details) {
        ObjectNode data = data(outbound, read(row));
        data.put("final", isFinal).put("revision", revision).put("match", match.match());
        addLead(data, match.row());
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        details.addTo(said);
        data.setAll(said);
        Collection<String> unwanted = new ArrayList<>(DETAILS);
        unwanted.addAll(OF_ROW);
        unwanted.removeAll(fields.get(outbound));
        data.remove(unwanted);
        return data;
    }

    /** Measures how much of a conversation the event of a final call tells, and how surely whose it is. */
    ToldAmount amount(String outbound, LeadMatch match, CallDetails details) {
        return new ToldAmount(
                match.certainty(),
                has(outbound, "summary") && details.summary() != null ? 1 : 0,
                has(outbound, "recording") && details.recording() != null ? 1 : 0,
                has(outbound, "transcript") && details.transcript() != null
                        ? details.transcript().size()
                        : 0,
                has(outbound, "collectedData") && details.collectedData() != null
                        ? details.collectedData().size()
                        : 0);
    }

    /** Answers with the names of the outbounds that are configured. */
    Set<String> outbounds() {
        return fields.keySet();
    }

    /** Tells whether an event of the outbound may have this field. */
    boolean has(String outbound, String field) {
        return fields.get(outbound).contains(field);
    }

    /** Tells whether anything is wanted that Get Calls does not give. */
    boolean wantsDetails(String outbound) {
        return DETAILS.stream().anyMatch(fields.get(outbound)::contains);
    }

    JsonNode read(String row) {
        try {
            return json.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger holds a call that is no JSON");
        }
    }

    /** Takes over the members that come from the row itself. */
    private static ObjectNode data(String outbound, JsonNode row) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("outbound", outbound);
        data.put("callId", row.path("id").textValue());
        Instant start = CallParser.startTime(row);
        if (start != null) {
            data.put("startTime", start.toString());
        }
        for (String name : OF_ROW) {
            if (row.hasNonNull(name)) {
                data.set(name, row.get(name));
            }
        }
        name(data, row, "status", code -> CallStatus.ofCode(code).map(CallStatus::apiName));
        name(data, row, "conversationStatus", code -> LeadStatus.ofCode(code).map(LeadStatus::apiName));
        return data;
    }

    private void addLead(ObjectNode data, LeadRef row) {
        if (row != null) {
            if (row.leadId() != null) {
                data.put("leadId", row.leadId());
            }
            data.put("externalId", row.externalId());
            data.set("source", events.origin(row.origin()));
        }
    }

    /** An unknown code is passed on as it was given, without a name. */
    private static void name(ObjectNode data, JsonNode row, String member, IntFunction<Optional<String>> nameOf) {
        if (row.hasNonNull(member)) {
            ObjectNode named = data.putObject(member);
            named.set("code", row.get(member));
            nameOf.apply(row.get(member).asInt(-1)).ifPresent(name -> named.put("name", name));
        }
    }
}
