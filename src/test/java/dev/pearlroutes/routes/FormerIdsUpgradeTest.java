package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leads that a version before ids were cleaned sent under ids as they were written are the same leads after the upgrade. */
class FormerIdsUpgradeTest {

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

    /** What those versions made of the file is what this one makes of clean ids, but for the ids. */
    private void formerly(String... spellings) {
        StringBuilder file = new StringBuilder("externalId,phoneNumber\n");
        for (int i = 0; i < spellings.length; i++) {
            file.append("was-" + i + "," + number(i) + "\n");
        }
        try (Bundle former = Bundle.start(home, api)) {
            former.drop("before.csv", file.toString());
            assertReceipt(former.receipt("before.csv"), "read=%d accepted=%1$d".formatted(spellings.length));
        }
        LedgerFile ledger = new LedgerFile(home.resolve("data"));
        for (int i = 0; i < spellings.length; i++) {
            ledger.change("UPDATE lead SET external_id = '" + spellings[i] + "' WHERE external_id = 'was-" + i + "'");
        }
    }

    private List<String> sent() {
        return api.leads("ob-1").stream()
                .filter(lead -> !lead.externalId().startsWith("was-"))
                .map(SandboxLead::phoneNumber)
                .toList();
    }

    @Test
    void nobodyIsCalledAgainAndWhoWasNeverCalledIsCalled() {
        formerly("INV-1\u200B", "NULL", "INV-3\uFEFF");
        bundle = Bundle.start(home, api);

        bundle.drop(
                "again.csv",
                "externalId,phoneNumber\nINV-1\u200B," + number(0) + "\nNULL," + number(1) + "\nNULL," + number(8)
                        + "\nnan," + number(9) + "\nINV-3," + number(2) + "\n");

        assertReceipt(bundle.receipt("again.csv"), "read=5 accepted=2 duplicate=3");
        assertThat(sent()).containsExactlyInAnyOrder(number(8), number(9));
        assertThat(Bundle.text(bundle.done("again.csv.skipped.csv")))
                .contains("2,same lead as before.csv line 2", "3,same lead as before.csv line 3")
                .contains("6,same lead as before.csv line 4");
    }

    @Test
    void anUpdateAndALookUpFindTheLeadUnderTheIdItWasSentWith() {
        formerly("INV-1\u200B", "IN\u00ADV-2", "NULL");
        bundle = Bundle.start(home, api);

        bundle.drop("updates/u.csv", "externalId,status\nINV-1,Success\nINV-2\uFEFF,Success\nNULL,Success\n");
        assertThat(bundle.receipt("updates/u.csv").path("updated").asInt()).isEqualTo(2);
        assertThat(Bundle.text(bundle.done("updates/u.csv.rejected.csv")))
                .contains("leadId and externalId are missing: nothing names the lead");
        assertThat(api.leads("ob-1"))
                .extracting(SandboxLead::externalId, SandboxLead::status)
                .containsExactlyInAnyOrder(tuple("was-0", 100), tuple("was-1", 100), tuple("was-2", 1));

        bundle.drop("lookups/l.csv", "externalId\nINV\u200D-1\nINV-3\n");
        assertThat(bundle.receipt("lookups/l.csv").path("found").asInt()).isEqualTo(1);
    }

    @Test
    void anUnknownLeadIsLookedUpAsItWasSent() {
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("was-0"), Fault.drop());
        try (Bundle former = Bundle.start(home, api)) {
            former.drop("before.csv", "externalId,phoneNumber\nwas-0," + number(0) + "\n");
            assertReceipt(former.receipt("before.csv"), "read=1 unknown=1");
        }
        new LedgerFile(home.resolve("data"))
                .change("UPDATE lead SET external_id = 'INV-1\u200B', body = replace(body, 'was-0', 'INV-1\u200B'),"
                        + " look_up_at = 0");
        api.addLead(
                "ob-1", "lead-1", Given.json("{\"phoneNumber\":\"" + number(0) + "\",\"externalId\":\"INV-1\u200B\"}"));
        bundle = Bundle.start(home, api, "leads.settle-time=200ms");

        await("the look-up")
                .untilAsserted(() -> assertThat(Bundle.json(bundle.done("before.csv.receipt.json"))
                                .path("accepted")
                                .asInt())
                        .isEqualTo(1));
        assertThat(api.leads("ob-1")).hasSize(1);
        bundle.drop("again.csv", "externalId,phoneNumber\nINV-1," + number(0) + "\n");
        assertReceipt(bundle.receipt("again.csv"), "read=1 duplicate=1");
    }

    /** Those versions took the quotes for a part of the name and the cells: the ids were not read, and derived ones were sent. */
    @Test
    void leadsWhoseIdsWereNotReadAreKnownByTheDerivedOnes() {
        try (Bundle former = Bundle.start(home, api)) {
            former.drop("before.csv", "phoneNumber,theirs\n" + number(0) + ",\"SQ-1\"\n" + number(1) + ",ZM-1\n");
            assertReceipt(former.receipt("before.csv"), "read=2 accepted=2");
        }
        bundle = Bundle.start(home, api);

        bundle.drop(
                "quotes.csv",
                "phoneNumber, \"externalId\"\n" + number(0) + ", \"SQ-1\"\n" + number(5) + ", \"SQ-5\"\n");
        bundle.drop("mark.csv", "phoneNumber,\uFEFFexternalId\n" + number(1) + ",ZM-1\n");

        assertReceipt(bundle.receipt("quotes.csv"), "read=2 accepted=1 duplicate=1");
        assertReceipt(bundle.receipt("mark.csv"), "read=1 duplicate=1");
        assertThat(api.leads("ob-1"))
                .filteredOn(lead -> lead.phoneNumber().equals(number(5)))
                .extracting(SandboxLead::externalId)
                .containsExactly("SQ-5");
    }

    @Test
    void halfACharacterIsRejectedInFilesAndUpdates() {
        bundle = Bundle.start(home, api);

        bundle.drop(
                "half.json",
                "[{\"phoneNumber\":\"" + number(1) + "\",\"externalId\":\"S-1\",\"firstName\":\"Ann \\ud83d\"},"
                        + "{\"phoneNumber\":\"" + number(2) + "\",\"externalId\":\"S-2\\udc00\",\"firstName\":\"x\"},"
                        + "{\"phoneNumber\":\"" + number(3) + "\",\"externalId\":\"S-3\"}]");
        assertReceipt(bundle.receipt("half.json"), "read=3 accepted=1 rejected=2");
        assertThat(Bundle.text(bundle.done("half.json.rejected.jsonl")))
                .contains(
                        "has half a character (U+D83D) in 'firstName'",
                        "has half a character (U+DC00) in 'externalId'");

        bundle.drop("updates/half.json", "[{\"externalId\":\"S-3\",\"firstName\":\"Ann \\ud83d\"}]");
        assertThat(bundle.receipt("updates/half.json").path("rejected").asInt()).isEqualTo(1);
    }
}
