package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.routes.Receiver;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The orders over HTTP: each does what its control file or command does. */
class OrderProgramTest {
    private static final String LEADS =
            "externalId,phoneNumber\ncrm-1,+12125550101\ncrm-2,+12125550102\ncrm-3,+12125550103\n";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    private JsonNode get(String path) {
        return HttpClientOfTest.json(bundle.http().get("/api/" + path));
    }

    private JsonNode order(int status, String path) {
        HttpResponse<String> answer = bundle.http().post("/api/" + path, "");
        assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains(status < 300 ? "application/json" : "application/problem+json");
        return HttpClientOfTest.json(answer);
    }

    private LedgerFile ledger() {
        return new LedgerFile(home.resolve("data"));
    }

    private String source(String file) {
        String query = "SELECT id FROM source WHERE name = '" + file + "'";
        await("source of " + file).until(() -> !ledger().column(query).isEmpty());
        return "sources/" + ledger().number(query);
    }

    private void awaitWaitsFor(String source, String what) {
        await(source + " waits for " + what)
                .until(() -> get(source).path("waitsFor").asText().equals(what));
    }

    @Test
    void whatThereIsNotTakesNoOrder() {
        start();
        for (String path : List.of(
                "outbounds/other/pause",
                "outbounds/other/search-calls",
                "sources/99/cancel",
                "sources/x/approve",
                "sinks/http/retry",
                "sinks/file/undelivered/7d3e/retry",
                "unknown/1-1/release",
                "unknown/x/drop")) {
            order(404, path);
        }
    }

    @Test
    void anOutboundIsPausedAndResumed() {
        start();
        assertThat(order(200, "outbounds/acme/pause").path("done").asText()).isEqualTo("paused");
        order(200, "outbounds/acme/pause");
        assertThat(get("status").path("outbounds").path(0).path("state").asText())
                .isEqualTo("paused");
        bundle.drop("l.csv", LEADS);
        awaitWaitsFor(source("l.csv"), "resume");
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();

        order(200, "outbounds/acme/resume");
        order(200, "outbounds/acme/resume");
        assertThat(bundle.receipt("l.csv").path("accepted").asInt()).isEqualTo(3);
        assertThat(ledger().number("SELECT count(*) FROM meta WHERE name LIKE 'paused%'"))
                .isZero();
    }

    @Test
    void aFileThatWaitsIsApproved() {
        start("outbound.acme.max-leads-per-file=2");
        bundle.drop("l.csv", LEADS);
        String source = source("l.csv");
        awaitWaitsFor(source, "approval");
        assertThat(get("status").path("files").path(0).path("waitsFor").asText())
                .isEqualTo("approval");

        assertThat(order(200, source + "/approve").path("done").asText()).isEqualTo("approved");

        assertThat(bundle.receipt("l.csv").path("accepted").asInt()).isEqualTo(3);
        await().until(() -> get(source).path("state").asText().equals("finished"));
        assertThat(order(409, source + "/approve").path("detail").asText()).contains("waits for an approval");
        order(409, source + "/pause");
        assertThat(order(200, source + "/resume").path("done").asText()).contains("nothing to resume");
    }

    @Test
    void whatWaitsForAWaveSaysUntilWhen() {
        start("outbound.acme.release=2/hour");
        bundle.drop("l.csv", LEADS);
        String source = source("l.csv");
        awaitWaitsFor(source, "wave");
        assertThat(get(source).path("until").asText()).isNotEmpty();
        assertThat(get("status").path("files").path(0).path("waitsFor").asText())
                .isEqualTo("wave");
        assertThat(get("sources?state=sending").path("sources")).hasSize(1);
    }

    @Test
    void aPausedFileIsResumedOrCancelledAndASentOneRecalled() {
        start("outbound.acme.max-leads-per-file=2");
        bundle.drop("l.csv", LEADS);
        String source = source("l.csv");
        awaitWaitsFor(source, "approval");
        order(200, source + "/pause");
        order(200, source + "/approve");
        awaitWaitsFor(source, "resume");
        order(200, source + "/cancel");
        order(200, source + "/cancel");
        assertThat(bundle.receipt("l.csv").path("cancelled").asInt()).isEqualTo(3);
        assertThat(get(source).path("cancelled").asText()).isEqualTo("cancel");
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();

        bundle.drop("two.csv", "externalId,phoneNumber\ncrm-8,+12125550108\n");
        bundle.receipt("two.csv");
        String sent = source("two.csv");
        order(200, sent + "/recall");
        await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE stopped_at > 0") == 1);
        assertThat(get(sent).path("cancelled").asText()).isEqualTo("recall");
    }

    @Test
    void aSourceOfUpdatesTakesNoOrderOfLeads() {
        start();
        bundle.drop("l.csv", LEADS);
        bundle.receipt("l.csv");
        bundle.drop("acme/updates", "u.csv", "externalId,status\ncrm-1,Completed\n");
        String source = source("u.csv");
        for (String what : List.of("approve", "cancel", "recall", "pause")) {
            order(409, source + "/" + what);
        }
    }

    @Test
    void callsAreSearchedWhenAskedFor() {
        start();
        bundle.drop("l.csv", LEADS);
        bundle.receipt("l.csv");
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, "+12125550101"),
                call -> call.put("id", "call-1").put("to", "+12125550101"));

        order(202, "outbounds/acme/search-calls");
        order(202, "outbounds/acme/search-calls");

        await().until(() -> !bundle.events("calls").isEmpty());
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, "+12125550102"),
                call -> call.put("id", "call-2").put("to", "+12125550102"));
        order(202, "outbounds/acme/search-calls");
        await().until(() -> bundle.events("calls").size() == 2);
    }

    @Test
    void whatASinkHasRefusedGoesAgainAllOrOne() throws IOException {
        try (Receiver receiver = new Receiver()) {
            start("outbound.acme.sinks=http", "outbound.acme.http-sink.url=" + receiver.url());
            receiver.answer(422);
            bundle.drop("l.csv", LEADS);
            bundle.receipt("l.csv");
            await().until(() -> get("sinks/http/undelivered").path("events").size() == 4);
            JsonNode first = get("sinks/http/undelivered?limit=3");
            assertThat(first.path("events")).hasSize(3);
            JsonNode event = first.path("events").path(0);
            assertThat(event.path("reason").asText()).contains("422");
            assertThat(event.path("outbound").asText()).isEqualTo("acme");
            assertThat(first.toString()).doesNotContain("212555", "crm-");
            assertThat(get("sinks/http/undelivered?limit=3&after="
                                    + first.path("next").asText())
                            .path("events"))
                    .hasSize(1);
            Path broken = bundle.data().resolve("undelivered/http/00000000-0000-0000-0000-000000000000.json");
            Files.writeString(broken, "{");
            assertThat(get("sinks/http/undelivered?limit=1")
                            .path("events")
                            .path(0)
                            .path("reason")
                            .asText())
                    .contains("no JSON");
            Files.delete(broken);

            receiver.answer(200);
            String id = event.path("id").asText();
            assertThat(order(202, "sinks/http/undelivered/" + id + "/retry")
                            .path("retried")
                            .asInt())
                    .isEqualTo(1);
            await().until(() -> get("sinks/http/undelivered").path("events").size() == 3);
            order(404, "sinks/http/undelivered/" + id + "/retry");
            order(202, "sinks/http/retry");
            await().until(() -> get("sinks/http/undelivered").path("events").isEmpty());
            assertThat(order(202, "sinks/http/retry").path("retried").asInt()).isZero();
        }
    }

    @Test
    void unknownLeadsAreReleasedAndDropped() {
        start("leads.settle-time=1s", "leads.unknown-policy=hold");
        for (String id : List.of("crm-1", "crm-2", "crm-3")) {
            api.faults().next(1, Operation.ADD_LEAD, Faults.externalId(id), Fault.drop());
        }
        // By the one that is accepted, the search is known to find leads.
        bundle.drop("l.csv", LEADS + "crm-4,+12125550104\n");
        bundle.receipt("l.csv");
        await().until(() ->
                ledger().number("SELECT count(*) FROM lead WHERE state = 'unknown' AND look_up_at IS NULL") == 3);
        JsonNode first = get("unknown?limit=2");
        assertThat(first.path("leads").findValuesAsText("externalId")).containsExactly("crm-1", "crm-2");
        assertThat(get("unknown?limit=2&after=" + first.path("next").asText())
                        .path("leads")
                        .findValuesAsText("externalId"))
                .containsExactly("crm-3");

        String id = first.path("leads").path(0).path("id").asText();
        assertThat(order(200, "unknown/" + id + "/release").path("released").asInt())
                .isEqualTo(1);
        await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted'") == 2);
        order(404, "unknown/" + id + "/drop");
        assertThat(order(200, "unknown/" + id.split("-")[0] + "/drop")
                        .path("dropped")
                        .asInt())
                .isEqualTo(2);

        assertThat(get("unknown").path("leads")).isEmpty();
        assertThat(ledger().number("SELECT count(*) FROM lead WHERE state = 'cancelled'"))
                .isEqualTo(2);
        assertThat(api.ringsByExternalId()).containsOnlyKeys("crm-1", "crm-4");
    }
}
