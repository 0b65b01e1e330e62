package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.upkeep.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lead that must not be called any more and cannot be stopped is an alarm, until it is stopped or a person takes note. */
class RetryStopsTest {
    private static final Fault WRONG_ID = Fault.status(400, "{\"errors\":{\"validation\":[\"wrong leadId\"]}}");

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private LedgerFile ledger;

    @BeforeEach
    void send() {
        start();
        bundle.drop("leads.csv", Given.csv("crm", 3));
        bundle.receipt("leads.csv");
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start() {
        bundle = Bundle.start(home, api);
        ledger = new LedgerFile(bundle.data());
    }

    @Test
    void aLeadWhoseIdIsWrongIsFoundByExternalIdAndNumberAndStopped() throws IOException {
        bundle.changeLedger("UPDATE lead SET lead_id = 'of-nobody' WHERE external_id = 'crm-1'");
        api.addLead("ob-1", "a-stranger", Given.json("{\"externalId\":\"crm-1\",\"phoneNumber\":\"+12125550199\"}"));

        suppress(Given.number(1) + "\n" + Given.number(2) + "\n");

        awaitAlarm("1 lead of acme, on a suppression list, could not be stopped");
        awaitStopReceipt(2, 1);
        assertThat(bundle.health()).as("it sends all the same").isEqualTo("UP");
        assertThat(get("metrics")).contains("pearl_stops_failed{outbound=\"acme\"} 1.0");
        assertThat(ledger.number("SELECT try_at - since FROM failed_stop"))
                .as("milliseconds to the first try")
                .isLessThanOrEqualTo(60_000);

        tryNow();

        awaitNoAlarm();
        assertThat(status("crm-1", Given.number(1))).isEqualTo(130);
        assertThat(status("crm-1", "+12125550199")).as("another number").isEqualTo(1);
        assertThat(ledger.number("SELECT count(*) FROM lead WHERE lead_id = 'of-nobody' AND state = 'accepted'"))
                .isZero();
        ledger.awaitDelivered();
        assertThat(bundle.events("leads"))
                .filteredOn(event -> event.path("type").asText().equals("ai.nlpearl.lead.stopped"))
                .extracting(event -> event.at("/data/externalId").asText())
                .containsExactly("crm-2", "crm-1");
        assertThat(get("metrics")).contains("pearl_stops_failed{outbound=\"acme\"} 0.0");
    }

    @Test
    void aLeadWithoutAnAnswerIsTriedAgainAlsoAfterARestart() {
        api.faults().always(Operation.UPDATE_LEAD, Fault.drop());
        suppress(Given.number(1) + "\n");
        awaitAlarm("1 lead of acme, on a suppression list, could not be stopped");
        awaitStopReceipt(1, 1);
        bundle.drop("more.csv", "externalId,phoneNumber\nmore-1," + Given.number(9) + "\n");
        Given.assertReceipt(bundle.receipt("more.csv"), "read=1 accepted=1");
        bundle.close();
        long before = api.requests(Operation.UPDATE_LEAD);

        start();

        awaitAlarm("1 lead of acme, on a suppression list, could not be stopped");
        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(before);
        tryNow();
        await().until(() -> ledger.number("SELECT tries FROM failed_stop") == 2);
        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(before + 1);
        assertThat(bundle.health()).isEqualTo("UP");

        api.faults().clear();
        tryNow();
        awaitNoAlarm();
        assertThat(status("crm-1", Given.number(1))).isEqualTo(130);
    }

    @Test
    void aRecalledLeadThatIsRefusedIsTriedUntilAPersonTakesNote() {
        api.faults().always(Operation.UPDATE_LEAD, WRONG_ID);
        bundle.drop("leads.csv.cancel", "recall");
        awaitAlarm("3 leads of acme, of a recalled file, could not be stopped");
        tryNow();
        await().until(() -> ledger.number("SELECT min(tries) FROM failed_stop") == 2);

        assertThat(command("stops", "list"))
                .contains("acme\tleads.csv\t2\tcrm-1\t", "\trecall\t", "3 not stopped\n")
                .contains("400 wrong leadId");
        assertThat(command("stops", "acknowledge", "leads.csv", "--line", "2,3"))
                .isEqualTo("2 acknowledged\n");
        awaitAlarm("1 lead of acme, of a recalled file, could not be stopped");
        assertThat(command("stops", "acknowledge", "leads.csv", "--all")).isEqualTo("1 acknowledged\n");

        awaitNoAlarm();
        assertThat(command("stops", "acknowledge", "leads.csv", "--all")).contains("no such lead could not be stopped");
        assertThat(api.leads("ob-1")).extracting(SandboxLead::status).containsOnly(1);
    }

    @Test
    void aNumberTakenOffTheListEndsTheTriesAndARecallStopsItsLeadAnew() {
        var refused = api.faults().always(Operation.UPDATE_LEAD, WRONG_ID);
        suppress(Given.number(1) + "\n");
        awaitAlarm("1 lead of acme, on a suppression list, could not be stopped");

        suppress("# nobody\n");

        // Until the list is read the lead is still on it.
        await().until(() -> {
            tryNow();
            return bundle.health("stop-health-check").equals("UP");
        });
        assertThat(refused.struck()).isPositive();
        api.faults().clear();
        bundle.drop("leads.csv.cancel", "recall");
        await().untilAsserted(() ->
                assertThat(api.leads("ob-1")).extracting(SandboxLead::status).containsOnly(130));
    }

    @Test
    void anUpdateThatLetsTheLeadBeCalledEndsTheAlarm() {
        var refused = api.faults().always(Operation.UPDATE_LEAD, WRONG_ID);
        bundle.drop("leads.csv.cancel", "recall");
        awaitAlarm("3 leads of acme, of a recalled file, could not be stopped");
        assertThat(refused.struck()).isEqualTo(3);
        api.faults().clear();

        bundle.drop("updates/u.csv", "externalId,status\ncrm-1,New\ncrm-2,Completed\n");

        awaitAlarm("1 lead of acme, of a recalled file, could not be stopped");
        assertThat(ledger.column("SELECT external_id FROM failed_stop JOIN lead USING (outbound, lead_id)"
                        + " WHERE state = 'accepted'"))
                .containsExactly("crm-3");
    }

    // --- helpers ---

    private void awaitStopReceipt(int read, int rejected) {
        await().untilAsserted(() -> assertThat(bundle.receipts("suppress"))
                .singleElement()
                .satisfies(receipt -> assertThat(receipt.path("read").asInt() + " "
                                + receipt.path("updated").asInt() + " "
                                + receipt.path("rejected").asInt())
                        .isEqualTo(read + " " + (read - rejected) + " " + rejected)));
    }

    private void tryNow() {
        bundle.changeLedger("UPDATE failed_stop SET try_at = 0");
    }

    /** Puts a list in its place, written a while ago. */
    private void suppress(String text) {
        try {
            Path file = home.resolve("data/suppress/dnc.txt");
            Path aside = Files.createTempFile(home, "list", "");
            Files.writeString(aside, text);
            Files.setLastModifiedTime(aside, FileTime.from(Instant.now().minusSeconds(60)));
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int status(String externalId, String number) {
        List<SandboxLead> leads = api.leads("ob-1").stream()
                .filter(lead -> lead.externalId().equals(externalId)
                        && lead.phoneNumber().equals(number))
                .toList();
        assertThat(leads).hasSize(1);
        return leads.get(0).status();
    }

    private void awaitAlarm(String text) {
        await().untilAsserted(
                        () -> assertThat(bundle.health("stop-health-check")).startsWith(text));
    }

    private void awaitNoAlarm() {
        await().untilAsserted(
                        () -> assertThat(bundle.health("stop-health-check")).isEqualTo("UP"));
    }

    private String command(String... arguments) {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        Commands.execute(home.resolve("application.properties"), Map.of(), Reader.nullReader(), out, out, arguments);
        return printed.toString();
    }

    private String get(String page) {
        return HttpSinkTest.observe(bundle, page);
    }
}
