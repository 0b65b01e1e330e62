package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.rows.UnreadableSourceException;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is taken up again, or whose results are written again, has the rows that the ledger has of it; else it stops. */
class ResumedRowsTest {
    private static final int ROWS = 300;

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(20)).start();

    @AfterEach
    void close() {
        api.close();
    }

    private LedgerFile ledger() {
        return new LedgerFile(home.resolve("data"));
    }

    /** Stops a file in the middle, when its first rows are accepted. */
    private void begin() {
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=2")) {
            bundle.drop("l.csv", csv("crm", ROWS));
            await().until(() ->
                    ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted' AND row_no < 5") == 4);
        }
        assertThat(home.resolve("data/done/acme/l.csv")).doesNotExist();
    }

    private String failure(String file) {
        try (Bundle bundle = Bundle.start(home, api)) {
            Path reason = bundle.failed(file + ".reason.txt");
            await(file).until(() -> Files.exists(reason));
            return Bundle.text(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "external_id = 'other', phone = x'00', content = x'00' WHERE row_no = 2",
                "external_id = NULL, phone = NULL, content = NULL, line = 4 WHERE row_no = 2"
            })
    void aRowThatDiffersStopsTheFileAndWhatWasSentKeepsItsOutcome(String change) {
        begin();
        ledger().change("UPDATE lead SET " + change);
        long requests = api.requests(Operation.ADD_LEAD);
        long accepted = ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted'");

        assertThat(failure("l.csv"))
                .startsWith("the row on line 3 is not row 2 as the file was read when it was begun")
                .contains("of its 300 rows " + accepted + " were accepted");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(requests);
        assertThat(ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted'"))
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // An update gave it another id; another number; both; and an earlier version took its id with a mark.
                "external_id = 'renamed' WHERE row_no = 2",
                "phone = x'00' WHERE row_no = 2",
                "external_id = 'renamed', phone = x'00' WHERE row_no = 2",
                "external_id = external_id || char(8203), phone = x'00', content = x'00' WHERE row_no = 2"
            })
    void aRowThatWasChangedSinceIsTheSame(String change) {
        begin();
        ledger().change("UPDATE lead SET " + change);

        try (Bundle bundle = Bundle.start(home, api)) {
            assertReceipt(bundle.receipt("l.csv"), "read=%d accepted=%1$d".formatted(ROWS));
        }
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", ROWS));
    }

    @Test
    void aFileThatReadsAsFewerRowsStops() {
        begin();
        ledger().change("UPDATE source SET row_count = row_count + 1");
        long requests = api.requests(Operation.ADD_LEAD);

        assertThat(failure("l.csv"))
                .startsWith("reads as 300 rows now, and as 301 when it was begun, by another version of this program");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(requests);
    }

    @Test
    void aFileOfWhichNothingIsOnRecordIsCountedAnew() {
        api.token("account:another");
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 20));
            await().until(() -> api.requests(Operation.ADD_LEAD) > 0);
        }
        assertThat(ledger().number("SELECT count(*) FROM lead")).isZero();
        ledger().change("UPDATE source SET row_count = 3");
        api.token(Bundle.TOKEN);

        try (Bundle bundle = Bundle.start(home, api, "outbound.acme.max-leads-per-file=10")) {
            Path notice = bundle.data().resolve("inbox/acme/l.csv.needs-approval");
            await("its limit judges it anew").until(() -> Files.exists(notice));
        }
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv.approve", "");
            assertReceipt(bundle.receipt("l.csv"), "read=20 accepted=20");
        }
    }

    @Test
    void anUpdateThatDiffersStops() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 2));
            bundle.receipt("l.csv");
            bundle.drop("updates/u.csv", "externalId,status\ncrm-1,Success\ncrm-2,Success\n");
            assertThat(bundle.receipt("updates/u.csv").path("updated").asInt()).isEqualTo(2);
        }
        String source = "(SELECT id FROM source WHERE name = 'u.csv')";
        ledger().change("UPDATE source SET state = 'sending', finished_at = NULL WHERE name = 'u.csv'");
        ledger().change("DELETE FROM lead WHERE row_no = 2 AND source_id = " + source);
        ledger().change("UPDATE lead SET external_id = 'crm-2', lead_id = NULL WHERE source_id = " + source);
        long requests = api.requests(Operation.UPDATE_LEAD);

        assertThat(failure("updates/u.csv")).startsWith("the row on line 2 is not row 1");
        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(requests);
    }

    @Test
    void theFilesOfAFinishedSourceThatReadsAsOtherRowsStayAsTheyAre() throws IOException {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 3));
            bundle.receipt("l.csv");
        }
        Path done = home.resolve("data/done/acme/l.csv");
        Path outcomes = done.resolveSibling("l.csv.outcomes.csv");
        Path accepted = done.resolveSibling("l.csv.accepted.csv");
        String outcomesBefore = Bundle.text(outcomes);
        String acceptedBefore = Bundle.text(accepted);
        // What is one row less to this version than to the one that finished it.
        Files.writeString(done, csv("crm", 2));
        ledger().change("UPDATE source SET outcomes_at = 1, changed_at = 1, sha256 = '" + Digests.sha256(done) + "'");

        try (Bundle bundle = Bundle.start(home, api)) {
            LedgerFile ledger = new LedgerFile(bundle.data());
            await("both are looked at")
                    .until(() -> ledger.number(
                                    "SELECT count(*) FROM source WHERE outcomes_at IS NULL AND changed_at IS NULL")
                            == 1);
        }
        assertThat(outcomes).hasContent(outcomesBefore);
        assertThat(accepted).hasContent(acceptedBefore);
    }

    @Test
    void aMessageThatReadsAsOtherRowsIsRefusedAndNotSentOn() {
        Map<String, Object> headers = Map.of("outbound", "acme", "messageId", "m-1");
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.camel().createProducerTemplate().requestBodyAndHeaders("direct:add-leads", csv("crm", 3), headers);
            bundle.changeLedger("UPDATE source SET state = 'sending', finished_at = NULL, row_count = 4");
            bundle.changeLedger("DELETE FROM lead WHERE row_no = 3");

            assertThat(refusal(bundle, headers))
                    .hasMessageContaining("reads as 3 rows now, and as 4 when it was begun");
            assertThat(refusal(bundle, headers)).as("nobody holds it").hasMessageContaining("reads as 3 rows now");
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(3);
        }
    }

    private static Throwable refusal(Bundle bundle, Map<String, Object> headers) {
        try {
            bundle.camel().createProducerTemplate().requestBodyAndHeaders("direct:add-leads", csv("crm", 3), headers);
            return null;
        } catch (CamelExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(UnreadableSourceException.class);
            return e.getCause();
        }
    }
}
