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
import dev.pearlroutes.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of updates: what they change at the API and in the ledger, and that a lost answer is no lost change. */
class UpdateRowTest {

    @TempDir
    private Path home;

    private Sandbox api;
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(SandboxOptions options, String... settings) {
        api = options.start();
        bundle = Bundle.start(home, api, settings);
    }

    private void addLeads(int n) {
        bundle.drop("leads.csv", Given.csv("crm", n));
        assertThat(bundle.receipt("leads.csv").get("accepted").asInt()).isEqualTo(n);
    }

    private SandboxLead lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode update(String file, String text) {
        bundle.drop("updates/" + file, text);
        return bundle.receipt("updates/" + file);
    }

    @Test
    void aMixedFileChangesWhatItGivesAndTellsOfEachRow() {
        start(Bundle.sandbox());
        addLeads(5);
        bundle.drop("elsewhere.csv", "externalId,phoneNumber\nelsewhere/1 é,+12125550900\n");
        bundle.receipt("elsewhere.csv");
        bundle.changeLedger("DELETE FROM lead WHERE external_id LIKE 'elsewhere%'");

        JsonNode receipt = update(
                "changes.csv", """
                leadId,externalId,phoneNumber,status,firstName
                ,crm-1,,Completed,
                ,crm-2,+12125550777,,Ada
                %s,crm-3b,,,
                ,elsewhere/1 é,,NotSuccessful,null
                ,crm-4,,OnCall,
                ,nobody,,130,
                0123456789abcdef01234567,,,130,
                ,crm-5,,,
                ,,+12125550101,130,
                %s,crm-4,,,
                """.formatted(lead("crm-3").id(), lead("crm-5").id()));

        assertThat(receipt.get("operation").asText()).isEqualTo("update");
        assertThat(receipt.has("accepted")).isFalse();
        assertThat(receipt.get("read").asInt()).isEqualTo(10);
        assertThat(receipt.get("updated").asInt()).isEqualTo(4);
        assertThat(receipt.get("rejected").asInt()).isEqualTo(6);
        assertThat(receipt.get("unknown").asInt()).isZero();
        assertThat(lead("crm-1").status()).isEqualTo(130);
        assertThat(lead("crm-1").phoneNumber()).isEqualTo("+12125550101");
        assertThat(lead("crm-2").phoneNumber()).isEqualTo("+12125550777");
        assertThat(lead("crm-2").callData()).isEqualTo(Map.of("firstName", "Ada"));
        assertThat(lead("crm-3b").status()).isEqualTo(1);
        assertThat(lead("elsewhere/1 é").status()).isEqualTo(110);
        assertThat(Bundle.text(bundle.done("updates/changes.csv.updated.csv")).lines())
                .hasSize(5)
                .element(0)
                .isEqualTo("leadId,externalId,phoneNumber,status,firstName,_leadId");
        assertThat(Bundle.text(bundle.done("updates/changes.csv.rejected.csv")))
                .contains("status must be one of New (1)")
                .contains("neither the ledger nor NLPearl knows a lead with this externalId")
                .contains("400 wrong leadId")
                .contains("gives nothing to change")
                .contains("leadId and externalId are missing")
                .contains("externalId is already that of another lead");
        assertThat(bundle.done("updates/changes.csv")).exists();
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .extracting(event -> event.get("type").asText())
                .filteredOn(type -> type.contains("update"))
                .containsOnly("ai.nlpearl.lead.updated", "ai.nlpearl.lead.update-rejected")
                .hasSize(10));
    }

    @Test
    void theLedgerFollowsWhatAnUpdateChanges() {
        start(Bundle.sandbox());
        bundle.drop("leads.csv", "externalId,phoneNumber\ncrm-1,+12125550101\n,+12125550102\n");
        bundle.receipt("leads.csv");
        String derived = api.leads("ob-1").stream()
                .filter(lead -> lead.phoneNumber().equals("+12125550102"))
                .findFirst()
                .orElseThrow()
                .id();

        update("changes.csv", """
                leadId,externalId,phoneNumber
                %s,crm-1b,+12125550111
                %s,,+12125550112
                """.formatted(lead("crm-1").id(), derived));

        bundle.drop("again.csv", """
                externalId,phoneNumber
                crm-1b,+12125550111
                ,+12125550112
                crm-1,+12125550121
                ,+12125550102
                """);
        JsonNode receipt = bundle.receipt("again.csv");
        assertThat(receipt.get("duplicate").asInt())
                .as("the new key and the new number are known")
                .isEqualTo(2);
        assertThat(receipt.get("accepted").asInt())
                .as("the old ones are free again")
                .isEqualTo(2);
        api.addCall("ob-1", Bundle.leadWith(api, "+12125550111"), call -> call.put("to", "+12125550111"));
        bundle.searchCalls();
        await().untilAsserted(() -> assertThat(bundle.events("calls"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.get("data").get("externalId").asText()).isEqualTo("crm-1b")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostAnswerIsSentAgain(boolean afterEffect) {
        start(Bundle.sandbox());
        addLeads(3);
        Fault drop = afterEffect ? Fault.drop().afterEffect() : Fault.drop();
        api.faults().next(1, Operation.UPDATE_LEAD, drop);

        JsonNode receipt = update("stop.csv", "externalId,status\ncrm-1,130\ncrm-2,130\ncrm-3,130\n");

        assertThat(receipt.get("updated").asInt()).isEqualTo(3);
        assertThat(receipt.get("unknown").asInt()).isZero();
        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(4);
        assertThat(api.leads("ob-1")).extracting(SandboxLead::status).containsOnly(130);
    }

    @Test
    void aRowThatNeverGetsAnAnswerIsGivenUpAndStopsNobody() {
        start(Bundle.sandbox());
        addLeads(3);
        String poison = "/Lead/" + lead("crm-1").id();
        api.faults().always(Operation.UPDATE_LEAD, request -> request.path().endsWith(poison), Fault.status(500));

        JsonNode receipt = update("stop.csv", "externalId,status\ncrm-1,130\ncrm-2,130\ncrm-3,130\n");

        assertThat(receipt.get("updated").asInt()).isEqualTo(2);
        assertThat(Bundle.text(bundle.done("updates/stop.csv.rejected.csv")))
                .contains("no usable answer came 4 times (answered 500)");
        assertThat(api.requests(Operation.SEARCH_LEADS)).as("probes").isZero();
    }

    @Test
    void theRowsOfOneLeadTakeEffectInTheirOrder() {
        start(Bundle.sandbox());
        addLeads(1);
        api.faults().next(1, Operation.UPDATE_LEAD, Fault.drop());
        String id = lead("crm-1").id();

        update("order.csv", "leadId,externalId,firstName\n%s,,one\n,crm-1,two\n%s,,three\n".formatted(id, id));

        assertThat(lead("crm-1").callData()).isEqualTo(Map.of("firstName", "three"));
        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(4);
    }

    @Test
    void refusedCredentialsStopTheLineAndNothingIsRejected() {
        start(Bundle.sandbox());
        addLeads(3);
        Faults.Rule refused = api.faults().always(null, Fault.status(401));

        bundle.drop("updates/stop.csv", "externalId,status\ncrm-1,130\ncrm-2,130\ncrm-3,130\n");
        await().until(() -> refused.struck() >= 4);
        assertThat(bundle.done("updates/stop.csv")).doesNotExist();
        api.faults().clear();

        assertThat(bundle.receipt("updates/stop.csv").get("updated").asInt()).isEqualTo(3);
    }

    @Test
    void a429IsWaitedForAndSentAgain() {
        start(Bundle.sandbox());
        addLeads(3);
        api.faults().next(2, Operation.UPDATE_LEAD, Fault.tooManyRequests("1"));

        JsonNode receipt = update("stop.csv", "externalId,status\ncrm-1,130\ncrm-2,130\ncrm-3,130\n");

        assertThat(receipt.get("updated").asInt()).isEqualTo(3);
    }

    /** The ledger knows none of the leads and the search no externalIds, so that only the paths show them. */
    @Test
    void aPathThatGivesNoAnswerNowIsAskedAgainAndRejectsNothing() {
        start(Bundle.sandbox().searchCoversExternalId(false).externalSpellings("External"));
        addLeads(4);
        bundle.changeLedger("DELETE FROM lead");
        path("crm-1", Fault.status(503, "busy"));
        path("crm-2", Fault.tooManyRequests("1"));
        path("crm-3", Fault.drop());
        path("crm-4", Fault.status(401));

        JsonNode receipt = update("u.csv", """
                externalId,firstName
                crm-1,Ada
                crm-2,Bea
                crm-3,Cleo
                crm-4,Dora
                nobody,Eve
                """);

        assertThat(receipt.get("updated").asInt()).isEqualTo(4);
        assertThat(receipt.get("rejected").asInt())
                .as("what is known of nowhere")
                .isEqualTo(1);
    }

    @Test
    void aPathThatNeverAnswersHidesNoLeadThatTheOtherShows() {
        start(Bundle.sandbox().searchCoversExternalId(false).externalSpellings("External"));
        addLeads(2);
        bundle.changeLedger("DELETE FROM lead");
        api.faults()
                .always(
                        Operation.GET_LEAD_BY_EXTERNAL_ID,
                        request -> request.path().contains("/Extrenal/"),
                        Fault.status(500));

        assertThat(update("u.csv", "externalId,firstName\ncrm-1,Ada\ncrm-2,Bea\n")
                        .get("updated")
                        .asInt())
                .isEqualTo(2);
    }

    /** Of the one path that shows the lead. */
    private void path(String externalId, Fault fault) {
        api.faults()
                .next(
                        1,
                        Operation.GET_LEAD_BY_EXTERNAL_ID,
                        Faults.externalId(externalId)
                                .and(request -> request.path().contains("/External/")),
                        fault);
    }

    @Test
    void anIdThatNobodyKnowsIsItsRowsTroubleOnceTheOutboundIsKnownToBeRight() {
        start(Bundle.sandbox());

        JsonNode receipt = update("stop.csv", "leadId,status\nffffffffffffffffffffffff,130\n");

        assertThat(receipt.get("rejected").asInt()).isEqualTo(1);
        addLeads(1);
    }

    @Test
    void aWrongOutboundStopsItAndRejectsNothing() {
        start(Bundle.sandbox());
        api.faults().always(null, Fault.status(400, "{\"errors\":{\"validation\":[\"wrong outboundId\"]}}"));

        bundle.drop("updates/stop.csv", "leadId,status\nffffffffffffffffffffffff,130\n");
        await().until(() -> api.requests(Operation.SEARCH_LEADS) >= 2);
        assertThat(bundle.done("updates/stop.csv")).doesNotExist();
        api.faults().clear();

        assertThat(bundle.receipt("updates/stop.csv").get("rejected").asInt()).isEqualTo(1);
    }

    @Test
    void aFileThatIsInterruptedGoesOnAtTheNextStart() {
        start(Bundle.sandbox());
        addLeads(3);
        api.faults().always(Operation.UPDATE_LEAD, Fault.status(503));
        bundle.drop("updates/stop.csv", "externalId,status\ncrm-1,130\ncrm-2,130\ncrm-3,130\n");
        await().until(() -> api.requests(Operation.UPDATE_LEAD) >= 1);
        bundle.close();
        api.faults().clear();

        bundle = Bundle.start(home, api);

        assertThat(bundle.receipt("updates/stop.csv").get("updated").asInt()).isEqualTo(3);
        assertThat(new LedgerFile(bundle.data()).number("SELECT count(*) FROM lead WHERE state = 'accepted'"))
                .isEqualTo(3);
    }

    @Test
    void aFileWhoseRowsNameNoLeadsIsRefusedAsAWhole() {
        start(Bundle.sandbox());

        bundle.drop("updates/bad.csv", "phoneNumber,status\n+12125550101,130\n");

        await().until(() -> bundle.failed("updates/bad.csv.reason.txt").toFile().exists());
        assertThat(Bundle.text(bundle.failed("updates/bad.csv.reason.txt")))
                .contains("has no column leadId or externalId");
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }
}
