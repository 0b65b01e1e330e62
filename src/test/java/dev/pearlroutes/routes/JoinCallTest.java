package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.CollectedDataShape;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.sandbox.SandboxOptions;
import dev.pearlroutes.sandbox.SandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The routes join-calls and join-call in the whole bundle: whose a call is, and what was said in it. */
class JoinCallTest {
    private static final String COLLECTED = "{\"interest\":\"high\",\"callBack\":true}";

    /** Most tests want the same bundle, and starting one is most of their time: it is kept, and only made new inside. */
    private record Running(Path home, Sandbox api, Bundle bundle) {}

    private static Running shared;

    @TempDir
    static Path kept;

    @TempDir
    Path own;

    private Path home;
    private Sandbox api;
    private Bundle bundle;
    private LedgerFile ledger;

    @AfterEach
    void stopOrMakeNew() throws IOException {
        if (home == own) {
            bundle.close();
            api.close();
            return;
        }
        api.reset();
        for (String table : List.of("call", "call_outcome", "cursor")) {
            bundle.changeLedger("DELETE FROM " + table);
        }
        ledger.awaitDelivered();
        bundle.changeLedger("DELETE FROM lead");
        bundle.changeLedger("DELETE FROM source");
        for (String folder : List.of("results/acme", "done/acme")) {
            try (var files = Files.list(bundle.data().resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        shared.bundle().close();
        shared.api().close();
        shared = null;
    }

    /** For tests that need another API or configuration, or stop the bundle. */
    private void startAnew(SandboxOptions options, String... settings) {
        home = own;
        api = options.start();
        bundle = Bundle.start(home, api, settings);
        send();
    }

    private void start() {
        if (shared == null) {
            Sandbox sandbox = Bundle.sandbox().start();
            shared = new Running(kept, sandbox, Bundle.start(kept, sandbox));
        }
        home = shared.home();
        api = shared.api();
        bundle = shared.bundle();
        send();
    }

    /** Three leads of a file, of which the last two share a number. */
    private void send() {
        ledger = new LedgerFile(bundle.data());
        bundle.drop("leads.csv", """
                phoneNumber,externalId
                +12025550111,crm-1
                +12025550122,crm-2
                +12025550122,crm-3
                """);
        bundle.receipt("leads.csv");
        // The calls of these tests began in the hour before.
        bundle.changeLedger("UPDATE source SET started_at = started_at - 7200000");
    }

    // --- whose it is ---

    @Test
    void aCallInTheLeadsListOfCallsIsExactlyThatLeads() {
        start();
        call("c", "crm-1", 0, json -> {});

        bundle.searchCalls();

        JsonNode call = only();
        assertThat(call.path("match").asText()).isEqualTo("exact");
        assertThat(call.path("final").asBoolean()).isTrue();
        assertThat(call.path("revision").asInt()).isEqualTo(1);
        assertThat(call.path("leadId").asText()).isEqualTo(lead("crm-1").id());
        assertThat(call.path("externalId").asText()).isEqualTo("crm-1");
        assertThat(call.path("source").toString()).isEqualTo("{\"file\":\"leads.csv\",\"line\":2}");
        assertThat(api.requests(Operation.GET_LEAD)).isEqualTo(1);
        assertThat(api.requests(Operation.GET_CALL)).isZero();
    }

    @Test
    void leadsThatShareANumberAreToldApart() {
        start();
        call("second", "crm-2", 0, json -> {});
        call("third", "crm-3", 1, json -> {});

        bundle.searchCalls();

        List<JsonNode> calls = calls();
        assertThat(calls)
                .hasSize(2)
                .allMatch(call -> call.path("match").asText().equals("exact"));
        assertThat(of(calls, "second").path("externalId").asText()).isEqualTo("crm-2");
        assertThat(of(calls, "third").path("externalId").asText()).isEqualTo("crm-3");
        assertThat(api.requests(Operation.GET_LEAD))
                .as("once a lead, not once a call")
                .isEqualTo(2);
    }

    @Test
    void whatNoLeadOwnsUpToIsJoinedByTheNumber() {
        start();
        stray("one", "+12025550111");
        stray("shared", "+12025550122");
        stray("nobody's", "+12025550133");

        bundle.searchCalls();
        await().until(() -> ledger.number("SELECT count(*) FROM call WHERE tries = 1") == 2);
        assertThat(bundle.events("calls")).as("the leads' lists may lag").hasSizeLessThan(2);
        lastTry();

        List<JsonNode> calls = calls();
        assertThat(of(calls, "one").path("match").asText()).isEqualTo("phone");
        assertThat(of(calls, "one").path("externalId").asText()).isEqualTo("crm-1");
        assertThat(of(calls, "shared").path("match").asText()).isEqualTo("ambiguous");
        assertThat(of(calls, "shared").has("externalId")).isFalse();
        assertThat(of(calls, "nobody's").path("match").asText()).isEqualTo("none");
        assertThat(api.received(Operation.GET_CALL))
                .as("nothing is asked about a call to a number of no lead")
                .extracting(SandboxRequest::id)
                .contains("one", "shared")
                .doesNotContain("nobody's");
    }

    @Test
    void aCallThatItsLeadDisownsSaysNothingOfTheLead() {
        start();
        call("mine", "crm-1", 0, json -> {});
        stray("foreign", "+12025550111");

        bundle.searchCalls();
        await().until(() -> tries() == 1);
        lastTry();

        assertThat(of(calls(), "foreign").path("match").asText()).isEqualTo("phone");
        assertThat(ledger.column("SELECT call_id || ' ' || attempts FROM call_outcome"))
                .containsExactly("mine 1");
    }

    @Test
    void aLeadThatIsYoungerThanACallIsNotJoinedToItByNumber() {
        start();
        bundle.changeLedger("UPDATE source SET started_at = started_at + 7200000");
        call("before", "crm-1", 0, json -> json.put("status", 3).put("conversationStatus", 40));

        bundle.searchCalls();

        assertThat(only().path("match").asText()).isEqualTo("none");
    }

    @Test
    void aCallInProgressAsksNothing() {
        start();
        call("c", "crm-1", 0, json -> json.put("status", 3).put("conversationStatus", 40));
        bundle.searchCalls();
        assertThat(only().path("match").asText()).isEqualTo("phone");
        assertThat(only().path("final").asBoolean()).isFalse();
        assertThat(api.requests(Operation.GET_LEAD)).isZero();

        api.changeCall("c", json -> json.put("status", 4).put("conversationStatus", 110));
        bundle.searchCalls();

        List<JsonNode> calls = calls();
        assertThat(calls).extracting(call -> call.path("revision").asInt()).containsExactly(1, 2);
        assertThat(calls.get(1).path("match").asText()).isEqualTo("exact");
        assertThat(api.requests(Operation.GET_LEAD)).isEqualTo(1);
    }

    @Test
    void aCorrectionIsToldWithItsDetailsAgain() {
        start();
        call("c", "crm-1", 0, JoinCallTest::talk);
        bundle.searchCalls();
        calls();

        api.changeCall("c", json -> json.withArray("tags").add("reviewed"));
        bundle.searchCalls();

        List<JsonNode> calls = calls();
        assertThat(calls).extracting(call -> call.path("revision").asInt()).containsExactly(1, 2);
        assertThat(calls.get(1).path("tags").toString()).isEqualTo("[\"reviewed\"]");
        assertThat(calls.get(1).path("summary").asText()).isEqualTo("They talked.");
    }

    // --- what was said ---

    @ParameterizedTest
    @EnumSource(CollectedDataShape.class)
    void collectedDataHaveOneShapeWhicheverTheApiUses(CollectedDataShape shape) {
        startAnew(Bundle.sandbox().collectedData(shape));
        call("first", "crm-1", 0, JoinCallTest::talk);
        call("last", "crm-1", 1, JoinCallTest::talk);

        bundle.searchCalls();

        boolean ofGetCall = shape == CollectedDataShape.CALL;
        List<JsonNode> calls = calls();
        assertThat(of(calls, ofGetCall ? "first" : "last").path("collectedData").toString())
                .isEqualTo(COLLECTED);
        assertThat(of(calls, ofGetCall ? "last" : "first").has("collectedData")).isFalse();
    }

    @Test
    void eachAttemptHasItsOwnDetails() {
        start();
        call("first", "crm-1", 0, json -> talk(json).put("summary", "No time.").put("conversationStatus", 10));
        call("last", "crm-1", 1, JoinCallTest::talk);

        bundle.searchCalls();

        List<JsonNode> calls = calls();
        assertThat(of(calls, "first").path("summary").asText()).isEqualTo("No time.");
        JsonNode last = of(calls, "last");
        assertThat(last.path("summary").asText()).isEqualTo("They talked.");
        assertThat(last.path("recording").asText()).isEqualTo("https://example.com/r.mp3");
        assertThat(last.path("transcript").toString())
                .isEqualTo("[{\"role\":\"Pearl\",\"content\":\"Hello?\",\"startTime\":0.5,\"endTime\":2}]");
        assertThat(last.path("collectedData").toString()).isEqualTo(COLLECTED);
        assertThat(api.requests(Operation.GET_LEAD)).isEqualTo(1);
        assertThat(api.received(Operation.GET_CALL))
                .extracting(SandboxRequest::id)
                .containsExactly("first");
    }

    @Test
    void fieldsThatAreNotWantedAreLeftOutAndNotAskedFor() {
        startAnew(Bundle.sandbox(), "outbound.acme.result-fields=duration, tags");
        call("first", "crm-1", 0, JoinCallTest::talk);
        call("last", "crm-1", 1, JoinCallTest::talk);

        bundle.searchCalls();

        assertThat(calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder(
                                "outbound",
                                "callId",
                                "startTime",
                                "duration",
                                "tags",
                                "status",
                                "conversationStatus",
                                "final",
                                "revision",
                                "match",
                                "leadId",
                                "externalId",
                                "source"));
        assertThat(api.requests(Operation.GET_CALL)).isZero();
        assertThat(ledger.number(
                        "SELECT count(*) FROM call_outcome WHERE summary IS NOT NULL OR collected IS NOT NULL"))
                .isZero();
    }

    // --- faults ---

    @Test
    void anEventWaitsWhileItsLeadCannotBeRead() {
        start();
        call("c", "crm-1", 0, JoinCallTest::talk);
        var fault = api.faults().always(Operation.GET_LEAD, Fault.status(503));
        bundle.searchCalls();
        await().until(() -> fault.struck() == 1 && tries() == 1);
        assertThat(bundle.events("calls")).isEmpty();
        // The search finds it again meanwhile, unchanged.
        bundle.searchCalls();

        api.faults().clear();
        retryNow();

        JsonNode call = only();
        assertThat(call.path("match").asText()).isEqualTo("exact");
        assertThat(call.path("revision").asInt()).isEqualTo(1);
        assertThat(call.path("summary").asText()).isEqualTo("They talked.");
    }

    @Test
    void afterManyFailuresItGoesOutWithWhatIsKnownAndIsCorrectedLater() {
        start();
        call("c", "crm-1", 0, JoinCallTest::talk);
        api.faults().always(Operation.GET_LEAD, Fault.drop());
        bundle.searchCalls();
        await().until(() -> tries() == 1);
        bundle.changeLedger("UPDATE call SET tries = 7, join_at = 0");
        await().until(() -> bundle.events("calls").size() == 1);

        JsonNode bare = bundle.events("calls").get(0).path("data");
        assertThat(bare.path("match").asText()).isEqualTo("phone");
        assertThat(bare.path("externalId").asText()).isEqualTo("crm-1");
        assertThat(bare.has("summary")).isFalse();
        assertThat(ledger.number("SELECT tries FROM call")).isEqualTo(8);

        api.faults().clear();
        retryNow();

        List<JsonNode> calls = calls();
        assertThat(calls).extracting(call -> call.path("revision").asInt()).containsExactly(1, 2);
        assertThat(calls.get(1).path("match").asText()).isEqualTo("exact");
        assertThat(calls.get(1).path("summary").asText()).isEqualTo("They talked.");
    }

    @Test
    void aLeadThatCannotBeReadForAMonthIsGivenUpAndBeforeThatItIsNot() {
        start();
        call("c", "crm-1", 0, json -> {});
        api.faults().always(Operation.GET_LEAD, Fault.status(401));
        bundle.searchCalls();
        await().until(() -> tries() == 1);

        bundle.changeLedger("UPDATE call SET tries = 718, join_at = 0");
        await().until(() -> tries() == 719);
        assertThat(ledger.number("SELECT join_at FROM call"))
                .as("asked each hour")
                .isGreaterThan(Instant.now().plusSeconds(3500).toEpochMilli());
        await("published all the same").until(() -> bundle.events("calls").size() == 1);

        retryNow();

        await().until(() -> ledger.column("SELECT join_at FROM call").get(0) == null);
        assertThat(ledger.column("SELECT seen FROM call")).containsNull();
    }

    @Test
    void aLeadThatTheApiDoesNotKnowIsAnAnswer() {
        start();
        call("c", "crm-1", 0, JoinCallTest::talk);
        api.faults().always(Operation.GET_LEAD, Fault.status(400, "{\"errors\":{\"validation\":[\"wrong leadId\"]}}"));

        bundle.searchCalls();

        assertThat(only().path("match").asText()).isEqualTo("phone");
        assertThat(only().path("summary").asText()).as("Get Call still has it").isEqualTo("They talked.");
    }

    @Test
    void aCallToALeadWhoseAnswerIsAwaitedWaitsForItsId() {
        start();
        bundle.changeLedger(
                "UPDATE lead SET state = 'unknown', lead_id = NULL, body = '{}' WHERE external_id = 'crm-1'");
        call("c", "crm-1", 0, json -> {});
        bundle.searchCalls();
        await().until(() -> tries() == 1);
        assertThat(bundle.events("calls")).isEmpty();

        bundle.changeLedger("UPDATE lead SET state = 'accepted', lead_id = '"
                + lead("crm-1").id() + "' WHERE external_id = 'crm-1'");
        retryNow();

        assertThat(only().path("match").asText()).isEqualTo("exact");
    }

    @Test
    void aCallThatChangesWhileItsLeadIsReadIsToldAsItIsThen() {
        start();
        call("c", "crm-1", 0, json -> {});
        api.faults().next(1, Operation.GET_LEAD, Fault.hang());
        bundle.searchCalls();
        await().until(() -> api.faults().hanging() == 1);

        api.changeCall("c", json -> json.put("conversationStatus", 110));
        bundle.searchCalls();
        api.faults().release();

        JsonNode call = only();
        assertThat(call.path("conversationStatus").path("code").asInt()).isEqualTo(110);
        assertThat(call.path("revision").asInt()).isEqualTo(1);
    }

    @Test
    void anOutboundThatIsNotConfiguredAnyMoreHoldsUpNoOther() {
        startAnew(Bundle.sandbox());
        bundle.close();
        ledger.change("INSERT INTO call (outbound, call_id, revision, final, fingerprint, seen, join_at)"
                + " VALUES ('renamed', 'old', 0, 1, x'00', '{\"id\":\"old\",\"to\":\"+12025550111\"}', 0)");
        ledger.change(
                "INSERT INTO source (outbound, operation, name, dropped_as, state, sha256, row_count, started_at,"
                        + " finished_at, outcomes_at) VALUES ('renamed', 'add', 'l.csv', 'l.csv', 'finished', 'x', 1, 1, 1, 1)");
        bundle = Bundle.start(home, api);
        call("c", "crm-1", 0, json -> {});

        bundle.searchCalls();

        await().until(() -> bundle.events("calls").size() == 1);
        assertThat(bundle.health()).contains("not configured: renamed", "a name must not be changed");
        assertThat(ledger.column("SELECT tries FROM call WHERE outbound = 'renamed'"))
                .containsExactly("0");
        assertThat(ledger.column("SELECT outcomes_at FROM source WHERE outbound = 'renamed'"))
                .as("its files are left alone")
                .containsExactly("1");
    }

    // --- what came of each row ---

    @Test
    void theLedgerKeepsTheNewestCallOfEachRow() {
        startAnew(Bundle.sandbox());
        call("first", "crm-1", 0, json -> talk(json).put("conversationStatus", 10));
        call("last", "crm-1", 1, JoinCallTest::talk);
        call(
                "busy",
                "crm-2",
                2,
                json -> json.put("status", 5).put("conversationStatus", 10).put("duration", 0));
        bundle.searchCalls();
        calls();

        assertThat(ledger.column("SELECT external_id || ' ' || call_id || ' ' || o.status || ' ' || o.final || ' ' ||"
                        + " attempts || ' ' || duration || ' ' || coalesce(summary, '-') || ' ' || coalesce(collected, '-')"
                        + " FROM call_outcome o JOIN lead l ON l.source_id = o.source_id AND l.row_no = o.row_no"
                        + " ORDER BY 1"))
                .containsExactly("crm-1 last 100 1 2 61 They talked. " + COLLECTED, "crm-2 busy 10 0 1 0 - -");
        await("the outcomes file")
                .until(() -> Bundle.text(bundle.done("leads.csv.outcomes.csv")).contains(",last,2,"));

        call("again", "crm-2", 3, JoinCallTest::talk);
        bundle.searchCalls();
        calls();

        assertThat(ledger.column("SELECT call_id || ' ' || attempts FROM call_outcome ORDER BY row_no"))
                .containsExactly("last 2", "again 2");
        bundle.close();
        assertThat(ledger.holds("+12025550111")).as("no number is left").isFalse();
        assertThat(ledger.holds("Hello?")).as("no transcript is left").isFalse();
    }

    @Test
    void aLeadThatIsBehindItsCallIsReadAgainUntilItIsDone() {
        start();
        call("c", "crm-1", 0, json -> json.put("conversationStatus", 10));
        answerOfGetLead(40);
        bundle.searchCalls();
        assertThat(only().path("revision").asInt()).isEqualTo(1);
        assertThat(ledger.column("SELECT status || ' ' || final FROM call_outcome"))
                .as("not OnCall: the call is over")
                .containsExactly("10 0");

        api.faults().clear();
        answerOfGetLead(150);
        retryNow();

        await().until(() ->
                ledger.column("SELECT status || ' ' || final FROM call_outcome").equals(List.of("150 1")));
        assertThat(only().path("revision").asInt()).as("the call is as it was").isEqualTo(1);
        assertThat(ledger.column("SELECT join_at FROM call")).containsNull();
    }

    private void answerOfGetLead(int status) {
        api.faults()
                .always(
                        Operation.GET_LEAD,
                        Fault.status(200, "{\"id\":\"x\",\"status\":" + status + ",\"callsId\":[\"c\"]}"));
    }

    @Test
    void aLookThatTeachesNothingIsNoRevision() {
        start();
        call("c", "crm-1", 0, JoinCallTest::talk);
        api.faults().always(Operation.GET_LEAD, Fault.status(503));
        bundle.searchCalls();
        await().until(() -> tries() == 1);
        bundle.changeLedger("UPDATE call SET tries = 7, join_at = 0");
        await().until(() -> tries() == 8);

        api.faults().clear();
        api.faults().always(Operation.GET_LEAD, Fault.status(400, "{\"errors\":{\"validation\":[\"wrong leadId\"]}}"));
        api.faults().always(Operation.GET_CALL, Fault.status(400, "{\"errors\":{\"validation\":[\"wrong callId\"]}}"));
        retryNow();

        assertThat(only().path("revision").asInt()).isEqualTo(1);
    }

    // --- helpers ---

    private static ObjectNode talk(ObjectNode json) {
        json.put("duration", 61).put("summary", "They talked.").put("recording", "https://example.com/r.mp3");
        json.withArray("transcript")
                .addObject()
                .put("role", "Pearl")
                .put("content", "Hello?")
                .put("startTime", 0.5)
                .put("endTime", 2);
        json.withArray("collectedInfo")
                .addObject()
                .put("id", "interest")
                .put("name", "Interest")
                .put("value", "high");
        json.withArray("collectedInfo").addObject().put("id", "callBack").put("value", true);
        return json;
    }

    /** @param minute of its start, in the last hour */
    private void call(String id, String externalId, int minute, Consumer<ObjectNode> change) {
        api.addCall("ob-1", lead(externalId).id(), json -> {
            json.put("id", id)
                    .put(
                            "startTime",
                            Instant.now().minusSeconds(3600 - 60 * minute).toString());
            change.accept(json);
        });
    }

    /** A call that no lead's callsId names. */
    private void stray(String id, String to) {
        api.addCall("ob-1", null, json -> json.put("id", id).put("to", to));
    }

    private SandboxLead lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> lead.externalId().equals(externalId))
                .findFirst()
                .orElseThrow();
    }

    private long tries() {
        return ledger.number("SELECT max(tries) FROM call");
    }

    /** Lists of calls that lag are waited for no longer. */
    private void lastTry() {
        bundle.changeLedger("UPDATE call SET tries = 3, join_at = 0 WHERE join_at IS NOT NULL");
    }

    private void retryNow() {
        bundle.changeLedger("UPDATE call SET join_at = 0 WHERE join_at IS NOT NULL");
    }

    /** Once nothing is awaited any more. */
    private List<JsonNode> calls() {
        ledger.awaitDelivered();
        return bundle.events("calls").stream().map(event -> event.path("data")).toList();
    }

    private JsonNode only() {
        List<JsonNode> calls = calls();
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    private static JsonNode of(List<JsonNode> calls, String id) {
        return calls.stream()
                .filter(call -> call.path("callId").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
