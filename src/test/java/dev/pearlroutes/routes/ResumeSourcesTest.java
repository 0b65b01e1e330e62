package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static dev.pearlroutes.sandbox.Faults.externalId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeSourcesTest {
    @TempDir
    private Path home;

    private void sql(String statement) throws SQLException {
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/ledger.sqlite"))) {
            ledger.createStatement().executeUpdate(statement);
        }
    }

    @Test
    void aStopInTheMiddleOfAFileLosesNothingAndRingsNobodyTwice() {
        try (Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(50)).start()) {
            for (int run = 1; run <= 2; run++) {
                long before = api.requests(Operation.ADD_LEAD);
                try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=4")) {
                    if (run == 1) {
                        bundle.drop("l.csv", csv("crm", 500));
                    }
                    await().until(() -> api.requests(Operation.ADD_LEAD) > before + 20);
                }
                assertThat(home.resolve("data/done/acme/l.csv")).doesNotExist();
            }
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=500 accepted=500");
                assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 500));
                assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(500);
                await().until(() -> bundle.events("leads").size() == 501);
            }
        }
    }

    @Test
    void aStopWhileTheServerHangsEndsInTimeWithThatLeadUnknown() {
        try (Sandbox api = Bundle.sandbox().start()) {
            api.faults().always(Operation.ADD_LEAD, externalId("crm-3"), Fault.hang());
            Instant stopped;
            try (Bundle bundle = Bundle.start(home, api, "nlpearl.response-timeout=2s", "nlpearl.max-in-flight=4")) {
                bundle.drop("l.csv", csv("crm", 20));
                await().until(() -> api.faults().hanging() == 1);
                stopped = Instant.now();
            }
            assertThat(Duration.between(stopped, Instant.now())).isLessThan(Duration.ofSeconds(10));
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=20 accepted=19 unknown=1");
                assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(20);
            }
        }
    }

    @Test
    void aStopWhileTheLineIsStoppedPutsEverythingBack() {
        try (Sandbox api = Bundle.sandbox().start()) {
            api.token("account:another");
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.drop("l.csv", csv("crm", 100));
                await().until(() -> api.requests(Operation.ADD_LEAD) > 0);
            }
            api.token(Bundle.TOKEN);
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=100 accepted=100");
                assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 100));
            }
        }
    }

    /** What a kill -9 leaves: an intent whose request may be on the wire. It is not sent again. */
    @Test
    void anIntentThatWasOnTheWireWhenTheProcessDiedIsUnknown() throws Exception {
        try (Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(50)).start()) {
            try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=4")) {
                bundle.drop("l.csv", csv("crm", 400));
                await().until(() -> api.requests(Operation.ADD_LEAD) > 20);
            }
            sql("UPDATE lead SET state = 'sending', lead_id = NULL, reason = NULL WHERE row_no IN (2, 5)");
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=400 accepted=398 unknown=2");
                assertThat(text(bundle.done("l.csv.unknown.csv")))
                        .hasLineCount(3)
                        .contains("crm-2,")
                        .contains("crm-5,");
                assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 400));
            }
        }
    }

    /** A crash between two steps of the finish: the steps are repeated, and the file is published once. */
    @Test
    void aFinishThatWasInterruptedIsRepeated() throws Exception {
        try (Sandbox api = Bundle.sandbox().start()) {
            String receipt;
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.drop("l.csv", csv("crm", 10) + "x,none\n");
                bundle.receipt("l.csv");
                await().until(() -> bundle.events("leads").size() == 12);
                receipt = text(bundle.done("l.csv.receipt.json"));
            }
            sql("UPDATE source SET state = 'sending'");
            Files.delete(home.resolve("data/done/acme/l.csv.receipt.json"));
            Files.delete(home.resolve("data/done/acme/l.csv.rejected.csv"));
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.receipt("l.csv");
                assertThat(text(bundle.done("l.csv.receipt.json"))).isEqualTo(receipt);
                assertThat(text(bundle.done("l.csv.rejected.csv"))).hasLineCount(2);
                assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(10);
            }
        }
    }

    /** A crash in the middle of writing a list that is not needed any more when the finish is repeated. */
    @Test
    void nothingInTheMakingIsLeftOfAListThatHasNoRowsAnyMore() throws Exception {
        try (Sandbox api = Bundle.sandbox().start()) {
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.drop("l.csv", csv("crm", 2));
                bundle.receipt("l.csv");
            }
            sql("UPDATE source SET state = 'sending'");
            Files.delete(home.resolve("data/done/acme/l.csv.receipt.json"));
            Path left = Files.writeString(home.resolve("data/done/acme/.l.csv.unknown.csv.part"), "half a li");
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
                assertThat(left).doesNotExist();
            }
        }
    }

    /** A crash between the last note in the ledger and the removal of the source's folder, or between folder and rename. */
    @Test
    void emptyFoldersOfSourcesAreRemoved() throws Exception {
        Path empty = Files.createDirectories(home.resolve("data/work/acme/7"));
        Path holding = Files.createDirectories(home.resolve("data/work/acme/8"));
        Files.createFile(holding.resolve("somebody's"));
        try (Sandbox api = Bundle.sandbox().start()) {
            Bundle.start(home, api).close();
            assertThat(empty).doesNotExist();
            assertThat(holding).isDirectoryContaining("glob:**somebody's");
        }
    }

    /** As source 7. */
    private void enterClaim(Sandbox api) throws SQLException {
        Bundle.start(home, api).close();
        sql("INSERT INTO source (id, outbound, operation, name, dropped_as, state, started_at)"
                + " VALUES (7, 'acme', 'add', 'l.csv', 'l.csv', 'claimed', 1)");
    }

    /** A crash between the claim and its rename: the file is still in the inbox and is claimed again. */
    @Test
    void aClaimWithoutItsFileIsWithdrawn() throws Exception {
        try (Sandbox api = Bundle.sandbox().start()) {
            enterClaim(api);
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.drop("l.csv", csv("crm", 2));
                assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
            }
        }
    }

    /** A crash between the claim's rename and the scan: what the claim has brought is scanned and sent. */
    @Test
    void aClaimedFileThatWasNotScannedIsTakenUp() throws Exception {
        try (Sandbox api = Bundle.sandbox().start()) {
            enterClaim(api);
            Path work = Files.createDirectories(home.resolve("data/work/acme/7"));
            Files.writeString(work.resolve("l.csv"), csv("crm", 2));
            try (Bundle bundle = Bundle.start(home, api)) {
                assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
                await().until(() -> Files.notExists(work));
            }
        }
    }

    /** A crash between the last two steps of setting a file aside: its true reason stays, and is published. */
    @Test
    void aFileThatWasSetAsideWhenTheProcessDiedKeepsItsReason() throws Exception {
        try (Sandbox api = Bundle.sandbox().start()) {
            String reason;
            try (Bundle bundle = Bundle.start(home, api)) {
                bundle.drop("l.json", "[{");
                reason = bundle.failure("l.json");
            }
            LedgerFile ledger = new LedgerFile(home.resolve("data"));
            ledger.change("UPDATE source SET state = 'claimed', reason = NULL");
            ledger.change("DELETE FROM event");
            try (Bundle bundle = Bundle.start(home, api)) {
                await().until(() -> ledger.column("SELECT reason FROM source WHERE state = 'failed'")
                        .equals(List.of(reason.strip())));
                assertThat(bundle.failure("l.json")).isEqualTo(reason);
                await().until(() -> bundle.events("leads").stream()
                        .anyMatch(event -> event.toString().contains("file.failed")));
            }
        }
    }
}
