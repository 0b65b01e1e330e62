package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.nlpearl.ReadFailedException;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of look-ups, and Get Lead for other routes: what the API knows of leads. */
class LookUpRowTest {
    @TempDir
    private Path home;

    private Sandbox api;
    private Bundle bundle;

    @BeforeEach
    void start() {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api);
        bundle.drop("leads.csv", Given.csv("crm", 4));
        bundle.receipt("leads.csv");
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private String id(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .map(SandboxLead::id)
                .findFirst()
                .orElseThrow();
    }

    private JsonNode lookUp(String file, String text) {
        bundle.drop("lookups/" + file, text);
        return bundle.receipt("lookups/" + file);
    }

    @Test
    void everyRowIsAnsweredWithWhatTheApiKnows() {
        api.addCall("ob-1", id("crm-1"), call -> call.put("startTime", "2026-11-20T10:00:00.000Z"));
        bundle.changeLedger("DELETE FROM lead WHERE external_id = 'crm-3'");

        JsonNode receipt = lookUp("ask.csv", """
                leadId;externalId;phoneNumber;note
                %s;;;a
                ;crm-2;;b
                ;crm-3;;c
                ;;%s;d
                ;;+12125559999;e
                ;nobody;;f
                ffffffffffffffffffffffff;;;g
                ;;;h
                """.formatted(id("crm-1"), Given.number(4)));

        assertThat(receipt.get("operation").asText()).isEqualTo("lookup");
        assertThat(receipt.get("read").asInt()).isEqualTo(8);
        assertThat(receipt.get("found").asInt()).isEqualTo(4);
        assertThat(receipt.get("missing").asInt()).isEqualTo(3);
        assertThat(receipt.get("rejected").asInt()).isEqualTo(1);
        assertThat(Bundle.text(bundle.done("lookups/ask.csv.found.csv")))
                .isEqualTo("""
                leadId;externalId;phoneNumber;note;_status;_calls;_lastCall;_leadId
                %1$s;;;a;Success;1;2026-11-20T10:00:00.000Z;%1$s
                ;crm-2;;b;New;0;;%2$s
                ;crm-3;;c;New;0;;%3$s
                ;;%5$s;d;New;0;;%4$s
                """.formatted(id("crm-1"), id("crm-2"), id("crm-3"), id("crm-4"), Given.number(4)));
        assertThat(Bundle.text(bundle.done("lookups/ask.csv.missing.csv")))
                .contains("e;6;the ledger knows no lead with this number")
                .contains("f;7;neither the ledger nor NLPearl knows a lead with this externalId")
                .contains("g;8;400 wrong leadId");
        assertThat(Bundle.text(bundle.done("lookups/ask.csv.rejected.csv"))).contains("nothing names the lead");
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }

    @Test
    void aReadThatFailsIsMadeAgain() {
        api.faults().next(1, Operation.GET_LEAD, Fault.drop());
        api.faults().next(1, Operation.GET_LEAD, Fault.tooManyRequests("1"));

        JsonNode receipt = lookUp("ask.jsonl", "{\"externalId\":\"crm-1\"}\n{\"externalId\":\"crm-2\"}\n");

        assertThat(receipt.get("found").asInt()).isEqualTo(2);
        assertThat(Bundle.text(bundle.done("lookups/ask.jsonl.found.jsonl"))).contains("\"_status\":\"New\"");
    }

    @Test
    void otherRoutesAskForALead() {
        JsonNode lead = get(id("crm-1"), JsonNode.class);
        assertThat(lead.get("externalId").asText()).isEqualTo("crm-1");

        Assertions.assertThatThrownBy(() -> get("a/../b?c", JsonNode.class))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(ReadFailedException.class)
                .hasRootCauseMessage("the API answered 400");
        assertThat(api.received(Operation.GET_LEAD))
                .last()
                .satisfies(request -> assertThat(request.id()).isEqualTo("a/../b?c"));
    }

    private <T> T get(String leadId, Class<T> type) {
        Map<String, Object> headers = Map.of("outbound", "acme", "leadId", leadId);
        return bundle.camel().createProducerTemplate().requestBodyAndHeaders("direct:get-lead", null, headers, type);
    }
}
