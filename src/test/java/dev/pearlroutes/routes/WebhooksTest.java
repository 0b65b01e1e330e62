package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.http.HttpClientOfTest;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhooks of the whole bundle over HTTP: the routes take-call-webhook and take-lead-webhook. */
class WebhooksTest {
    private static final String SECRET = "kT3-9_xYq0LmVb7Rz2Wd";
    private static final String[] BEARER = {"Authorization", "Bearer " + SECRET};
    private static final String CALLS = "/webhooks/acme/calls";
    private static final String LEADS = "/webhooks/acme/leads";

    @TempDir
    private Path home;

    private Sandbox api;
    private Bundle bundle;
    private HttpClientOfTest platform;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(SandboxOptions options, String... settings) {
        api = options.start();
        startAgain(settings);
        bundle.drop("leads.csv", "phoneNumber,externalId\n+12025550111,crm-1\n+12025550122,crm-2\n");
        bundle.receipt("leads.csv");
    }

    private void startAgain(String... settings) {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "outbound.acme.webhook-secret=" + SECRET;
        bundle = Bundle.start(home, api, all);
        platform = bundle.http();
    }

    private String lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** A call that the API knows, as the platform posts it. */
    private ObjectNode call(String id) {
        ObjectNode posted = JsonNodeFactory.instance.objectNode();
        api.addCall("ob-1", lead("crm-1"), json -> {
            json.put("id", id)
                    .put(
                            "startTime",
                            Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                    .put("summary", "Wants an offer.");
            posted.setAll(json);
        });
        return posted.put("pearlId", "pearl-1");
    }

    private int post(String path, JsonNode body, String... headers) {
        return platform.post(path, body.toString(), headers).statusCode();
    }

    private List<JsonNode> events() {
        return bundle.events("calls").stream().map(event -> event.path("data")).toList();
    }

    private void awaitEvents(int count) {
        await().until(() -> events().size() == count);
    }

    // --- calls ---

    @Test
    void aCallThatIsPushedIsToldInSecondsAndOnceHoweverOftenItComes() {
        start(Bundle.sandbox());
        ObjectNode call = call("c");

        assertThat(post(CALLS, call, BEARER)).isEqualTo(200);
        awaitEvents(1);
        assertThat(post(CALLS, call, BEARER)).isEqualTo(200);
        assertThat(post(CALLS, call.deepCopy().put("status", 3).put("conversationStatus", 40), BEARER))
                .isEqualTo(200);
        bundle.searchCalls();
        bundle.searchCalls();
        new LedgerFile(bundle.data()).awaitDelivered();

        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.path("externalId").asText()).isEqualTo("crm-1");
            assertThat(event.path("match").asText()).isEqualTo("exact");
            assertThat(event.path("summary").asText()).isEqualTo("Wants an offer.");
            assertThat(event.path("final").asBoolean()).isTrue();
        });
    }

    @Test
    void aCallThatWasTakenIsToldAfterAKill() {
        start(Bundle.sandbox());
        ObjectNode call = call("c");
        api.faults().always(Operation.GET_LEAD, Fault.status(503));
        assertThat(post(CALLS, call, BEARER)).isEqualTo(200);
        bundle.close();
        api.faults().clear();
        startAgain();
        bundle.changeLedger("UPDATE call SET join_at = 0 WHERE join_at IS NOT NULL");

        awaitEvents(1);
        bundle.searchCalls();
        new LedgerFile(bundle.data()).awaitDelivered();
        assertThat(events()).hasSize(1);
    }

    @Test
    void aCallOfAnotherProgramIsAnsweredAndLeftAlone() {
        start(Bundle.sandbox());
        ObjectNode call = call("c").put("id", "other").put("to", "+12025559999").put("leadId", "lead-of-others");

        assertThat(post(CALLS, call, BEARER)).isEqualTo(200);
        assertThat(new LedgerFile(bundle.data()).number("SELECT count(*) FROM call"))
                .isZero();
    }

    @Test
    void nothingIsAnswered200ThatTheLedgerDoesNotHave() throws Exception {
        start(Bundle.sandbox());
        ObjectNode call = call("c");
        bundle.changeLedger("ALTER TABLE call RENAME TO lost");
        HttpResponse<String> answer = platform.post(CALLS, call.toString(), BEARER);
        bundle.changeLedger("ALTER TABLE lost RENAME TO call");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();

        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + new LedgerFile(bundle.data()).path())) {
            other.createStatement().execute("PRAGMA busy_timeout = 5000");
            other.createStatement().execute("BEGIN IMMEDIATE");
            await().until(() -> !bundle.health().equals("UP"));
            assertThat(post(CALLS, call, BEARER)).isEqualTo(503);
            assertThat(post(LEADS, call, BEARER)).isEqualTo(503);
        }
        await().until(() -> bundle.health().equals("UP"));
        assertThat(post(CALLS, call, BEARER)).isEqualTo(200);
        awaitEvents(1);
    }

    // --- credentials ---

    @Test
    void theCredentialIsTakenInEachOfItsThreeWaysAndInNoOther() {
        start(Bundle.sandbox());
        ObjectNode call = call("c");
        for (String path : List.of(CALLS, LEADS)) {
            assertThat(post(path, call, BEARER)).isEqualTo(200);
            assertThat(post(path, call, "authorization", "bearer " + SECRET)).isEqualTo(200);
            assertThat(post(path, call, "X-Api-Key", SECRET)).isEqualTo(200);
            assertThat(post(path + "/" + SECRET, call)).isEqualTo(200);

            assertThat(post(path, call)).isEqualTo(401);
            assertThat(post(path, call, "Authorization", SECRET)).isEqualTo(401);
            assertThat(post(path, call, "Authorization", "Bearer ")).isEqualTo(401);
            assertThat(post(path, call, "Authorization", "Bearer " + SECRET + "x"))
                    .isEqualTo(401);
            assertThat(post(path, call, "X-Api-Key", SECRET.substring(1))).isEqualTo(401);
            assertThat(post(path + "/" + SECRET.toLowerCase(java.util.Locale.ROOT), call))
                    .isEqualTo(401);
            assertThat(post(path + "?secret=" + SECRET, call)).isEqualTo(401);
            assertThat(post(path, call, "secret", SECRET)).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({"/webhooks/other/calls", "/webhooks/other/leads", "/webhooks/acme/else", "/webhooks/acme", "/webhooks"})
    void whatHasNoWebhookIsNotThere(String path) {
        start(Bundle.sandbox());
        assertThat(post(path, call("c"), BEARER)).isEqualTo(404);
    }

    @Test
    void anOutboundWithoutASecretHasNoWebhooks() {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api);
        platform = bundle.http();

        assertThat(platform.post(CALLS, "{\"id\":\"c\"}", "Authorization", "Bearer ")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void noCredentialAndNothingOfABodyReachesTheLogOrAnAnswer() {
        start(Bundle.sandbox());
        List<String> answers = new CopyOnWriteArrayList<>();
        List<String> lines = linesOfAll(() -> {
            ObjectNode call = call("c").put("summary", "MARKER said so").put("to", "+12025550111");
            for (String body :
                    List.of(call.toString(), "{\"summary\":\"MARKER\"", "[\"MARKER\"]", "{\"id\":\"MARKER MARKER\"}")) {
                for (String path : List.of(CALLS, LEADS, CALLS + "/" + SECRET, CALLS + "/wrong" + SECRET)) {
                    HttpResponse<String> answer = platform.post(path, body, BEARER);
                    answers.add(answer.headers() + answer.body());
                }
            }
            bundle.changeLedger("ALTER TABLE call RENAME TO lost");
            answers.add(platform.post(CALLS + "/" + SECRET, call.toString()).body());
            bundle.changeLedger("ALTER TABLE lost RENAME TO call");
        });

        assertThat(lines).isNotEmpty();
        assertThat(lines)
                .noneMatch(line -> line.contains(SECRET) || line.contains("MARKER") || line.contains("2025550111"));
        assertThat(answers)
                .noneMatch(answer ->
                        answer.contains(SECRET) || answer.contains("MARKER") || answer.contains("2025550111"));
    }

    /** What the program's own classes log at their finest. */
    private static List<String> linesOfAll(Runnable meanwhile) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) LogManager.getLogger("dev.pearlroutes");
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage() + event.getThrown());
            }
        };
        Level before = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
        Configurator.setLevel(logger, Level.TRACE);
        try {
            meanwhile.run();
        } finally {
            Configurator.setLevel(logger, before);
            logger.removeAppender(appender);
        }
        return lines;
    }

    // --- odd requests ---

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"id\":17}", "{\"id\":\"c\"", "MARKER"})
    void aBodyThatCannotBeUsedIsRefused(String body) {
        start(Bundle.sandbox());
        for (String path : List.of(CALLS, LEADS)) {
            HttpResponse<String> answer = platform.post(path, body, BEARER);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).doesNotContain("MARKER");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "text/plain",
                "application/octet-stream",
                "application/x-www-form-urlencoded",
                "application/cloudevents+json",
                "none"
            })
    void theContentTypeDecidesNothing(String type) {
        start(Bundle.sandbox());
        String[] headers =
                type.equals("none") ? BEARER : new String[] {"Authorization", "Bearer " + SECRET, "Content-Type", type};

        assertThat(post(CALLS, call("c"), headers)).isEqualTo(200);
        awaitEvents(1);
    }

    @Test
    void aBodyThatIsTooLargeAndAnotherMethodAreRefused() {
        start(Bundle.sandbox());

        assertThat(platform.get(CALLS, BEARER).statusCode()).isEqualTo(405);
        // The door does not wait for the rest of the body, so its answer may get lost while the client still writes.
        await().ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(
                                platform.post(CALLS, "{\"id\":\"c\",\"x\":\"" + "x".repeat(3 << 20) + "\"}", BEARER)
                                        .statusCode())
                        .isEqualTo(413));
    }

    // --- leads ---

    @Test
    void anUnknownLeadThatNoSearchFindsIsFoundByItsWebhook() {
        api = Bundle.sandbox().searchCoversExternalId(false).externalSpellings().start();
        startAgain("leads.settle-time=1s", "leads.unknown-policy=hold");
        api.faults().next(1, Operation.ADD_LEAD, Fault.drop().afterEffect());
        bundle.drop("leads.csv", "phoneNumber,externalId\n+12025550111,crm-1\n");
        bundle.receipt("leads.csv");
        await().until(() -> api.requests(Operation.SEARCH_LEADS) > 0);

        ObjectNode lead = JsonNodeFactory.instance
                .objectNode()
                .put("Id", lead("crm-1"))
                .put("PearlId", "pearl-1")
                .put("PhoneNumber", "+12025550111")
                .put("ExternalId", "crm-1")
                .put("Status", 1);
        assertThat(post(LEADS, lead, BEARER)).isEqualTo(200);

        await().until(() -> new LedgerFile(bundle.data())
                .column("SELECT state || ' ' || lead_id FROM lead")
                .equals(List.of("accepted " + lead("crm-1"))));
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(1);
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .extracting(event -> event.path("type").asText())
                .contains("ai.nlpearl.lead.unknown", "ai.nlpearl.lead.accepted"));
    }

    @Test
    void aLeadThatChangesItsStatusIsReadAgainAtOnce() {
        start(Bundle.sandbox());
        ObjectNode call = call("c");
        api.changeCall("c", json -> json.put("conversationStatus", 10).put("status", 7));
        assertThat(post(CALLS, call.put("conversationStatus", 10).put("status", 7), BEARER))
                .isEqualTo(200);
        awaitEvents(1);
        LedgerFile ledger = new LedgerFile(bundle.data());
        assertThat(ledger.column("SELECT status || ' ' || final FROM call_outcome"))
                .containsExactly("10 0");
        api.changeCall("c", json -> json.put("conversationStatus", 150));

        assertThat(post(
                        LEADS,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("id", lead("crm-1"))
                                .put("status", 150),
                        BEARER))
                .isEqualTo(200);

        await().until(() ->
                ledger.column("SELECT status || ' ' || final FROM call_outcome").equals(List.of("150 1")));
    }

    // --- both at once ---

    @Test
    void webhooksAndTheSearchAtTheSameTimeTellEachCallOnce() {
        start(Bundle.sandbox());
        List<ObjectNode> calls = java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> call("c" + i))
                .toList();
        List<CompletableFuture<Void>> pushers = List.of(0, 1, 2, 3).stream()
                .map(first -> CompletableFuture.runAsync(() -> {
                    for (int i = first; i < calls.size(); i += 2) {
                        assertThat(post(CALLS, calls.get(i), BEARER)).isEqualTo(200);
                    }
                }))
                .toList();
        while (!pushers.stream().allMatch(CompletableFuture::isDone)) {
            bundle.searchCalls();
        }
        pushers.forEach(CompletableFuture::join);
        bundle.searchCalls();

        await().until(() -> events().size() >= calls.size());
        new LedgerFile(bundle.data()).awaitDelivered();
        assertThat(events()).hasSize(calls.size());
        assertThat(events()).extracting(event -> event.path("callId").asText()).doesNotHaveDuplicates();
    }
}
