package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause holds Add Lead of a file or an outbound, over restarts too, and nothing else. */
class PauseTest {
    private static final String[] TWO = {"outbound.other.id=ob-2", "outbound.other.default-region=US"};

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox()
            .outbound("ob-2", "other")
            .latency(Duration.ofMillis(5))
            .start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    private Path inbox(String file) {
        return home.resolve("data/inbox/acme").resolve(file);
    }

    /** Drops an empty control file and waits until it is carried out. */
    private void order(String file) {
        bundle.drop(file, "");
        await(file).until(() -> !Files.exists(inbox(file)));
        assertThat(bundle.failed(file)).doesNotExist();
    }

    private void dropBeforeTheStart(String file, String text, int secondsAgo) throws IOException {
        Files.createDirectories(inbox(""));
        Files.writeString(inbox(file), text);
        Files.setLastModifiedTime(inbox(file), FileTime.from(Instant.now().minusSeconds(secondsAgo)));
    }

    private int added(String outboundId) {
        return api.leads(outboundId).size();
    }

    private LedgerFile ledger() {
        return new LedgerFile(bundle.data());
    }

    /** Waits until nobody works on the files and none of their intents is open. */
    private void awaitRest() {
        await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE state = 'sending'") == 0);
    }

    @Test
    void aFileThatIsBeingSentRestsOverARestartUntilItIsResumedAndHoldsUpNoOther() {
        String slow = "nlpearl.max-per-second=40";
        start(slow);
        bundle.drop("leads.csv", Given.csv("crm", 300));
        await().until(() -> added("ob-1") >= 20);

        order("leads.csv.pause");

        awaitRest();
        int sent = added("ob-1");
        assertThat(sent).isLessThan(300);
        assertThat(bundle.health()).isEqualTo("UP");
        assertThat(bundle.healthDetails()).containsEntry("paused files", 1L).containsEntry("paused outbounds", 0);
        for (int i = 0; i < 5; i++) {
            bundle.drop("other" + i + ".csv", Given.csv("other" + i, 1));
        }
        for (int i = 0; i < 5; i++) {
            Given.assertReceipt(bundle.receipt("other" + i + ".csv"), "read=1 accepted=1");
        }
        order("leads.csv.pause");
        bundle.close();
        start();
        bundle.drop("after.csv", Given.csv("after", 1));
        bundle.receipt("after.csv");
        await().until(() -> Long.valueOf(1).equals(bundle.healthDetails().get("paused files")));
        assertThat(added("ob-1")).isEqualTo(sent + 6);

        order("leads.csv.resume");

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=300 accepted=300");
        assertThat(api.ringsByExternalId().values()).hasSize(306).containsOnly(1);
        assertThat(bundle.healthDetails()).containsEntry("paused files", 0L);
    }

    @Test
    void aFileInTheInboxIsPausedBeforeItsFirstLeadAndCanBeCancelled() throws IOException {
        dropBeforeTheStart("leads.csv", Given.csv("crm", 3), 60);
        dropBeforeTheStart("leads.csv.pause", "", 60);
        start();
        // It is left alone for a while, and F with it.
        Files.writeString(inbox("next.csv.pause"), "");
        bundle.drop("next.csv", Given.csv("next", 2));
        await().until(() -> Long.valueOf(2).equals(bundle.healthDetails().get("paused files")));
        bundle.drop("after.csv", Given.csv("after", 1));
        bundle.receipt("after.csv");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(1);

        order("leads.csv.cancel");

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=3 cancelled=3");
        order("next.csv.resume");
        Given.assertReceipt(bundle.receipt("next.csv"), "read=2 accepted=2");
        assertThat(bundle.healthDetails()).containsEntry("paused files", 0L);
    }

    @Test
    void theEarlierOfPauseAndResumeIsCarriedOutFirst() throws IOException {
        dropBeforeTheStart("leads.csv", Given.csv("crm", 2), 60);
        dropBeforeTheStart("leads.csv.pause", "", 50);
        dropBeforeTheStart("leads.csv.resume", "", 40);
        dropBeforeTheStart("outbound.resume", "", 50);
        dropBeforeTheStart("outbound.pause", "", 40);
        start();

        assertThat(bundle.healthDetails()).containsEntry("paused outbounds", 1);
        order("outbound.resume");
        Given.assertReceipt(bundle.receipt("leads.csv"), "read=2 accepted=2");
    }

    @Test
    void anOutboundThatIsPausedHoldsAllItsFilesAndNoOtherOutbound() {
        start(TWO);
        order("outbound.pause");
        for (int i = 0; i < 6; i++) {
            bundle.drop("l" + i + ".csv", Given.csv("l" + i, 2));
        }
        bundle.drop("outbound.csv", Given.csv("named", 1));
        bundle.drop("other", "o.csv", Given.csv("other", 2));
        await().until(() -> Files.exists(bundle.data().resolve("done/other/o.csv.receipt.json")));
        order("outbound.csv.pause");
        bundle.drop("l5.csv.cancel", "");
        Given.assertReceipt(bundle.receipt("l5.csv"), "read=2 cancelled=2");
        assertThat(bundle.health()).isEqualTo("UP");
        assertThat(bundle.healthDetails()).containsEntry("paused outbounds", 1).containsEntry("paused files", 1L);
        bundle.close();
        start(TWO);
        assertThat(bundle.healthDetails()).containsEntry("paused outbounds", 1);
        bundle.drop("check/c.csv", Given.csv("l0", 2));
        await().until(() -> Files.exists(bundle.done("check/c.csv.receipt.json")));
        assertThat(added("ob-1")).isZero();

        order("outbound.resume");

        for (int i = 0; i < 5; i++) {
            Given.assertReceipt(bundle.receipt("l" + i + ".csv"), "read=2 accepted=2");
        }
        assertThat(added("ob-1")).as("outbound.csv is paused by itself").isEqualTo(10);
        order("outbound.csv.resume");
        Given.assertReceipt(bundle.receipt("outbound.csv"), "read=1 accepted=1");
        assertThat(api.ringsByExternalId().values()).containsOnly(1);
    }

    @Test
    void updatesAndDoNotCallStopsOfAPausedOutboundGoOn() throws IOException {
        start();
        bundle.drop("leads.csv", Given.csv("crm", 2));
        bundle.drop("more.csv", "externalId,phoneNumber\nm-1,+12125559001\nm-2,+12125559002\n");
        bundle.receipt("leads.csv");
        bundle.receipt("more.csv");
        order("outbound.pause");

        bundle.drop("updates/u.csv", "externalId,status\nm-1,Success\n");
        Path list = Files.writeString(home.resolve("list"), "+12125559002\n");
        Files.setLastModifiedTime(list, FileTime.from(Instant.now().minusSeconds(60)));
        Files.move(list, bundle.data().resolve("suppress/dnc.txt"));
        bundle.drop("leads.csv.cancel", "recall");

        await().untilAsserted(() -> assertThat(api.leads("ob-1"))
                .extracting(SandboxLead::status)
                .containsExactlyInAnyOrder(130, 130, 130, 100));
        await().until(() -> Files.exists(bundle.done("updates/u.csv.receipt.json")));
    }

    @Test
    void unknownLeadsOfAPausedOutboundAreLookedUpAndSentAgainAfterThePause() {
        start("leads.settle-time=1s", "nlpearl.max-in-flight=1");
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-2"),
                        Fault.drop().afterEffect());
        api.faults().always(Operation.SEARCH_LEADS, Fault.status(500));
        bundle.drop("leads.csv", Given.csv("crm", 12));
        Given.assertReceipt(bundle.receipt("leads.csv"), "read=12 accepted=10 unknown=2");
        order("outbound.pause");
        api.faults().clear();

        await("crm-2 is found, crm-1 waits")
                .until(() -> ledger().column("SELECT reason FROM lead WHERE state = 'unknown'")
                        .equals(List.of("absent at NLPearl; waits until leads are sent again")));
        await().until(() -> Bundle.json(bundle.done("leads.csv.receipt.json"))
                        .get("unknown")
                        .asInt()
                == 1);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
        // However long the next look-up is away: the end of the pause brings it.
        bundle.changeLedger("UPDATE lead SET look_up_at = look_up_at + 3600000 WHERE state = 'unknown'");

        order("outbound.resume");

        await().until(() -> Bundle.json(bundle.done("leads.csv.receipt.json"))
                        .get("accepted")
                        .asInt()
                == 12);
        assertThat(api.ringsByExternalId().values()).hasSize(12).containsOnly(1);
    }

    @Test
    void aFinishedFileWhoseLeadsAreUnknownCanBePausedAndOneThatIsDoneCannot() {
        start("leads.settle-time=1s", "nlpearl.max-in-flight=1");
        api.faults().always(Operation.SEARCH_LEADS, Fault.status(500));
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
        bundle.drop("leads.csv", Given.csv("crm", 2));
        Given.assertReceipt(bundle.receipt("leads.csv"), "read=2 accepted=1 unknown=1");
        order("leads.csv.pause");
        api.faults().clear();
        await().until(() ->
                ledger().number("SELECT count(*) FROM lead WHERE reason LIKE 'absent at NLPearl; waits%'") == 1);
        order("leads.csv.resume");
        await().until(() -> added("ob-1") == 2);
        await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted'") == 2);

        bundle.drop("leads.csv.pause", "");

        assertThat(bundle.failure("leads.csv.pause"))
                .isEqualTo("names a lead file of which nothing is left to be sent; nothing was paused\n");
    }

    @Test
    void aControlFileThatIsNotUnderstoodSaysWhy() {
        start();
        bundle.drop("leads.csv", Given.csv("crm", 1));
        bundle.receipt("leads.csv");
        bundle.drop("outbound.pause", "until Monday");
        assertThat(bundle.failure("outbound.pause")).isEqualTo("is not empty; nothing was paused\n");
        bundle.drop("nothing.csv.pause", "");
        assertThat(bundle.failure("nothing.csv.pause"))
                .isEqualTo("names no lead file of this outbound that is waiting or being sent; nothing was paused\n");
        bundle.drop("nothing.csv.resume", "");
        assertThat(bundle.failure("nothing.csv.resume"))
                .isEqualTo("names no lead file of this outbound that is paused; nothing was resumed\n");
        // What is not paused is as it was to be.
        order("leads.csv.resume");
        order("outbound.resume");
        assertThat(bundle.healthDetails()).containsEntry("paused outbounds", 0);
    }

    @Test
    void aCallerOfThisProcessWaitsForTheEndOfThePause() {
        start(TWO);
        order("outbound.pause");
        ProducerTemplate caller = bundle.camel().createProducerTemplate();
        CompletableFuture<String> reply = caller.asyncRequestBodyAndHeader(
                "direct:add-leads",
                "{\"externalId\":\"m-1\",\"phoneNumber\":\"" + Given.number(1) + "\"}",
                "outbound",
                "acme",
                String.class);
        String other = caller.requestBodyAndHeader(
                "direct:add-leads",
                "{\"externalId\":\"m-2\",\"phoneNumber\":\"" + Given.number(2) + "\"}",
                "outbound",
                "other",
                String.class);
        assertThat(Given.json(other).get("accepted").asInt()).isEqualTo(1);
        assertThat(reply).isNotDone();
        assertThat(added("ob-1")).isZero();

        order("outbound.resume");

        assertThat(Given.json(reply.orTimeout(30, TimeUnit.SECONDS).join())
                        .get("accepted")
                        .asInt())
                .isEqualTo(1);
    }
}
