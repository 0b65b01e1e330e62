package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cancelled are sent no further, and recalled ones are stopped; their receipts still add up. */
class RecallLeadsTest {

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    private void awaitRequests(Operation operation, int atLeast) {
        await().until(() -> api.requests(operation) >= atLeast);
    }

    private void awaitAllStopped(int leads) {
        await().untilAsserted(() -> assertThat(api.leads("ob-1"))
                .hasSize(leads)
                .extracting(SandboxLead::status)
                .containsOnly(130));
    }

    @Test
    void aFileThatWaitsIsNotSentAtAll() throws IOException {
        Path inbox = Files.createDirectories(home.resolve("data/inbox/acme"));
        Files.writeString(inbox.resolve("leads.csv"), Given.csv("crm", 3) + "crm-1,+12125550101\nbad,1\n");
        Files.writeString(inbox.resolve("leads.csv.cancel"), "");

        start();

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=5 duplicate=1 rejected=1 cancelled=3");
        assertThat(Bundle.text(bundle.done("leads.csv.skipped.csv")))
                .contains("crm-1,+12125550101,2,cancelled before it was sent");
        assertThat(inbox.resolve("leads.csv.cancel")).doesNotExist();
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();

        bundle.drop("again.csv", Given.csv("crm", 3));
        Given.assertReceipt(bundle.receipt("again.csv"), "read=3 accepted=3");
    }

    @Test
    void aFileThatIsBeingSentIsSentNoFurther() {
        start("nlpearl.max-per-second=40");
        bundle.drop("leads.csv", Given.csv("crm", 400));
        awaitRequests(Operation.ADD_LEAD, 20);

        bundle.drop("leads.csv.cancel", "");

        JsonNode receipt = bundle.receipt("leads.csv");
        int accepted = receipt.get("accepted").asInt();
        Given.assertReceipt(receipt, "read=400 accepted=%d cancelled=%d".formatted(accepted, 400 - accepted));
        assertThat(accepted).isBetween(20, 399);
        assertThat(api.leads("ob-1"))
                .hasSize(accepted)
                .extracting(SandboxLead::status)
                .containsOnly(1);
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }

    @Test
    void aFileWhoseLineIsStoppedIsCancelledAtOnce() {
        start();
        api.faults().always(null, Fault.status(401));
        bundle.drop("leads.csv", Given.csv("crm", 10));
        awaitRequests(Operation.ADD_LEAD, 1);

        bundle.drop("leads.csv.cancel", "");

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=10 cancelled=10");
        assertThat(api.leads("ob-1")).isEmpty();
    }

    @Test
    void aRecallStopsWhatWasSentAndGoesOnAfterARestart() {
        start("leads.settle-time=1s");
        bundle.drop("other.csv", Given.csv("other", 1));
        bundle.drop("leads.csv", Given.csv("crm", 20));
        bundle.receipt("leads.csv");
        bundle.receipt("other.csv");
        Faults.Rule down = api.faults().always(Operation.UPDATE_LEAD, Fault.status(503));
        bundle.drop("leads.csv.cancel", "recall\n");
        await().until(() -> down.struck() >= 5);
        bundle.close();
        api.faults().clear();

        start("leads.settle-time=1s");

        await().until(() -> bundle.receipts("recalls").size() == 1);
        JsonNode receipt = bundle.receipts("recalls").get(0);
        assertThat(receipt.get("operation").asText()).isEqualTo("recall");
        assertThat(receipt.get("file").asText()).startsWith("leads.csv.recalled-");
        assertThat(receipt.get("updated").asInt()).isEqualTo(20);
        assertThat(api.leads("ob-1").stream().filter(lead -> lead.status() == 1))
                .extracting(SandboxLead::externalId)
                .containsExactly("other-1");

        bundle.drop("updates/again.csv", "externalId,status\ncrm-1,New\n");
        bundle.receipt("updates/again.csv");
        bundle.drop("leads.csv.cancel", "recall");
        await().until(() -> bundle.receipts("recalls").size() == 2);
        new LedgerFile(bundle.data()).awaitDelivered();
        List<JsonNode> stopped = bundle.events("leads").stream()
                .filter(event -> event.path("type").asText().equals("ai.nlpearl.lead.stopped"))
                .toList();
        assertThat(stopped)
                .as("crm-1 twice")
                .hasSize(21)
                .allMatch(event -> event.at("/data/source/file").asText().equals("leads.csv")
                        && event.at("/data/reason").asText().equals("its file was recalled"));
        assertThat(stopped).extracting(event -> event.path("id").asText()).doesNotHaveDuplicates();
        assertThat(api.leads("ob-1").stream().filter(lead -> lead.status() == 1))
                .hasSize(1);
    }

    @Test
    void aRecallStopsWhatBecomesKnownLater() {
        start("leads.settle-time=2s", "nlpearl.max-per-second=100");
        api.faults().every(7, Operation.ADD_LEAD, Fault.drop().afterEffect());
        bundle.drop("leads.csv", Given.csv("crm", 400));
        awaitRequests(Operation.ADD_LEAD, 30);

        bundle.drop("leads.csv.cancel", "RECALL");

        bundle.receipt("leads.csv");
        await().until(() -> Bundle.json(bundle.done("leads.csv.receipt.json"))
                        .get("unknown")
                        .asInt()
                == 0);
        JsonNode receipt = Bundle.json(bundle.done("leads.csv.receipt.json"));
        int accepted = receipt.get("accepted").asInt();
        Given.assertReceipt(receipt, "read=400 accepted=%d cancelled=%d".formatted(accepted, 400 - accepted));
        awaitAllStopped(accepted);
    }

    @Test
    void whatNamesNoFileIsRefused() {
        start();
        bundle.drop("nothing.csv.cancel", "");
        assertThat(bundle.failure("nothing.csv.cancel")).contains("names no lead file of this outbound");

        bundle.drop("leads.csv", Given.csv("crm", 1));
        bundle.receipt("leads.csv");
        bundle.drop("leads.csv.cancel", "please");
        assertThat(bundle.failure("leads.csv.cancel")).contains("says neither nothing");
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }
}
