package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.http.DocumentedClient.Answer;
import dev.pearlroutes.http.DocumentedClient.Call;
import dev.pearlroutes.routes.Receiver;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document against what the routes do: by a client that knows nothing else. */
class OpenApiTest {
    private static final String TOKEN = "token-of-a-program-1";
    private static final String SECRET = "kT3-9_xYq0LmVb7Rz2Wd";
    private static final String JSON = "application/json";
    private static final String CSV = "text/csv";

    /** What only the door answers, which {@link HostileRequestsTest} and others show. */
    private static final Set<String> BY_THE_DOOR = Set.of("401", "403", "408", "413", "429", "503");

    private final Receiver receiver = new Receiver();
    private final Sandbox api = Bundle.sandbox().start();

    @TempDir
    private Path home;

    private Bundle bundle;
    private JsonNode document;
    private DocumentedClient client;

    @BeforeEach
    void start() {
        bundle = Bundle.start(
                home,
                api,
                "http.token=" + TOKEN,
                "outbound.acme.webhook-secret=" + SECRET,
                "outbound.acme.sinks=file,http",
                "outbound.acme.http-sink.url=" + receiver.url(),
                "outbound.acme.max-leads-per-file=4",
                "leads.settle-time=1s",
                "leads.unknown-policy=hold");
        document = HttpClientOfTest.json(bundle.http().get("/api/openapi.json", "Authorization", "Bearer " + TOKEN));
        client = new DocumentedClient(
                bundle.http(), document, Map.of("token", TOKEN, "webhookSecret", SECRET, "webhookKey", SECRET));
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
        receiver.close();
    }

    @Test
    void theDocumentNamesTheOperationsThatThereAreAndNoOthers() {
        Set<String> routes = new TreeSet<>();
        PluginHelper.getRestRegistry(bundle.camel()).listAllRestServices().stream()
                .filter(service -> !service.isSpecification())
                .forEach(service -> routes.add(service.getMethod().toUpperCase(Locale.ROOT) + " "
                        + ("/" + service.getBasePath() + "/" + service.getUriTemplate()).replaceAll("/+", "/")));
        Set<String> named = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> named.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(named).isEqualTo(routes).hasSizeGreaterThan(20);
        assertThat(new OpenAPIV3Parser().readContents(document.toString()).getMessages())
                .isEmpty();
        assertThat(document.path("servers").path(0).path("url").asText()).isEqualTo("/");
        assertThat(document.toString()).doesNotContain("x-camelContextId", "0.0.0.0", TOKEN, SECRET);
    }

    @Test
    void eachOperationAnswersAllThatTheDocumentNamesAndNothingElse() {
        bringLeads("post-leads", "crm-1", "+12125550101");
        bringLeads("post-updates", "crm-1", null);
        bringLeads("post-lookups", "crm-1", null);
        assertThat(onOutbound("post-checks")
                        .body(JSON, lead("crm-9", "+12125550109"))
                        .send(200)
                        .path("leads"))
                .hasSize(1);
        onOutbound("post-checks")
                .body(CSV, "externalId,phoneNumber\ncrm-9,+12125550109\n")
                .send(200);
        refuseBodies("post-checks");
        steerTheOutbound();
        askForSources();
        askForTheRest();
        steerSources();
        retryEvents();
        decideOnUnknownLeads();
        takeWebhooks();

        Set<String> missing = client.documented();
        missing.removeIf(each -> BY_THE_DOOR.contains(each.replaceFirst(".* ", "")));
        missing.removeAll(client.seen());
        assertThat(missing).as("answers that the document names and nobody got").isEmpty();
    }

    private Call onOutbound(String operation) {
        return client.call(operation).with("name", "acme");
    }

    private static String lead(String externalId, String phoneNumber) {
        return "[{\"externalId\":\"" + externalId + "\","
                + (phoneNumber == null ? "\"status\":\"Completed\"" : "\"phoneNumber\":\"" + phoneNumber + "\"") + "}]";
    }

    private void bringLeads(String operation, String externalId, String phoneNumber) {
        String body = lead(externalId, phoneNumber);
        Answer first = onOutbound(operation)
                .with("Idempotency-Key", operation)
                .with("Prefer", "wait=30")
                .body(JSON, body)
                .send();
        assertThat(first.json().path("leads").path(0).path("externalId").asText())
                .as(first.json().toString())
                .isEqualTo(externalId);
        assertThat(first.header("Preference-Applied")).isEqualTo("wait=30");
        Call again = onOutbound(operation).with("Idempotency-Key", operation);
        assertThat(again.body(JSON, body).send(200)).isEqualTo(first.json());
        again.body(JSON, lead("crm-2", "+12125550102")).send(409);
        // Some are done before the answer is made.
        await().until(() -> onOutbound(operation).body(JSON, body).send().status() == 202);
        refuseBodies(operation);
    }

    private void refuseBodies(String operation) {
        onOutbound(operation).body(JSON, "").send(400);
        onOutbound(operation).body("text/html", "<p>").send(415);
        onOutbound(operation).body(JSON, "[{").send(422);
        client.call(operation).with("name", "other").body(JSON, "[]").send(404);
        onOutbound(operation).without("token").body(JSON, "[]").send(401);
    }

    private void steerTheOutbound() {
        onOutbound("post-outbound-pause").send(200);
        Answer taken = onOutbound("post-leads")
                .body("application/x-ndjson", "{\"externalId\":\"crm-3\",\"phoneNumber\":\"+12125550103\"}\n")
                .send();
        assertThat(taken.status()).isEqualTo(202);
        String id = taken.header("Location").replaceFirst(".*/", "");
        await().until(() -> source(id).path("waitsFor").asText().equals("resume"));
        onOutbound("post-outbound-resume").send(200);
        await().until(() -> source(id).path("state").asText().equals("finished"));
        assertThat(source(id).path("receipt").path("accepted").asInt()).isEqualTo(1);
        onOutbound("post-outbound-search-calls").send(202);
        for (String each : List.of("post-outbound-pause", "post-outbound-resume", "post-outbound-search-calls")) {
            client.call(each).with("name", "other").send(404);
        }
    }

    private JsonNode source(String id) {
        return client.call("get-source").with("id", id).send(200);
    }

    private void askForSources() {
        bundle.drop("l.csv", "externalId,phoneNumber\ncrm-4,+12125550104\nbad-1,none\n");
        bundle.receipt("l.csv");
        bundle.drop("broken.json", "[{");
        bundle.failure("broken.json");
        JsonNode page = client.call("get-sources")
                .with("outbound", "acme")
                .with("operation", "add")
                .with("state", "finished")
                .with("limit", "1")
                .with("receipts", "true")
                .send(200);
        assertThat(page.path("next").isNumber()).isTrue();
        client.call("get-sources")
                .with("state", "failed")
                .with("receipts", "true")
                .send(200);
        client.call("get-sources").with("limit", "0").send(400);
        client.call("get-sources").with("outbound", "other").send(404);
        String id = page.path("sources").path(0).path("id").asText();
        assertThat(source(id).path("files")).isNotEmpty();
        for (JsonNode file : source(id).path("files")) {
            client.call("get-file")
                    .with("id", id)
                    .with("file", file.path("file").asText())
                    .send(200);
        }
        client.call("get-file").with("id", id).with("file", "../l.csv").send(404);
        client.call("get-source").with("id", "0").send(404);
    }

    private void askForTheRest() {
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, "+12125550101"),
                call -> call.put("id", "call-1").put("to", "+12125550101"));
        bundle.searchCalls();
        await().until(() -> !client.call("get-outcomes").send(200).path("calls").isEmpty());
        assertThat(client.call("get-status").send(200).path("outbounds")).hasSize(1);
        client.call("get-outcomes").with("from", "yesterday").send(400);
        client.call("get-outcomes").with("outbound", "other").send(404);
        JsonNode story = client.call("post-leads-search")
                .body(JSON, "{\"externalId\":\"crm-1\"}")
                .send(200);
        assertThat(story.path("leads").path(0).path("events")).isNotEmpty();
        client.call("post-leads-search").body(JSON, "{}").send(400);
        client.call("post-leads-search").body(CSV, "externalId\ncrm-1\n").send(415);
    }

    private String waitingFile(String name) {
        bundle.drop(
                name,
                "externalId,phoneNumber\n"
                        + "a-%1$s,+12125550111\nb-%1$s,+12125550112\nc-%1$s,+12125550113\nd-%1$s,+12125550114\ne-%1$s,+12125550115\n"
                                .formatted(name));
        return await().until(() -> idOfWaiting(name), id -> !id.isEmpty());
    }

    private String idOfWaiting(String name) {
        for (JsonNode file : client.call("get-status").send(200).path("files")) {
            if (file.path("file").asText().equals(name)
                    && file.path("waitsFor").asText().equals("approval")) {
                return file.path("id").asText();
            }
        }
        return "";
    }

    private void order(String operation, String source, int status) {
        client.call(operation).with("id", source).send(status);
    }

    private void steerSources() {
        String approved = waitingFile("approved.csv");
        order("post-source-pause", approved, 200);
        order("post-source-resume", approved, 200);
        order("post-source-approve", approved, 200);
        bundle.receipt("approved.csv");
        await().until(() -> source(approved).path("state").asText().equals("finished"));
        order("post-source-approve", approved, 409);
        order("post-source-pause", approved, 409);
        order("post-source-recall", approved, 200);
        String cancelled = waitingFile("cancelled.csv");
        order("post-source-cancel", cancelled, 200);
        bundle.receipt("cancelled.csv");
        String update = client.call("get-sources")
                .with("operation", "update")
                .send(200)
                .path("sources")
                .path(0)
                .path("id")
                .asText();
        order("post-source-cancel", update, 409);
        order("post-source-recall", update, 409);
        for (String each : List.of("approve", "cancel", "recall", "pause", "resume")) {
            order("post-source-" + each, "0", 404);
        }
    }

    private JsonNode undelivered() {
        return client.call("get-undelivered")
                .with("sink", "http")
                .with("limit", "1")
                .send(200);
    }

    private void retryEvents() {
        receiver.answer(422);
        bundle.drop("refused.csv", "externalId,phoneNumber\ncrm-5,+12125550105\ncrm-6,+12125550106\n");
        await().until(() -> undelivered().has("next"));
        receiver.answer(200);
        String id = undelivered().path("events").path(0).path("id").asText();
        Call one = client.call("post-undelivered-retry").with("sink", "http");
        one.with("id", id).send(202);
        one.with("id", "none").send(404);
        client.call("post-sink-retry").with("sink", "http").send(202);
        client.call("post-sink-retry").with("sink", "none").send(404);
        client.call("get-undelivered").with("sink", "none").send(404);
        client.call("get-undelivered").with("sink", "http").with("limit", "x").send(400);
    }

    private void decideOnUnknownLeads() {
        for (String each : List.of("crm-7", "crm-8")) {
            api.faults().next(1, Operation.ADD_LEAD, Faults.externalId(each), Fault.drop());
        }
        bundle.drop(
                "unknown.csv", "externalId,phoneNumber\ncrm-7,+12125550107\ncrm-8,+12125550108\ncrm-10,+12125550110\n");
        await().until(() -> client.call("get-unknown").send(200).path("leads").size() == 2);
        JsonNode leads =
                client.call("get-unknown").with("outbound", "acme").send(200).path("leads");
        client.call("post-unknown-release")
                .with("id", leads.path(0).path("id").asText())
                .send(200);
        client.call("post-unknown-drop")
                .with("id", leads.path(1).path("id").asText())
                .send(200);
        client.call("post-unknown-release").with("id", "x").send(404);
        client.call("post-unknown-drop").with("id", "x").send(404);
        client.call("get-unknown").with("limit", "0").send(400);
        client.call("get-unknown").with("outbound", "other").send(404);
    }

    private void takeWebhooks() {
        for (String each : List.of("post-call-webhook", "post-lead-webhook")) {
            client.call(each)
                    .with("outbound", "acme")
                    .body(JSON, "{\"id\":\"x\",\"status\":4}")
                    .send(200);
            client.call(each).with("outbound", "acme").body(JSON, "[]").send(400);
            client.call(each).with("outbound", "other").body(JSON, "{}").send(404);
            client.call(each)
                    .with("outbound", "acme")
                    .without("webhookSecret")
                    .without("webhookKey")
                    .body(JSON, "{}")
                    .send(401);
            client.call(each)
                    .with("outbound", "acme")
                    .without("webhookSecret")
                    .body(JSON, "{\"id\":\"x\"}")
                    .send(200);
            Call byPath = client.call(each + "-by-path").with("outbound", "acme");
            byPath.with("secret", SECRET).body(JSON, "{\"id\":\"x\"}").send(200);
            byPath.body(JSON, "[]").send(400);
            byPath.with("secret", "guess").body(JSON, "{}").send(401);
            byPath.with("outbound", "other").body(JSON, "{}").send(404);
        }
    }
}
