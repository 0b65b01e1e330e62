package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.sandbox.SandboxRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups of leads whose answer never came: nobody is rung twice, nobody is forgotten. */
class LookUpUnknownTest {
    /** One after the other, so that those behind a lost lead are accepted after it was lost. */
    private static final String[] QUICK = {"leads.settle-time=1s", "nlpearl.max-in-flight=1"};

    @TempDir
    private Path home;

    private Sandbox api;
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    /** crm-1 to crm-n, so that a search for crm-1 finds crm-10 as well. */
    private static String leads(int n) {
        StringBuilder csv = new StringBuilder("externalId,phoneNumber\n");
        IntStream.rangeClosed(1, n).forEach(i -> csv.append("crm-%d,+1415555%04d\n".formatted(i, 100 + i)));
        return csv.toString();
    }

    private void start(Sandbox sandbox, String... settings) {
        api = sandbox;
        bundle = Bundle.start(home, api, settings);
    }

    private JsonNode settledReceipt(String file, int unknown) {
        bundle.receipt(file);
        await().until(() ->
                Bundle.json(bundle.done(file + ".receipt.json")).get("unknown").asInt() == unknown);
        return Bundle.json(bundle.done(file + ".receipt.json"));
    }

    private void assertEachRungOnce(int leads) {
        assertThat(api.ringsByExternalId())
                .hasSize(leads)
                .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostAnswerIsLookedUpBeforeAnythingIsSentAgain(boolean afterEffect) {
        // Long enough for the file to be finished before, so that it is finished twice.
        start(Bundle.sandbox().start(), "leads.settle-time=3s", QUICK[1]);
        Fault drop = afterEffect ? Fault.drop().afterEffect() : Fault.drop();
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), drop);

        bundle.drop("leads.csv", leads(12));

        assertThat(bundle.receipt("leads.csv").get("read").asInt()).isEqualTo(12);
        JsonNode receipt = settledReceipt("leads.csv", 0);
        assertThat(receipt.get("accepted").asInt()).isEqualTo(12);
        assertEachRungOnce(12);
        assertThat(bundle.done("leads.csv.unknown.csv")).doesNotExist();
        assertThat(Bundle.text(bundle.done("leads.csv.accepted.csv")).lines()).hasSize(13);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(afterEffect ? 12 : 13);
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .extracting(event -> event.get("type").asText())
                .contains("ai.nlpearl.lead.unknown")
                .filteredOn("ai.nlpearl.file.completed"::equals)
                .hasSize(2));
    }

    @Test
    void oneControlSearchServesAllLookUpsOfATurn() {
        start(Bundle.sandbox().start(), "leads.settle-time=3s", "nlpearl.max-in-flight=4");
        // Every other one, so that no circuit opens, and each once, however late it is sent again.
        Set<String> lost = ConcurrentHashMap.newKeySet();
        Predicate<SandboxRequest> odd =
                request -> request.externalId().matches("crm-\\d*[13579]") && lost.add(request.externalId());
        api.faults().always(Operation.ADD_LEAD, odd, Fault.drop());

        bundle.drop("leads.csv", leads(60));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(60);
        assertEachRungOnce(60);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(90);
        Set<String> searched = api.received(Operation.SEARCH_LEADS).stream()
                .map(SandboxRequest::externalId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        assertThat(searched).as("the lost ones, and controls").hasSizeBetween(30, 36);
        assertThat(api.received(Operation.SEARCH_LEADS))
                .as("turns have few controls")
                .hasSizeLessThan(2 * 30);
    }

    @Test
    void whatIsProvenAbsentIsHeldWhenThePolicySaysSo() {
        start(Bundle.sandbox().start(), "leads.settle-time=1s", "nlpearl.max-in-flight=1", "leads.unknown-policy=hold");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());

        bundle.drop("leads.csv", leads(12));

        bundle.receipt("leads.csv");
        await().untilAsserted(() -> assertThat(Bundle.text(bundle.done("leads.csv.unknown.csv")))
                .contains("crm-1,")
                .contains("held"));
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
        assertThat(api.ringsByExternalId()).hasSize(11);

        // To drop the list is no release: its rows hold their keys until a person has decided.
        bundle.drop("again.csv", Bundle.text(bundle.done("leads.csv.unknown.csv")));
        assertThat(bundle.receipt("again.csv").get("duplicate").asInt()).isEqualTo(1);
        assertThat(Bundle.text(bundle.done("again.csv.skipped.csv")))
                .contains("crm-1,")
                .contains("same lead as leads.csv line 2, whose answer never came")
                .contains("pearl-routes unknown release or drop");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
    }

    @Test
    void aSearchThatDoesNotCoverExternalIdsProvesNothing() {
        start(Bundle.sandbox().searchCoversExternalId(false).externalSpellings().start(), QUICK);
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());

        bundle.drop("leads.csv", leads(12));

        bundle.receipt("leads.csv");
        await().until(() -> api.requests(Operation.SEARCH_LEADS) >= 4);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
        assertThat(settledReceipt("leads.csv", 1).get("accepted").asInt()).isEqualTo(11);
    }

    /** The answer for crm-1, whose effect has taken place. */
    private void loseALeadThatOnlyAPathShows() {
        start(
                Bundle.sandbox()
                        .searchCoversExternalId(false)
                        .externalSpellings("External")
                        .start(),
                QUICK);
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-1"),
                        Fault.drop().afterEffect());
    }

    @Test
    void aPathByExternalIdProvesPresence() {
        loseALeadThatOnlyAPathShows();

        bundle.drop("leads.csv", leads(12));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(12);
        assertEachRungOnce(12);
    }

    @Test
    void aPathThatCannotBeReachedProvesNothingAndIsAskedLater() {
        loseALeadThatOnlyAPathShows();
        api.faults().always(Operation.GET_LEAD_BY_EXTERNAL_ID, Fault.drop());
        bundle.drop("leads.csv", leads(12));
        bundle.receipt("leads.csv");

        await("it is on record")
                .until(() -> new LedgerFile(bundle.data())
                                .number("SELECT count(*) FROM lead WHERE state = 'unknown'"
                                        + " AND reason = 'could not be looked up at NLPearl yet'")
                        == 1);
        api.faults().clear();

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(12);
        assertEachRungOnce(12);
    }

    @Test
    void aFailingSearchProvesNothingAndIsMadeAgain() {
        start(Bundle.sandbox().start(), QUICK);
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-1"),
                        Fault.drop().afterEffect());
        api.faults().next(1, Operation.SEARCH_LEADS, Fault.status(500, "down"));
        api.faults().next(1, Operation.SEARCH_LEADS, Fault.garbage());

        bundle.drop("leads.csv", leads(12));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(12);
        assertEachRungOnce(12);
    }

    /**
     * The neighbours of a lead that hangs are accepted long before it is given up, so that finding them says nothing of it: a
     * search that lags has the lead looked up again, and not sent again.
     */
    @Test
    void aControlOfTheSameBatchDoesNotVouchForASearchThatLags() {
        start(
                Bundle.sandbox().externalSpellings().start(),
                "leads.settle-time=1s",
                "nlpearl.max-in-flight=4",
                "nlpearl.response-timeout=1s");
        Fault hangs = Fault.hang().afterEffect();
        Fault lag = Fault.status(200, "{\"count\":0,\"results\":[]}");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), hangs);
        api.faults().next(2, Operation.SEARCH_LEADS, Faults.externalId("crm-1"), lag);

        bundle.drop("leads.csv", leads(7));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(7);
        assertThat(api.received(Operation.SEARCH_LEADS).stream()
                        .filter(request -> "crm-1".equals(request.externalId())))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(7);
        assertEachRungOnce(7);
    }

    @Test
    void aRequestThatWasOnTheWireAtACrashIsLookedUpAtTheNextStart() throws Exception {
        start(Bundle.sandbox().start(), QUICK);
        bundle.drop("first.csv", leads(3));
        bundle.receipt("first.csv");
        bundle.close();
        // As kill -9 leaves it: the intent is durable, the answer was never recorded.
        try (var ledger = java.sql.DriverManager.getConnection(
                        "jdbc:sqlite:" + bundle.data().resolve("ledger.sqlite"));
                var update = ledger.createStatement()) {
            update.executeUpdate("UPDATE lead SET state = 'sending', lead_id = NULL,"
                    + " body = '{\"phoneNumber\":\"+14155550102\",\"externalId\":\"crm-2\"}' WHERE row_no = 2");
        }

        bundle = Bundle.start(home, api, QUICK);

        await().until(() -> api.requests(Operation.SEARCH_LEADS) > 0);
        await().untilAsserted(() ->
                assertThat(bundle.events("leads").toString()).contains("stopped while the request was on the wire"));
        assertEachRungOnce(3);
        assertThat(Files.readString(bundle.done("first.csv.accepted.csv"))).contains("crm-2");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(3);
    }

    /** By how much the clock of the API is behind. */
    private final AtomicReference<Duration> behind = new AtomicReference<>(Duration.ZERO);

    /** An API that has a lead crm-1 for some time, of which the ledger knows nothing (any more). */
    private void startBesideAFormerLead(Duration age) {
        start(Bundle.sandbox().clock(() -> Instant.now().minus(behind.get())).start(), QUICK);
        behind.set(age);
        api.addLead(
                "ob-1",
                "former",
                JsonNodeFactory.instance.objectNode().put("externalId", "crm-1").put("phoneNumber", "+14155550101"));
        behind.set(Duration.ZERO);
    }

    private List<String> idsOf(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> lead.externalId().equals(externalId))
                .map(SandboxLead::id)
                .toList();
    }

    private List<String> acceptedId() {
        return new LedgerFile(bundle.data())
                .column("SELECT lead_id FROM lead WHERE external_id = 'crm-1' AND state = 'accepted'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLeadThatTheLedgerHasForgottenIsNotTakenForTheOneSentNow(boolean afterEffect) {
        startBesideAFormerLead(Duration.ofDays(2));
        Fault drop = afterEffect ? Fault.drop().afterEffect() : Fault.drop();
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), drop);

        bundle.drop("leads.csv", leads(12));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(12);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(afterEffect ? 12 : 13);
        assertThat(idsOf("crm-1")).hasSize(2);
        assertThat(acceptedId()).hasSize(1).doesNotContain("former").isSubsetOf(idsOf("crm-1"));
    }

    @Test
    void aForgottenLeadOfTheSameDayIsLeftToAPerson() {
        startBesideAFormerLead(Duration.ofHours(1));
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());

        bundle.drop("leads.csv", leads(12));

        bundle.receipt("leads.csv");
        await().until(() -> new LedgerFile(bundle.data())
                        .number("SELECT count(*) FROM lead WHERE state = 'unknown' AND reason LIKE"
                                + " 'NLPearl has a lead with this externalId that seems to be an earlier one%'")
                == 1);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
        assertThat(settledReceipt("leads.csv", 1).get("accepted").asInt()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClockOfTheApiThatIsFarBehindChangesNothing(boolean afterEffect) {
        behind.set(Duration.ofDays(3));
        start(Bundle.sandbox().clock(() -> Instant.now().minus(behind.get())).start(), QUICK);
        Fault drop = afterEffect ? Fault.drop().afterEffect() : Fault.drop();
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), drop);

        bundle.drop("leads.csv", leads(12));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(12);
        assertEachRungOnce(12);
    }

    @Test
    void aLeadThatTheLedgerKnowsUnderAnotherIdIsNotTakenForTheOneSentNow() {
        start(Bundle.sandbox().start(), QUICK);
        bundle.drop("first.csv", leads(2));
        bundle.receipt("first.csv");
        List<String> former = idsOf("crm-1");
        bundle.changeLedger("UPDATE lead SET external_id = 'moved' WHERE external_id = 'crm-1'");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());

        bundle.drop("leads.csv", leads(12));

        assertThat(settledReceipt("leads.csv", 0).get("accepted").asInt()).isEqualTo(11);
        assertThat(idsOf("crm-1")).hasSize(2);
        assertThat(acceptedId()).hasSize(1).doesNotContainAnyElementsOf(former);
    }
}
