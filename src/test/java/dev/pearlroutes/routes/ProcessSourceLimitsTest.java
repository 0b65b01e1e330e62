package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file above a limit waits whole for a person; files that are released in waves wait for their next one. */
class ProcessSourceLimitsTest {

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().outbound("ob-2", "other").start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    private Path inbox(String file) {
        return home.resolve("data/inbox/acme").resolve(file);
    }

    private JsonNode notice(String file) {
        Path notice = inbox(file + ".needs-approval");
        await("notice of " + file).until(() -> Files.exists(notice));
        return Bundle.json(notice);
    }

    private static String counts(JsonNode receipt) {
        return "read %s accepted %s duplicate %s rejected %s"
                .formatted(
                        receipt.get("read"),
                        receipt.get("accepted"),
                        receipt.get("duplicate"),
                        receipt.get("rejected"));
    }

    @Test
    void aFileAboveItsLimitWaitsOverARestartUntilItIsApproved() {
        String limit = "outbound.acme.max-leads-per-file=10";
        start(limit);
        bundle.drop("small.csv", Given.csv("crm", 10) + "crm-1,+12125550101\nbad,1\n");
        Given.assertReceipt(bundle.receipt("small.csv"), "read=12 accepted=10 duplicate=1 rejected=1");
        bundle.drop("big.csv", Given.csv("crm", 21) + "bad,1\n");

        JsonNode notice = notice("big.csv");

        assertThat(counts(notice)).isEqualTo("read 22 accepted 11 duplicate 10 rejected 1");
        assertThat(notice.get("operation").asText()).isEqualTo("check");
        assertThat(notice.get("needsApproval").asText())
                .isEqualTo("big.csv has 11 to be sent, more than the 10 of outbound.acme.max-leads-per-file");
        assertThat(bundle.health()).isEqualTo("UP");
        bundle.close();
        start(limit);
        // What is dropped later passes by.
        bundle.drop("after.csv", Given.csv("after", 1));
        bundle.receipt("after.csv");
        assertThat(inbox("big.csv.needs-approval")).exists();
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(11);

        bundle.drop("big.csv.approve", "please");
        assertThat(bundle.failure("big.csv.approve")).isEqualTo("is not empty; nothing was approved\n");
        assertThat(inbox("big.csv.needs-approval")).exists();
        bundle.drop("big.csv.approve", "");

        Given.assertReceipt(bundle.receipt("big.csv"), "read=22 accepted=11 duplicate=10 rejected=1");
        assertThat(inbox("big.csv.needs-approval")).doesNotExist();
        assertThat(inbox("big.csv.approve")).doesNotExist();
        bundle.drop("nothing.csv.approve", "");
        assertThat(bundle.failure("nothing.csv.approve"))
                .contains("names no lead file of this outbound that waits for an approval");
    }

    @Test
    void aFileThatWaitsCanBeCancelled() {
        start("outbound.acme.max-leads-per-file=2");
        bundle.drop("big.csv", Given.csv("crm", 5) + "bad,1\n");
        notice("big.csv");

        bundle.drop("big.csv.cancel", "");

        Given.assertReceipt(bundle.receipt("big.csv"), "read=6 cancelled=5 rejected=1");
        assertThat(inbox("big.csv.needs-approval")).doesNotExist();
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
    }

    @Test
    void theDayIsSharedByAllFilesOfAnOutboundAndByNoOther() {
        start("outbound.acme.max-leads-per-day=10", "outbound.other.id=ob-2", "outbound.other.default-region=US");
        bundle.drop("one.csv", Given.csv("one", 7) + "bad,1\n");
        bundle.receipt("one.csv");
        bundle.drop("two.csv", Given.csv("two", 4) + "one-1,+12125550101\n");

        assertThat(notice("two.csv").get("needsApproval").asText())
                .isEqualTo("two.csv has 4 to be sent today, and 3 are left of the 10 of"
                        + " outbound.acme.max-leads-per-day");

        bundle.drop("three.csv", Given.csv("three", 3));
        Given.assertReceipt(bundle.receipt("three.csv"), "read=3 accepted=3");
        bundle.drop("other", "other.csv", Given.csv("other", 12));
        await().until(() -> Files.exists(home.resolve("data/done/other/other.csv.receipt.json")));
        bundle.drop("two.csv.approve", "");
        Given.assertReceipt(bundle.receipt("two.csv"), "read=5 accepted=4 duplicate=1");
        bundle.drop("four.csv", Given.csv("four", 1));
        assertThat(notice("four.csv").get("needsApproval").asText()).contains("and 0 are left of the 10");
    }

    @Test
    void aListIsReleasedInWavesThatARestartDoesNotDouble() {
        String[] settings = {
            "outbound.acme.release=5/hour", "outbound.other.id=ob-2", "outbound.other.default-region=US"
        };
        start(settings);
        bundle.drop("list.csv", Given.csv("crm", 12) + "bad,1\n");
        await().until(() -> api.requests(Operation.ADD_LEAD) == 5);
        bundle.drop("list2.csv", Given.csv("two", 2));
        awaitResting(2);
        bundle.drop("other", "other.csv", Given.csv("other", 7));
        await().until(() -> Files.exists(home.resolve("data/done/other/other.csv.receipt.json")));
        assertThat(bundle.health()).isEqualTo("UP");
        bundle.close();
        start(settings);
        awaitResting(2);
        assertThat(api.leads("ob-1")).hasSize(5);

        nextWave();
        await("either file may have it, or both").until(() -> api.leads("ob-1").size() == 10);
        bundle.drop("list.csv.cancel", "");
        JsonNode list = bundle.receipt("list.csv");
        int accepted = list.path("accepted").asInt();
        Given.assertReceipt(list, "read=13 accepted=" + accepted + " cancelled=" + (12 - accepted) + " rejected=1");
        nextWave();
        Given.assertReceipt(bundle.receipt("list2.csv"), "read=2 accepted=2");
        assertThat(api.leads("ob-1")).hasSize(accepted + 2);
        assertThat(api.ringsByExternalId().values()).containsOnly(1);
    }

    /** Lets the hour of the wave that is on be over. */
    private void nextWave() {
        bundle.changeLedger("UPDATE wave SET began_at = began_at - 3600000");
        bundle.changeLedger("UPDATE source SET rests_until = rests_until - 3600000 WHERE rests_until IS NOT NULL");
    }

    private void awaitResting(int files) {
        await().until(() ->
                bundle.healthDetails().get("files waiting for the next wave").equals(files));
    }
}
