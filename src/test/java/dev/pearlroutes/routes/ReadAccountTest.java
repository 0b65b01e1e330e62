package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account that can call nobody holds Add Lead and nothing else. */
class ReadAccountTest {

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

    private void awaitReading() {
        long before = api.requests(Operation.GET_ACCOUNT);
        await().until(() -> api.requests(Operation.GET_ACCOUNT) > before);
    }

    private double gauge(String name) {
        return ((MeterRegistry) bundle.camel().getRegistry().lookupByName("metricsRegistry"))
                .get(name)
                .gauge()
                .value();
    }

    @Test
    void sendingStopsForTheAccountAndNothingElseDoesAndContinuesByItself() {
        start(
                "nlpearl.account-check=1s",
                "nlpearl.credit-warning=50",
                "outbound.other.id=ob-2",
                "outbound.other.default-region=US");
        bundle.drop("before.csv", Given.csv("before", 2));
        bundle.receipt("before.csv");
        await().until(() -> gauge("pearl.account.credit") == 1000);
        assertThat(gauge("pearl.account.status")).isEqualTo(1);
        assertThat(api.received(Operation.GET_ACCOUNT).get(0).header("Accept")).isEqualTo("application/json");

        api.account(1, new BigDecimal("49.5"));
        await().untilAsserted(() ->
                assertThat(bundle.healthDetails().get("warnings")).asString().contains("the account's credit is 49.5"));
        assertThat(bundle.health()).isEqualTo("UP");
        api.account(3, BigDecimal.ZERO);
        await().untilAsserted(() -> assertThat(bundle.health()).contains("has no credit left: add credit"));
        assertThat(bundle.healthDetails()).containsEntry("account status", 3);
        bundle.drop("leads.csv", Given.csv("crm", 50));
        bundle.drop("other", "o.csv", Given.csv("other", 50));
        bundle.drop("updates/u.csv", "externalId,status\nbefore-1,Success\n");
        bundle.drop("before.csv.cancel", "recall");

        await().untilAsserted(() -> assertThat(api.leads("ob-1"))
                .extracting(SandboxLead::status)
                .isSubsetOf(100, 130)
                .contains(130));
        awaitReading();
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(2);

        api.account(2, BigDecimal.valueOf(200));

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=50 accepted=50");
        await().until(() -> api.leads("ob-2").size() == 50);
        assertThat(api.ringsByExternalId().values()).hasSize(102).containsOnly(1);
        assertThat(bundle.health()).isEqualTo("UP");
        assertThat(bundle.healthDetails()).doesNotContainKey("warnings");
    }

    @Test
    void a402HasTheAccountRead() {
        start("nlpearl.account-check=1h");
        await().until(() -> api.requests(Operation.GET_ACCOUNT) == 1);
        api.account(5, null);
        api.faults().always(Operation.ADD_LEAD, Fault.status(402));
        bundle.drop("leads.csv", Given.csv("crm", 10));

        await().untilAsserted(() -> assertThat(bundle.health()).contains("has reached the limit of its debt"));
        api.faults().clear();
        api.account(1, null);

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=10 accepted=10");
        assertThat(api.ringsByExternalId().values()).hasSize(10).containsOnly(1);
    }

    @Test
    void unknownLeadsAreLookedUpAndSentAgainOnceTheAccountCanCall() {
        start("nlpearl.account-check=1s", "leads.settle-time=1s", "nlpearl.max-in-flight=1");
        api.faults().always(Operation.SEARCH_LEADS, Fault.status(500));
        api.faults().next(1, Operation.ADD_LEAD, Fault.drop());
        bundle.drop("leads.csv", Given.csv("crm", 12));
        Given.assertReceipt(bundle.receipt("leads.csv"), "read=12 accepted=11 unknown=1");
        api.account(4, BigDecimal.TEN);
        await().untilAsserted(() -> assertThat(bundle.health()).contains("is suspended"));
        api.faults().clear();
        await().until(() -> new LedgerFile(bundle.data())
                        .number("SELECT count(*) FROM lead WHERE reason LIKE 'absent at NLPearl; waits%'")
                == 1);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);

        api.account(1, BigDecimal.TEN);

        await().until(() -> Bundle.json(bundle.done("leads.csv.receipt.json"))
                        .get("accepted")
                        .asInt()
                == 12);
        assertThat(api.ringsByExternalId().values()).hasSize(12).containsOnly(1);
    }

    @Test
    void anApiWithoutThisOperationIsSentToAsAlways() {
        api.faults().always(Operation.GET_ACCOUNT, Fault.status(404));
        start("nlpearl.account-check=1s", "nlpearl.credit-warning=50");
        awaitReading();
        awaitReading();
        bundle.drop("leads.csv", Given.csv("crm", 5));
        Given.assertReceipt(bundle.receipt("leads.csv"), "read=5 accepted=5");
        assertThat(bundle.health()).isEqualTo("UP");
        assertThat(bundle.healthDetails()).doesNotContainKeys("account status", "account credit", "warnings");
        assertThat(gauge("pearl.account.credit")).isNaN();
    }
}
