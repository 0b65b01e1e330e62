package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every event of a mixed run is as its shipped schema says, and no other. */
class EventSchemasTest {
    private static final List<String> KINDS =
            List.of("lead", "lead-silent", "lead-stopped", "call", "file-completed", "file-failed", "ops");

    @Test
    void everyEventOfAMixedRunIsValid(@TempDir Path home) {
        List<JsonNode> events = mixedRun(home);

        Set<String> types = new TreeSet<>();
        for (JsonNode event : events) {
            types.add(event.path("type").asText().replace("ai.nlpearl.", ""));
            assertThat(complaints(event)).as(event.toString()).isEmpty();
        }
        assertThat(types)
                .contains(
                        "lead.accepted",
                        "lead.duplicate",
                        "lead.rejected",
                        "lead.silent",
                        "lead.stopped",
                        "lead.unknown",
                        "lead.suppressed",
                        "lead.cancelled",
                        "lead.update-suppressed",
                        "lead.updated",
                        "lead.update-rejected",
                        "call.updated",
                        "call.final",
                        "file.completed",
                        "file.failed");

        for (JsonNode event : events) {
            unknownNamesFail(event);
        }
        wrongValuesFail(events);
    }

    private static List<JsonNode> mixedRun(Path home) {
        try (Sandbox api = Bundle.sandbox().start()) {
            api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-2"), Fault.drop());
            api.faults()
                    .next(
                            1,
                            Operation.ADD_LEAD,
                            Faults.externalId("crm-3"),
                            Fault.status(400, "{\"errors\":{\"phoneNumber\":[\"is wrong\"]}}"));
            put(home, "suppress/dnc.txt", "+12025550177\n");
            put(home, "inbox/acme/cancelled.csv", "phoneNumber,externalId\n+12025550188,crm-8\n");
            put(home, "inbox/acme/cancelled.csv.cancel", "recall");
            try (Bundle bundle = Bundle.start(home, api, "outbound.acme.silent-after=1h")) {
                bundle.drop("mixed.csv", """
                        phoneNumber,externalId
                        +12025550111,crm-1
                        +12025550122,crm-2
                        +12025550133,crm-3
                        +12025550111,crm-1
                        no number,crm-5
                        +12025550166,
                        +12025550177,crm-7
                        """);
                bundle.receipt("mixed.csv");
                bundle.receipt("cancelled.csv");
                bundle.drop("broken.json", "[{");
                bundle.failure("broken.json");
                bundle.drop(
                        "updates/changes.csv",
                        "externalId,status,phoneNumber\ncrm-1,130,\ncrm-9,130,\n,130,\ncrm-3,,+12025550177\n");
                bundle.receipt("updates/changes.csv");
                bundle.drop("lookups/ask.csv", "externalId\ncrm-1\ncrm-9\n");
                bundle.receipt("lookups/ask.csv");
                api.addCall(
                        "ob-1",
                        Bundle.leadWith(api, "+12025550111"),
                        json -> json.put("to", "+12025550111").withArray("tags").add("hot"));
                api.addCall("ob-1", null, json -> json.put("status", 2).put("conversationStatus", 999));
                api.addCall(
                        "ob-1",
                        null,
                        json -> json.putNull("to").putNull("duration").putNull("tags"));
                bundle.changeLedger("UPDATE lead SET at = at - 7200000 WHERE state = 'accepted'");
                bundle.searchCalls();
                LedgerFile ledger = new LedgerFile(bundle.data());
                Awaitility.await()
                        .until(() ->
                                ledger.number("SELECT count(*) FROM source WHERE state IN ('claimed', 'sending')") == 0
                                        && ledger.number("SELECT count(*) FROM lead WHERE silent_at IS NOT NULL") == 1);
                ledger.awaitDelivered();
                return Stream.of("leads", "calls")
                        .flatMap(stream -> bundle.events(stream).stream())
                        .toList();
            }
        }
    }

    private static void put(Path home, String name, String text) {
        try {
            Path file = home.resolve("data").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unknownNamesFail(JsonNode event) {
        ObjectNode more = event.deepCopy();
        more.put("extension", "x");
        assertThat(complaints(more)).as("an unknown name of the envelope").isNotEmpty();
        ObjectNode moreData = event.deepCopy();
        ((ObjectNode) moreData.get("data")).put("phone", "x");
        assertThat(complaints(moreData)).as("an unknown name of the data").isNotEmpty();
        if (event.path("data").has("source")) {
            ObjectNode moreSource = event.deepCopy();
            ((ObjectNode) moreSource.path("data").get("source")).put("row", 1);
            assertThat(complaints(moreSource))
                    .as("an unknown name of the source")
                    .isNotEmpty();
        }
    }

    /** The conditions of the schemas: what a type must hold, and must not. */
    private static void wrongValuesFail(List<JsonNode> events) {
        fails(first(events, "lead.accepted"), data -> data.remove("leadId"));
        fails(first(events, "lead.accepted"), data -> data.put("reason", "x"));
        fails(first(events, "lead.rejected"), data -> data.remove("reason"));
        fails(first(events, "lead.rejected"), data -> data.remove("outbound"));
        fails(first(events, "lead.unknown"), data -> data.put("leadId", "x"));
        fails(first(events, "lead.updated"), data -> data.remove("leadId"));
        fails(first(events, "lead.updated"), data -> data.put("reason", "x"));
        fails(first(events, "lead.update-rejected"), data -> data.remove("reason"));
        fails(first(events, "file.completed"), data -> data.put("operation", "update"));
        fails(first(events, "file.completed"), data -> data.put("updated", 1));
        fails(first(events, "lead.silent"), data -> data.remove("leadId"));
        fails(first(events, "lead.silent"), data -> data.remove("reason"));
        fails(first(events, "lead.stopped"), data -> data.remove("reason"));
        fails(first(events, "lead.stopped"), data -> data.put("phoneNumber", "x"));
        fails(first(events, "call.final"), data -> data.put("final", false));
        fails(first(events, "call.updated"), data -> data.put("final", true));
        fails(first(events, "call.updated"), data -> data.put("match", "phone"));
        fails(first(events, "call.updated"), data -> data.put("leadId", "x"));
        fails(first(events, "call.updated"), data -> data.put("startTime", "yesterday"));
        fails(first(events, "file.completed"), data -> data.put("read", -1));
        fails(first(events, "file.failed"), data -> data.remove("reason"));
    }

    private static void fails(JsonNode event, Consumer<ObjectNode> change) {
        ObjectNode changed = event.deepCopy();
        change.accept((ObjectNode) changed.get("data"));
        assertThat(complaints(changed)).as(changed.toString()).isNotEmpty();
    }

    private static JsonNode first(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals("ai.nlpearl." + type))
                .findFirst()
                .orElseThrow();
    }

    static List<Error> complaints(JsonNode event) {
        String type = event.path("type").asText().replace("ai.nlpearl.", "");
        String own = type.replace('.', '-');
        String kind = KINDS.contains(own) ? own : type.replaceFirst("\\..*", "");
        assertThat(KINDS).contains(kind);
        return schema(kind).validate(event, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static Schema schema(String kind) {
        try (InputStream schema = Events.class.getResourceAsStream("schemas/" + kind + ".schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
