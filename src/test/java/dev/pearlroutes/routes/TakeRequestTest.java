package dev.pearlroutes.routes;

import static dev.pearlroutes.http.HttpClientOfTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.http.HttpClientOfTest;
import dev.pearlroutes.rows.WorkbookFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leads, updates, look-ups and checks by HTTP. */
class TakeRequestTest {
    private static final String JSON = "application/json";
    private static final String LEADS = "/api/outbounds/acme/leads";
    private static final String ONE = "{\"externalId\":\"crm-1\",\"phoneNumber\":\"+12025550101\"}";

    @TempDir
    Path home;

    private Sandbox api;
    private Bundle bundle;
    private HttpClientOfTest client;

    @BeforeEach
    void start() {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api);
        client = bundle.http();
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private HttpResponse<String> post(String path, String type, String body, String... headers) {
        String[] all = new String[headers.length + 4];
        all[0] = "Content-Type";
        all[1] = type;
        all[2] = "Prefer";
        all[3] = "wait=30";
        System.arraycopy(headers, 0, all, 4, headers.length);
        return client.post(path, body, all);
    }

    @Test
    void aLeadIsSentAndTheReceiptIsAnsweredWithWhatBecameOfIt() {
        HttpResponse<String> answer = post(LEADS, JSON, ONE);

        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        JsonNode receipt = json(answer);
        assertThat(receipt.get("read").asInt()).isEqualTo(1);
        assertThat(receipt.get("accepted").asInt()).isEqualTo(1);
        assertThat(receipt.get("state").asText()).isEqualTo("finished");
        assertThat(receipt.at("/leads/0/outcome").asText()).isEqualTo("accepted");
        assertThat(receipt.at("/leads/0/leadId").asText()).isNotEmpty();
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("/api/sources/" + receipt.get("request").asText());
        assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("wait=30");
        assertThat(api.leads("ob-1")).hasSize(1);
        await().untilAsserted(() -> assertThat(bundle.events("leads")).hasSize(1));
        assertThat(bundle.events("leads").get(0).at("/data/source").toString())
                .isEqualTo("{\"request\":\"" + receipt.get("request").asText() + "\",\"line\":1}");
    }

    @Test
    void eachFormatIsReadAndEachRowHasItsOutcome() throws IOException {
        String lines = ONE + "\n{\"externalId\":\"crm-2\",\"phoneNumber\":\"12\"}\n";
        assertThat(json(post(LEADS, "application/x-ndjson", lines)).toString())
                .contains("\"accepted\":1", "\"rejected\":1", "\"line\":2");
        String csv = "externalId;phoneNumber;callData.name\ncrm-3;+12025550103;Zoë\n";
        HttpRequest.BodyPublisher latin =
                HttpRequest.BodyPublishers.ofByteArray(csv.getBytes(Charset.forName("windows-1252")));
        assertThat(client.post(LEADS, latin, "Content-Type", "text/csv; charset=windows-1252", "Prefer", "wait=30")
                        .body())
                .contains("\"accepted\":1");
        assertThat(api.leads("ob-1"))
                .anySatisfy(lead -> assertThat(lead.callData()).containsEntry("name", "Zoë"));
        byte[] workbook = WorkbookFile.of(
                        "Leads",
                        WorkbookFile.row("externalId", "phoneNumber"),
                        WorkbookFile.row("crm-4", "+12025550104"))
                .bytes();
        assertThat(client.post(
                                LEADS,
                                HttpRequest.BodyPublishers.ofByteArray(workbook),
                                "Content-Type",
                                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                "Prefer",
                                "wait=30")
                        .body())
                .contains("\"accepted\":1");
        assertThat(client.post(
                                LEADS,
                                HttpRequest.BodyPublishers.ofByteArray(
                                        gzip("[{\"externalId\":\"crm-5\"," + "\"phoneNumber\":\"+12025550105\"}]")),
                                "Content-Type",
                                JSON,
                                "Content-Encoding",
                                "gzip",
                                "Prefer",
                                "wait=30")
                        .body())
                .contains("\"accepted\":1");
    }

    @Test
    void theSameKeyAndBodyIsAnsweredTheSameAndSentOnce() {
        HttpResponse<String> first = post(LEADS, JSON, ONE, "Idempotency-Key", "order-7");
        HttpResponse<String> again = post(LEADS, JSON, ONE, "Idempotency-Key", "order-7");
        HttpResponse<String> other = post(LEADS, JSON, ONE.replace("crm-1", "crm-2"), "Idempotency-Key", "order-7");
        HttpResponse<String> elsewhere = post("/api/outbounds/acme/lookups", JSON, ONE, "Idempotency-Key", "order-7");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(json(first).get("idempotencyKey").asText()).isEqualTo("order-7");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(elsewhere.statusCode()).isEqualTo(200);
        assertThat(api.leads("ob-1")).hasSize(1);
    }

    @Test
    void withoutAKeyEachRequestIsANewOneAndTheLeadIsProtectedByItsIdentity() {
        post(LEADS, JSON, ONE);

        assertThat(json(post(LEADS, JSON, ONE)).get("duplicate").asInt()).isEqualTo(1);
        assertThat(api.leads("ob-1")).hasSize(1);
    }

    @Test
    void whoDoesNotWaitIsAnsweredOnceTheRequestIsInTheLedger() {
        api.faults().next(1, Operation.ADD_LEAD, Fault.delay(Duration.ofSeconds(2)));

        HttpResponse<String> answer = client.post(LEADS, ONE, "Content-Type", JSON, "Idempotency-Key", "k");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).get("remaining").asInt()).isEqualTo(1);
        assertThat(json(answer).has("finishedAt")).isFalse();
        await().until(() -> client.post(LEADS, ONE, "Content-Type", JSON, "Idempotency-Key", "k")
                        .statusCode()
                == 200);
    }

    @Test
    void updatesAndLookUpsAreAnsweredByRow() {
        String leadId = json(post(LEADS, JSON, ONE)).at("/leads/0/leadId").asText();

        JsonNode updated =
                json(post("/api/outbounds/acme/updates", JSON, "{\"externalId\":\"crm-1\",\"status\":\"130\"}"));
        assertThat(updated.get("updated").asInt()).as(updated.toString()).isEqualTo(1);
        JsonNode found = json(post("/api/outbounds/acme/lookups", JSON, "{\"externalId\":\"crm-1\"}"));
        assertThat(found.get("found").asInt()).as(found.toString()).isEqualTo(1);
        assertThat(found.at("/leads/0/leadId").asText()).isEqualTo(leadId);
        assertThat(found.at("/leads/0/found").isObject()).isTrue();
    }

    @Test
    void aCheckTellsWhatTheSendingWouldDoAndKeepsNothing() {
        String rows = "[" + ONE + ",{\"externalId\":\"crm-2\",\"phoneNumber\":\"12\"}," + ONE + "]";

        HttpResponse<String> answer = post("/api/outbounds/acme/checks", JSON, rows);

        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"accepted\":1", "\"rejected\":1", "\"duplicate\":1", "\"unmappedColumns\"");
        assertThat(json(answer).get("leads")).hasSize(3);
        assertThat(api.leads("ob-1")).isEmpty();
        assertThat(json(post(LEADS, JSON, rows)).get("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void whatCannotBeUsedIsAProblemAndNothingOfItIsSent() throws IOException {
        assertThat(post("/api/outbounds/other/leads", JSON, ONE).statusCode()).isEqualTo(404);
        assertThat(post(LEADS, "text/plain", ONE).statusCode()).isEqualTo(415);
        assertThat(post(LEADS, "text/csv", ONE).statusCode()).isEqualTo(415);
        assertThat(post(LEADS, JSON, "externalId,phoneNumber\n1,+12025550101\n").statusCode())
                .isEqualTo(415);
        assertThat(post(LEADS, JSON + ";charset=klingon", ONE).statusCode()).isEqualTo(415);
        assertThat(post(LEADS, JSON, "").statusCode()).isEqualTo(400);
        assertThat(post(LEADS, JSON, ONE, "Idempotency-Key", "a b").statusCode())
                .isEqualTo(400);
        assertThat(post(LEADS, JSON, ONE, "Content-Encoding", "br").statusCode())
                .isEqualTo(415);
        byte[] cut = Arrays.copyOf(gzip(ONE), 20);
        assertThat(client.post(
                                LEADS,
                                HttpRequest.BodyPublishers.ofByteArray(cut),
                                "Content-Type",
                                JSON,
                                "Content-Encoding",
                                "gzip")
                        .statusCode())
                .isEqualTo(400);

        HttpResponse<String> broken = post(LEADS, JSON, "[" + ONE + ",\n{\"externalId\":");
        assertThat(broken.statusCode()).as(broken::body).isEqualTo(422);
        assertThat(json(broken).get("line").asInt()).isEqualTo(2);
        assertThat(json(broken).get("detail").asText()).startsWith("the body ");
        HttpResponse<String> noColumn = post(LEADS, "text/csv", "name\nAnna\n");
        assertThat(noColumn.statusCode()).isEqualTo(422);

        assertThat(client.get(LEADS).statusCode()).isEqualTo(405);
        assertThat(client.get(LEADS).headers().firstValue("Allow")).hasValue("POST");
        assertThat(api.leads("ob-1")).isEmpty();
    }

    @Test
    void aRequestAboveALimitIsRefusedAndLeavesNothingBehind() {
        bundle.close();
        bundle = Bundle.start(home, api, "outbound.acme.max-leads-per-file=1");
        client = bundle.http();
        String two = "[" + ONE + "," + ONE.replace("crm-1", "crm-2").replace("0101", "0102") + "]";

        assertThat(post(LEADS, JSON, two, "Idempotency-Key", "k").statusCode()).isEqualTo(422);

        assertThat(post(LEADS, JSON, ONE, "Idempotency-Key", "k").statusCode()).isEqualTo(200);
        assertThat(api.leads("ob-1")).hasSize(1);
    }

    @Test
    void aRequestThatAStopInterruptsIsFinishedByTheNextStart() {
        api.faults().next(3, Operation.ADD_LEAD, Fault.tooManyRequests("1"));
        String two = "[" + ONE + "," + ONE.replace("crm-1", "crm-2").replace("0101", "0102") + "]";
        assertThat(client.post(LEADS, two, "Content-Type", JSON, "Idempotency-Key", "k")
                        .statusCode())
                .isEqualTo(202);
        bundle.close();

        bundle = Bundle.start(home, api);
        client = bundle.http();

        await().until(() -> client.post(LEADS, two, "Content-Type", JSON, "Idempotency-Key", "k")
                        .statusCode()
                == 200);
        assertThat(api.leads("ob-1")).hasSize(2);
    }

    /** As a program that was killed between the ledger's commit and its answer. */
    private void restartWithARequestThatNobodyWorksOn(String... settings) {
        bundle.changeLedger("INSERT INTO source"
                + " (id, outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at)"
                + " VALUES (77, 'acme', 'add', 'request.x', 'k', 'http:', 'sending', '00', 2, 0)");
        bundle.changeLedger("INSERT INTO request (source_id, body) VALUES (77, CAST('[" + ONE + ","
                + ONE.replace("crm-1", "crm-2").replace("0101", "0102") + "]' AS BLOB))");
        bundle.close();
        bundle = Bundle.start(home, api, settings);
        client = bundle.http();
    }

    @Test
    void aRequestThatNobodyWorksOnIsTakenUpByTheNextStart() {
        restartWithARequestThatNobodyWorksOn();

        await().until(() -> client.get("/api/sources/77").body().contains("\"state\":\"finished\""));
        assertThat(api.leads("ob-1")).hasSize(2);
    }

    @Test
    void aRequestThatNobodyWorksOnAndNobodyLetInIsForgottenByTheNextStart() {
        restartWithARequestThatNobodyWorksOn("outbound.acme.max-leads-per-file=1");

        await().until(() -> client.get("/api/sources/77").statusCode() == 404);
        assertThat(api.leads("ob-1")).isEmpty();
    }

    @Test
    void theDescriptionListsTheOperations() {
        JsonNode description = json(client.get("/api/openapi.json"));

        assertThat(description.get("openapi").asText()).startsWith("3.");
        assertThat(description.at("/paths").toString())
                .contains("/api/outbounds/{name}/leads", "/api/outbounds/{name}/checks", "post-updates");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
