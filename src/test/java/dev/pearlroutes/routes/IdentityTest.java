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
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a row a duplicate is the outbound's to choose, and leads that share a key are never taken for one another. */
class IdentityTest {
    /** One request after the other, so that those behind a lost lead are accepted after it was lost. */
    private static final String[] QUICK = {"leads.settle-time=1s", "nlpearl.max-in-flight=1"};

    /** Seconds: longer than a file waits in the inbox. */
    private static final String UPDATE_WAITS = "6";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String identity, String window) {
        bundle = Bundle.start(
                home,
                api,
                QUICK[0],
                QUICK[1],
                "outbound.acme.identity=" + identity,
                "outbound.acme.identity-window=" + window);
    }

    private List<SandboxLead> leads(Predicate<SandboxLead> of) {
        return api.leads("ob-1").stream().filter(of).toList();
    }

    private static Predicate<SandboxLead> externalId(String externalId) {
        return lead -> lead.externalId().equals(externalId);
    }

    private JsonNode settledReceipt(String file) {
        bundle.receipt(file);
        Path receipt = bundle.done(file + ".receipt.json");
        await().until(() -> Bundle.json(receipt).get("unknown").asInt() == 0);
        return Bundle.json(receipt);
    }

    @Test
    void filesSentSideBySideRingANumberOnce() {
        start("phone", "");
        int numbers = 150;

        bundle.drop("one.csv", Given.csv("one", numbers));
        bundle.drop("two.csv", Given.csv("two", numbers));

        int one = bundle.receipt("one.csv").get("accepted").asInt();
        int two = bundle.receipt("two.csv").get("accepted").asInt();
        Given.assertReceipt(
                bundle.receipt("one.csv"), "read=150 accepted=%d duplicate=%d".formatted(one, numbers - one));
        Given.assertReceipt(
                bundle.receipt("two.csv"), "read=150 accepted=%d duplicate=%d".formatted(two, numbers - two));
        assertThat(api.leads("ob-1"))
                .hasSize(numbers)
                .extracting(SandboxLead::phoneNumber)
                .doesNotHaveDuplicates();
    }

    @Test
    void afterTheWindowALeadIsSentAgainAndTheFormerOneStaysWhatItIs() throws IOException {
        start("external-id+phone", "30d");
        bundle.drop("first.csv", Given.csv("crm", 6));
        bundle.receipt("first.csv");
        String receipt = Bundle.text(bundle.done("first.csv.receipt.json"));
        String accepted = Bundle.text(bundle.done("first.csv.accepted.csv"));
        bundle.drop("early.csv", Given.csv("other", 6));
        Given.assertReceipt(bundle.receipt("early.csv"), "read=6 duplicate=6");
        bundle.changeLedger("UPDATE lead SET at = at - 30 * 86400000");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-2"),
                        Fault.drop().afterEffect());

        bundle.drop("second.csv", Given.csv("crm", 6));

        Given.assertReceipt(settledReceipt("second.csv"), "read=6 accepted=6");
        assertThat(api.ringsByExternalId())
                .hasSize(6)
                .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(2));
        LedgerFile ledger = new LedgerFile(bundle.data());
        assertThat(ledger.number("SELECT count(DISTINCT lead_id) FROM lead WHERE state = 'accepted'"))
                .as("no look-up took a lead for its namesake")
                .isEqualTo(12);

        bundle.drop("updates/u.csv", "externalId,status\ncrm-3,Success\n");
        assertThat(bundle.receipt("updates/u.csv").get("updated").asInt()).isEqualTo(1);
        assertThat(leads(externalId("crm-3")))
                .as("the newest is meant")
                .extracting(SandboxLead::status)
                .containsExactly(1, 100);

        List<String> called = leads(externalId("crm-4")).stream()
                .map(lead -> api.addCall("ob-1", lead.id(), call -> {}))
                .toList();
        bundle.searchCalls();
        await().untilAsserted(() -> assertThat(ledger.column("SELECT s.name || ' ' || o.call_id FROM call_outcome o"
                        + " JOIN source s ON s.id = o.source_id ORDER BY s.id"))
                .containsExactly("first.csv " + called.get(0), "second.csv " + called.get(1)));

        Path list = Files.writeString(bundle.data().resolve("list.part"), Given.number(5) + "\n");
        Files.move(list, bundle.data().resolve("suppress/dnc.txt"));
        await().untilAsserted(() -> assertThat(leads(externalId("crm-5")))
                .as("both are stopped")
                .extracting(SandboxLead::status)
                .containsExactly(130, 130));
        assertThat(Bundle.text(bundle.done("first.csv.receipt.json"))).isEqualTo(receipt);
        assertThat(Bundle.text(bundle.done("first.csv.accepted.csv"))).isEqualTo(accepted);
    }

    @Test
    void numbersUnderOneExternalIdAreLeadsOfTheirOwn() {
        start("phone", "");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-1"),
                        Fault.drop().afterEffect());

        bundle.drop("leads.csv", """
                externalId,phoneNumber
                crm-1,+12125550101
                crm-1,+12125550102
                crm-2,+12125550103
                crm-3,+1 (212) 555-0103
                ,+12125550103
                crm-4,+12125550104
                crm-5,+12125550105
                """);

        Given.assertReceipt(settledReceipt("leads.csv"), "read=7 accepted=5 duplicate=2");
        assertThat(Bundle.text(bundle.done("leads.csv.skipped.csv"))).isEqualTo("""
                externalId,phoneNumber,_line,_reason
                crm-3,+1 (212) 555-0103,5,"same number as line 4, which has another externalId"
                ,+12125550103,6,"same number as line 4, which has another externalId"
                """);
        Map<String, String> numbers =
                api.leads("ob-1").stream().collect(Collectors.toMap(SandboxLead::id, SandboxLead::phoneNumber));
        assertThat(numbers.values()).hasSize(5).doesNotHaveDuplicates();
        assertThat(Bundle.text(bundle.done("leads.csv.accepted.csv")).lines().skip(1))
                .hasSize(5)
                .as("each row has the lead with its number")
                .allSatisfy(row -> assertThat(numbers.get(row.split(",")[2])).isEqualTo(row.split(",")[1]));

        bundle.drop("updates/u.csv", """
                externalId,phoneNumber,status
                crm-1,,Success
                crm-4,+12125550105,
                crm-5,+12125550105,Success
                crm-2,+12125550190,
                crm-4,+12125550190,
                """);
        JsonNode receipt = bundle.receipt("updates/u.csv");
        assertThat(receipt.get("updated").asInt()).isEqualTo(2);
        assertThat(Bundle.text(bundle.done("updates/u.csv.rejected.csv")))
                .contains("2,\"several leads have this externalId, with different numbers: give the leadId of one\"")
                .contains("3,phoneNumber is already that of another lead")
                .contains("6,phoneNumber is already that of another lead");
    }

    /** Whether the API takes the new number or not: the row of the file is judged by what became of the update. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowWhoseNumberAnUpdateUnderWayGivesToALeadWaitsForIt(boolean taken) {
        start("phone", "");
        bundle.drop("leads.csv", Given.csv("crm", 1));
        bundle.receipt("leads.csv");
        api.faults().next(1, Operation.UPDATE_LEAD, Fault.tooManyRequests(UPDATE_WAITS));
        if (!taken) {
            api.faults()
                    .always(
                            Operation.UPDATE_LEAD,
                            Fault.status(400, "{\"errors\":{\"phoneNumber\":[\"not this one\"]}}"));
        }
        bundle.drop("updates/u.csv", "externalId,phoneNumber\ncrm-1,+12125550190\n");
        await().until(() -> api.requests(Operation.UPDATE_LEAD) > 0);

        bundle.drop("new.csv", "externalId,phoneNumber\nnew-1,+12125550191\nnew-2,+12125550190\n");

        Given.assertReceipt(bundle.receipt("new.csv"), taken ? "read=2 accepted=1 duplicate=1" : "read=2 accepted=2");
        assertThat(leads(lead -> lead.phoneNumber().equals("+12125550190")))
                .extracting(SandboxLead::externalId)
                .containsExactly(taken ? "crm-1" : "new-2");
    }

    @Test
    void aFileThatWaitsForAnUpdateGoesOnAfterARestart() {
        start("phone", "");
        bundle.drop("leads.csv", Given.csv("crm", 1));
        bundle.receipt("leads.csv");
        api.faults().always(Operation.UPDATE_LEAD, Fault.tooManyRequests("1"));
        bundle.drop("updates/u.csv", "externalId,phoneNumber\ncrm-1,+12125550190\n");
        await().until(() -> api.requests(Operation.UPDATE_LEAD) > 0);
        bundle.drop("new.csv", "externalId,phoneNumber\nnew-1,+12125550190\n");
        await().until(() -> new LedgerFile(bundle.data())
                        .number("SELECT count(*) FROM source WHERE name = 'new.csv'" + " AND state = 'sending'")
                == 1);

        bundle.close();
        api.faults().clear();
        start("phone", "");

        int updated = bundle.receipt("updates/u.csv").get("updated").asInt();
        Given.assertReceipt(bundle.receipt("new.csv"), updated == 1 ? "read=1 duplicate=1" : "read=1 accepted=1");
        assertThat(leads(lead -> lead.phoneNumber().equals("+12125550190"))).hasSize(1);
    }
}
