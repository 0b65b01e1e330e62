package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outcomes files in the whole bundle: what the people who dropped a file see of its calls. */
class WriteOutcomesTest {

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private final Instant called = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    private Bundle bundle;
    private LedgerFile ledger;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
        ledger = new LedgerFile(bundle.data());
    }

    /** Reads the calls and waits until they are in the outcomes files; a start spares waiting for the next writing. */
    private void searchCalls(String... settings) {
        bundle.searchCalls();
        ledger.awaitDelivered();
        bundle.close();
        start(settings);
        awaitWritten();
    }

    private void awaitWritten() {
        await("outcomes files")
                .until(() -> ledger.number("SELECT count(*) FROM source WHERE outcomes_at IS NOT NULL") == 0);
    }

    private void call(String id, String externalId, Consumer<ObjectNode> change) {
        api.addCall("ob-1", lead(externalId), json -> {
            json.put("id", id).put("startTime", called.toString());
            change.accept(json);
        });
    }

    private String lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> lead.externalId().equals(externalId))
                .map(SandboxLead::id)
                .findFirst()
                .orElseThrow();
    }

    private static void collect(ObjectNode json, String id, Consumer<ObjectNode> value) {
        value.accept(json.withArray("collectedInfo").addObject().put("id", id));
    }

    /** Columns of ours that the file has too, rows of every outcome, and text that would be a formula. */
    @Test
    void everyRowIsInOneTableWithWhatCameOfIt() throws Exception {
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-6"),
                        Fault.status(400, "{\"errors\":{\"phoneNumber\":[\"no;=HYPERLINK(1)\"]}}"));
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-7"), Fault.drop());
        start();
        bundle.drop("l.csv", """
                phoneNumber;externalId;status;_status;Note
                +12025550111;crm-1;mine;"also; mine";=1+1
                +12025550122;crm-2;;;-5
                +12025550111;crm-1;;;
                no number;crm-4;;;
                +12025550155;crm-5;a;b;c;one too many
                +12025550166;crm-6;;;
                +12025550177;crm-7;;;"two
                lines"
                """);
        assertReceipt(bundle.receipt("l.csv"), "read=7 accepted=2 duplicate=1 rejected=3 unknown=1");
        call("call-1", "crm-1", json -> {
            json.put("duration", 61).put("summary", "=cmd|' /C calc'!A1, then \"-1\"");
            collect(json, "status", info -> info.put("value", "@SUM(1)"));
            collect(json, "balance", info -> info.put("value", -12.5));
            collect(json, "mobile", info -> info.put("value", "+14155550100"));
            collect(json, "x;=1+1", info -> info.put("value", 0));
            collect(json, "callBack", info -> info.put("value", true));
            collect(json, "Wünsche", info -> info.putArray("value").add("=1").add("tea"));
        });
        searchCalls();

        assertThat(outcomes("l.csv.outcomes.csv")).isEqualTo(golden("l.csv.outcomes.csv"));
        assertThat(bundle.done("l.csv.outcomes.complete")).doesNotExist();
    }

    /** With names in the place of the ids of leads and the time of the calls. */
    private String outcomes(String file) {
        String text = text(bundle.done(file)).replace(called.toString(), "{called}");
        for (SandboxLead lead : api.leads("ob-1")) {
            text = text.replace(lead.id(), "{" + lead.externalId() + "}");
        }
        return text;
    }

    private static String golden(String file) throws Exception {
        try (var golden = WriteOutcomesTest.class.getResourceAsStream("/outcomes/" + file)) {
            return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theFileIsThereBeforeTheReceiptWithEachRow() {
        start();
        bundle.drop("l.csv", Given.csv("crm", 20));
        bundle.receipt("l.csv");

        assertThat(text(bundle.done("l.csv.outcomes.csv")).lines())
                .hasSize(21)
                .first()
                .isEqualTo("externalId,phoneNumber,leadId,status,reason,final,callId,attempts,lastCallTime,duration,"
                        + "summary");
        assertThat(ledger.number("SELECT count(*) FROM source WHERE outcomes_at IS NOT NULL"))
                .isZero();
    }

    @Test
    void aFileWithoutRowsIsCompleteAtOnce() {
        start();
        bundle.drop("l.csv", "phoneNumber,externalId\n");
        bundle.drop("l.json", "[]");
        bundle.receipt("l.csv");
        bundle.receipt("l.json");

        assertThat(text(bundle.done("l.csv.outcomes.csv"))).hasLineCount(1).startsWith("phoneNumber,externalId,leadId");
        assertThat(bundle.done("l.json.outcomes.jsonl")).isEmptyFile();
        assertThat(bundle.done("l.csv.outcomes.complete")).exists();
        assertThat(bundle.done("l.json.outcomes.complete")).exists();
    }

    @Test
    void ofJsonItTellsInJsonAndAsItCame() throws Exception {
        start();
        bundle.drop("l.json", """
                [{"phoneNumber":"+12025550111","externalId":"crm-1","status":"mine"},
                 {"phoneNumber":"+12025550122","externalId":"crm-2"}, 5]
                """);
        assertReceipt(bundle.receipt("l.json"), "read=3 accepted=2 rejected=1");
        call("call-1", "crm-1", json -> {
            json.put("duration", 61).put("summary", "=1+1");
            collect(json, "score", info -> info.put("value", "-x"));
        });
        searchCalls();

        List<String> lines = text(bundle.done("l.json.outcomes.jsonl")).lines().toList();
        JsonNode called = Given.json(lines.get(0));
        assertThat(called.path("status").asText()).isEqualTo("mine");
        assertThat(called.path("_status").asText()).isEqualTo("Success");
        assertThat(called.path("summary").asText()).isEqualTo("=1+1");
        assertThat(called.path("collectedData").toString()).isEqualTo("{\"score\":\"-x\"}");
        assertThat(called.path("duration").asInt()).isEqualTo(61);
        assertThat(lines.get(1).replace(lead("crm-2"), "{crm-2}"))
                .isEqualTo("{\"phoneNumber\":\"+12025550122\",\"externalId\":\"crm-2\",\"leadId\":\"{crm-2}\","
                        + "\"status\":\"accepted\",\"final\":false,\"attempts\":0}");
        assertThat(Given.json(lines.get(2)).path("status").asText()).isEqualTo("rejected");
    }

    @Test
    void ofAPackedFileItIsNotPackedAndCompleteWhenEveryLeadIsDone() {
        start();
        bundle.drop("l.csv.gz", Given.gzip(Given.csv("crm", 2).getBytes(StandardCharsets.UTF_8)));
        bundle.receipt("l.csv.gz");
        call("call-1", "crm-1", json -> {});
        call("call-2", "crm-2", json -> {});
        searchCalls();

        assertThat(text(bundle.done("l.csv.gz.outcomes.csv"))).hasLineCount(3).contains(",Success,,true,call-2,1,");
        assertThat(bundle.done("l.csv.gz.outcomes.complete")).isEmptyFile();

        call("call-3", "crm-1", json -> json.put("conversationStatus", 10));
        searchCalls();
        assertThat(text(bundle.done("l.csv.gz.outcomes.csv"))).contains(",NeedRetry,,false,call-3,2,");
        assertThat(bundle.done("l.csv.gz.outcomes.complete")).doesNotExist();
    }

    @Test
    void anUnknownLeadThatIsFoundIsAcceptedThereToo() {
        api.faults().next(1, Operation.ADD_LEAD, Fault.truncate().afterEffect());
        start("leads.settle-time=1s");
        bundle.drop("l.csv", Given.csv("crm", 1));
        bundle.receipt("l.csv");
        await().until(() -> text(bundle.done("l.csv.outcomes.csv")).contains(",accepted,"));
    }

    @Test
    void leadsWithoutACallAreToldOfOnceAndShownAsSilent() {
        String silentAfter = "outbound.acme.silent-after=1h";
        start(silentAfter);
        bundle.drop("l.csv", Given.csv("crm", 3));
        bundle.receipt("l.csv");
        bundle.changeLedger("UPDATE lead SET at = at - 7200000");
        call("call-1", "crm-1", json -> {});
        searchCalls(silentAfter);
        await().until(() -> ledger.number("SELECT count(*) FROM lead WHERE silent_at IS NOT NULL") == 2);

        call("call-2", "crm-2", json -> {});
        searchCalls(silentAfter);

        assertThat(text(bundle.done("l.csv.outcomes.csv")).lines().map(line -> line.split(",", -1)[3]))
                .containsExactly("status", "Success", "Success", "silent");
        assertThat(bundle.events("leads").stream()
                        .filter(event -> event.path("type").asText().equals("ai.nlpearl.lead.silent"))
                        .map(event -> event.path("data").path("externalId").asText()))
                .containsExactlyInAnyOrder("crm-2", "crm-3");
    }
}
