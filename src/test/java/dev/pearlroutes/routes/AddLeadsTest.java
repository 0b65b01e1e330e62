package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.rows.UnreadableSourceException;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leads and updates of an operator's own route, which are answered as a message is. */
class AddLeadsTest {

    /** What an operator writes. */
    private static final String CRM = """
            - route:
                id: crm-leads
                from:
                  uri: direct
                  parameters:
                    name: crm-leads
                  steps:
                    - setHeader:
                        name: outbound
                        constant:
                          expression: acme
                    - to:
                        uri: direct
                        parameters:
                          name: add-leads
            - route:
                id: crm-updates
                from:
                  uri: direct
                  parameters:
                    name: crm-updates
                  steps:
                    - to:
                        uri: direct
                        parameters:
                          name: update-leads
            - route:
                id: crm-lead
                from:
                  uri: direct
                  parameters:
                    name: crm-lead
                  steps:
                    - to:
                        uri: direct
                        parameters:
                          name: get-lead
                    - setBody:
                        simple:
                          expression: ${body.path('phoneNumber').asText}
            """;

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("routes")).resolve("crm.camel.yaml"), CRM);
        bundle = Bundle.start(home, api);
    }

    @AfterEach
    void close() {
        bundle.close();
        api.close();
    }

    /** @param headers name and value in turn */
    private Exchange call(String route, Object body, String... headers) {
        ExchangeBuilder request = ExchangeBuilder.anExchange(bundle.camel()).withBody(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.withHeader(headers[i], headers[i + 1]);
        }
        return bundle.camel().createProducerTemplate().send("direct:" + route, request.build());
    }

    private static JsonNode reply(Exchange answered) {
        assertThat(answered.getException()).isNull();
        return Given.json(answered.getMessage().getBody(String.class));
    }

    private SandboxLead lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow();
    }

    private static String json(String id, int i) {
        return "{\"externalId\":\"" + id + "\",\"phoneNumber\":\"" + Given.number(i) + "\"}";
    }

    @Test
    void leadsOfEveryFormAreAnsweredWithWhatBecameOfThem() {
        Exchange one = call("crm-leads", json("one", 1), "crm-batch", "7");
        assertReceipt(reply(one), "read=1 accepted=1");
        assertThat(one.getMessage().getHeader("crm-batch"))
                .as("headers of the caller")
                .isEqualTo("7");
        assertReceipt(
                reply(call("crm-leads", "[" + json("array-1", 2) + "," + json("array-2", 3) + "]")),
                "read=2 accepted=2");
        assertReceipt(reply(call("crm-leads", json("line-1", 4) + "\n" + json("line-2", 5))), "read=2 accepted=2");
        JsonNode csv = reply(call(
                "crm-leads",
                "externalId;phoneNumber;firstName\ncsv;+12125550107;Zoë\nbad;12;Ada\none;+12125550101;Ada\n"
                        .getBytes(StandardCharsets.UTF_8)));
        assertReceipt(csv, "read=3 accepted=1 rejected=1 duplicate=1");
        assertThat(csv.path("queue").asText()).isEqualTo("direct:add-leads");
        assertThat(csv.path("messageId").asText()).isNotEmpty();
        assertThat(csv.at("/leads/0/leadId").asText()).isEqualTo(lead("csv").id());
        assertThat(csv.at("/leads/1/reason").asText()).contains("phoneNumber");
        assertThat(lead("csv").callData()).isEqualTo(Map.of("firstName", "Zoë"));
        assertThat(api.ringsByExternalId())
                .isEqualTo(Map.of("one", 1, "array-1", 1, "array-2", 1, "line-1", 1, "line-2", 1, "csv", 1));
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .filteredOn(event -> event.at("/data/externalId").asText().equals("csv"))
                .extracting(event -> event.at("/data/source/queue").asText())
                .containsExactly("direct:add-leads"));
    }

    @Test
    void whatCannotBeUsedIsTheCallersExceptionAndQuotesNothing() {
        assertThatThrownBy(() -> reply(call("crm-updates", json("a", 1))))
                .hasMessageContaining("the message to direct:update-leads has no header outbound");
        Exchange stranger = call("crm-updates", json("a", 1), "outbound", "other");
        assertThat(stranger.getException())
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("is for an outbound that is not configured");
        Exchange map = call("crm-leads", Map.of("phoneNumber", "+12125550101", "externalId", "a"));
        assertThat(map.getException())
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("is neither text nor bytes")
                .hasMessageNotContaining("12125550101");
        Exchange half = call("crm-leads", "[" + json("a", 1) + ",\n{\"externalId\":");
        assertThat(half.getException())
                .isInstanceOfSatisfying(
                        UnreadableSourceException.class,
                        e -> assertThat(e.line()).as("line").isEqualTo(2))
                .hasMessageContaining("is cut off");
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
    }

    @Test
    void aCallThatAStopOfTheProgramEndsIsMadeAgainAndRingsNobodyTwice() throws Exception {
        String batch = json("crm-1", 1) + "\n" + json("crm-2", 2) + "\n" + json("crm-3", 3);
        String[] id = {"messageId", "batch-1"};
        api.faults().always(Operation.ADD_LEAD, request -> request.text().contains("crm-2"), Fault.status(401));
        CompletableFuture<Exchange> waiting = CompletableFuture.supplyAsync(() -> call("crm-leads", batch, id));
        await().until(() -> !bundle.health().equals("UP"));
        bundle.close();
        assertThat(waiting.get().getException()).hasMessageContaining("have no outcome");
        api.faults().clear();

        bundle = Bundle.start(home, api);
        assertReceipt(reply(call("crm-leads", batch, id)), "read=3 accepted=3");
        assertReceipt(reply(call("crm-leads", batch, id)), "read=3 accepted=3");
        assertThat(api.ringsByExternalId()).isEqualTo(Given.rings("crm", 3));
        assertReceipt(reply(call("crm-leads", batch)), "read=3 duplicate=3");
    }

    @Test
    void anIntentThatAKillLeftBehindIsUnknownAndNotSentAgain() {
        String batch = json("crm-1", 1) + "\n" + json("crm-2", 2);
        String[] id = {"messageId", "batch-1"};
        reply(call("crm-leads", batch, id));
        // As kill -9 leaves it: one outcome was never recorded, and the caller got no answer.
        bundle.changeLedger("UPDATE lead SET state = 'sending', lead_id = NULL WHERE external_id = 'crm-2'");
        bundle.changeLedger("UPDATE source SET state = 'sending', finished_at = NULL");

        bundle.changeLedger("ALTER TABLE lead RENAME TO lost");
        assertThat(call("crm-leads", batch, id).getException())
                .as("while the ledger cannot be read")
                .isNotNull();
        bundle.changeLedger("ALTER TABLE lost RENAME TO lead");
        assertReceipt(reply(call("crm-leads", batch, id)), "read=2 accepted=1 unknown=1");
        assertThat(api.ringsByExternalId()).isEqualTo(Given.rings("crm", 2));
    }

    @Test
    void aCallThatIsMadeAgainIsAnsweredThoughItsColumnsAreRefusedByNow() throws IOException {
        String batch = Given.csv("crm", 2);
        String[] id = {"messageId", "batch-1"};
        reply(call("crm-leads", batch, id));
        bundle.close();
        Path mapping = Files.writeString(home.resolve("mapping.properties"), "Zone = timeZoneId\n");
        bundle = Bundle.start(home, api, "outbound.acme.mapping=" + mapping);

        bundle.changeLedger("ALTER TABLE source RENAME TO lost");
        assertThat(call("crm-leads", batch, id).getException())
                .as("while the ledger cannot be read")
                .isNotNull()
                .isNotInstanceOf(UnreadableSourceException.class);
        bundle.changeLedger("ALTER TABLE lost RENAME TO source");
        assertReceipt(reply(call("crm-leads", batch, id)), "read=2 accepted=2");
        assertThat(call("crm-leads", batch).getException())
                .as("a new call")
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("has no column 'Zone'");
        assertThat(api.ringsByExternalId()).isEqualTo(Given.rings("crm", 2));
    }

    @Test
    void leadsAreUpdatedAndReadToo() {
        reply(call("crm-leads", json("crm-1", 1)));
        JsonNode reply = reply(call(
                "crm-updates",
                "externalId,phoneNumber,status\ncrm-1,+12125550777,\ncrm-1,,Completed\nnobody,,130\n",
                "outbound",
                "acme"));
        assertThat(reply.path("operation").asText()).isEqualTo("update");
        assertThat(reply.path("updated").asInt()).isEqualTo(2);
        assertThat(reply.at("/leads/2/outcome").asText()).isEqualTo("rejected");
        assertThat(lead("crm-1").status()).isEqualTo(130);
        String id = lead("crm-1").id();
        assertThat(call("crm-lead", null, "outbound", "acme", "leadId", id)
                        .getMessage()
                        .getBody(String.class))
                .isEqualTo("+12125550777");
        assertThat(call("crm-lead", null, "outbound", "acme", "leadId", "ffffffffffffffffffffffff")
                        .getException())
                .hasMessageContaining("the API");
    }
}
