package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.LeadRecord;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stories of the leads of one outbound while they are put together: first their rows, then their events. */
final class LeadTales {
    private static final String TYPE = "ai.nlpearl.";

    /** Members of an event's data that the story has, besides those of the lead itself. */
    private static final List<String> TOLD =
            List.of("callId", "revision", "final", "match", "startTime", "duration", "status", "conversationStatus");

    private final String outbound;
    private final Ledger ledger;
    private final Events events;
    private final ObjectMapper json = new ObjectMapper();

    /** By the place they came from, as it stands in the events. */
    private final Map<String, Tale> tales = new LinkedHashMap<>();

    private final Map<Tale, LeadRecord> rows = new LinkedHashMap<>();

    LeadTales(String outbound, Ledger ledger, Events events) {
        this.outbound = outbound;
        this.ledger = ledger;
        this.events = events;
    }

    /** One lead. */
    private final class Tale {
        private final ObjectNode lead = json.createObjectNode();
        private final List<ObjectNode> told = new ArrayList<>();
        private final Set<String> known = new HashSet<>();

        private Tale(JsonNode origin) {
            lead.put("outbound", outbound);
            origin.properties().forEach(member -> lead.set(member.getKey(), member.getValue()));
        }

        private void put(String name, String value) {
            if (value != null && !value.isEmpty()) {
                lead.put(name, value);
            }
        }

        private boolean has(String name, JsonNode value) {
            return value.isTextual() && value.equals(lead.path(name));
        }

        private ObjectNode tell(Instant at, String what) {
            ObjectNode event = json.createObjectNode();
            if (at != null) {
                event.put("at", at.toString());
            }
            event.put("what", what);
            told.add(event);
            return event;
        }

        /** Tells what no event has told. */
        private void complete(LeadRecord row) {
            boolean accepted = row.state() == RowState.ACCEPTED;
            if (accepted && row.foundAt() == null) {
                tell(row.at(), "sent");
            } else if (row.state() == RowState.SENDING) {
                tell(row.at(), "planned");
            } else if (!accepted && !known.contains("lead." + row.state().word())) {
                tell(row.at(), "lead." + row.state().word()).put("reason", row.reason());
            }
            unlessKnown(row.foundAt(), "found");
            unlessKnown(row.stoppedAt(), "lead.stopped");
            unlessKnown(row.silentAt(), "lead.silent");
            for (CallTable.OfRow call : ledger.read(tx -> tx.calls().ofRow(row.sourceId(), row.row()))) {
                if (!known.contains(call.callId() + "/" + call.revision())) {
                    tell(call.startedAt(), call.isFinal() ? "call.final" : "call.updated")
                            .put("callId", call.callId())
                            .put("revision", call.revision())
                            .put("final", call.isFinal());
                }
            }
            if (accepted) {
                ledger.read(tx -> tx.failedStops().ofLead(outbound, row.leadId()))
                        .forEach(stop -> tell(stop.since(), "stop.failed")
                                .put("cause", stop.cause().word())
                                .put("reason", stop.reason())
                                .put("tries", stop.tries()));
            }
        }

        private void unlessKnown(Instant at, String what) {
            if (at != null && !known.contains(what)) {
                tell(at, what);
            }
        }

        private ObjectNode finished() {
            told.sort(Comparator.comparing(event -> event.path("at").asText()));
            lead.putArray("events").addAll(told);
            return lead;
        }
    }

    /** Adds the row of a lead. */
    void add(LeadRecord row) {
        Optional<Source> source = ledger.read(tx -> tx.sources().find(row.sourceId()));
        if (source.isEmpty()) {
            return;
        }
        Tale tale = at(events.origin(source.get().origin(row.line())));
        tale.put("externalId", row.externalId());
        tale.put("leadId", row.leadId());
        tale.put("state", row.state().word());
        tale.put("reason", row.reason());
        tale.tell(source.get().startedAt(), "taken");
        rows.put(tale, row);
    }

    /** Adds an event, which comes after the rows and in its order. @param sinks where it stands at each sink */
    void add(JsonNode event, ObjectNode sinks) {
        JsonNode data = event.path("data");
        String what = event.path("type").asText().replaceFirst("^" + TYPE, "");
        boolean own = what.startsWith("lead.") && !what.startsWith("lead.update");
        Tale tale = own ? at(data.path("source")) : about(data);
        tale.put(
                "externalId",
                tale.lead.has("externalId") ? null : data.path("externalId").asText());
        tale.put("leadId", tale.lead.has("leadId") ? null : data.path("leadId").asText());
        if (own && !rows.containsKey(tale) && isState(what)) {
            tale.put("state", what.substring("lead.".length()));
            tale.put("reason", data.path("reason").asText());
        }
        ObjectNode told = tale.tell(Instant.parse(event.path("time").asText()), what);
        TOLD.stream().filter(data::has).forEach(member -> told.set(member, data.get(member)));
        if (data.has("reason")) {
            told.set("reason", data.get("reason"));
        }
        if (what.startsWith("lead.update")) {
            data.path("source").properties().forEach(member -> told.set(member.getKey(), member.getValue()));
        }
        told.put("eventId", event.path("id").asText()).set("sinks", sinks);
        tale.known.add(what);
        tale.known.add(
                data.path("callId").asText() + "/" + data.path("revision").asText());
    }

    private static boolean isState(String what) {
        return !what.equals("lead.stopped") && !what.equals("lead.silent");
    }

    private Tale at(JsonNode origin) {
        return tales.computeIfAbsent(origin.toString(), place -> new Tale(origin));
    }

    /** Finds the lead that an update or call is about: by where it came from, by the API's id, or the newest of its externalId. */
    private Tale about(JsonNode data) {
        Tale place = tales.get(data.path("source").toString());
        if (place != null) {
            return place;
        }
        return newest("leadId", data.path("leadId"))
                .or(() -> newest("externalId", data.path("externalId")))
                .orElseGet(() -> tales.computeIfAbsent(
                        "lead " + data.path("leadId") + data.path("externalId"),
                        other -> new Tale(json.createObjectNode())));
    }

    private Optional<Tale> newest(String name, JsonNode value) {
        return tales.values().stream().filter(tale -> tale.has(name, value)).reduce((first, second) -> second);
    }

    void addTo(ArrayNode leads) {
        rows.forEach(Tale::complete);
        tales.values().forEach(tale -> leads.add(tale.finished()));
    }
}
