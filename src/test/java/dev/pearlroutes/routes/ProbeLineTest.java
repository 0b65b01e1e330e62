package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeLineTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    private void awaitProbe() {
        long before = api.requests(Operation.SEARCH_LEADS);
        await().until(() -> api.requests(Operation.SEARCH_LEADS) > before);
    }

    @Test
    void refusedCredentialsRejectNothingAndSendingGoesOnWhenTheyAreMended() {
        api.token("account:another");
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=8")) {
            bundle.drop("l.csv", csv("crm", 100));
            awaitProbe();
            assertThat(api.requests(Operation.ADD_LEAD)).isBetween(1L, 8L);
            assertThat(bundle.done("l.csv")).doesNotExist();

            api.token(Bundle.TOKEN);
            assertReceipt(bundle.receipt("l.csv"), "read=100 accepted=100");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 100));
            assertThat(api.received(Operation.SEARCH_LEADS)).isNotEmpty().allSatisfy(probe -> {
                assertThat(probe.header("Accept")).isEqualTo("application/json");
                assertThat(probe.header("Content-Type")).isEqualTo("application/json");
                assertThat(probe.text()).isEqualTo("{\"skip\":0,\"limit\":1}");
            });
        }
    }

    @Test
    void aWrongOutboundIdRejectsNothingAndSendingGoesOnWhenItIsThere() {
        api.removeOutbound("ob-1");
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=8")) {
            bundle.drop("l.csv", csv("crm", 100));
            awaitProbe();
            assertThat(api.requests(Operation.ADD_LEAD)).isBetween(5L, 16L);
            assertThat(bundle.done("l.csv")).doesNotExist();

            api.addOutbound("ob-1", "acme");
            assertReceipt(bundle.receipt("l.csv"), "read=100 accepted=100");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 100));
        }
    }

    @Test
    void aSingleLeadUnderAWrongOutboundIdIsNotRejectedEither() {
        api.removeOutbound("ob-1");
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 1));
            awaitProbe();
            assertThat(bundle.done("l.csv")).doesNotExist();
            api.addOutbound("ob-1", "acme");
            assertReceipt(bundle.receipt("l.csv"), "read=1 accepted=1");
        }
    }

    @Test
    void badLeadsAtTheHeadOfTheFirstFileAreRejectedOnceAnotherIsAccepted() {
        api.faults()
                .always(
                        Operation.ADD_LEAD,
                        request -> request.externalId().startsWith("bad"),
                        Fault.status(400, "{\"errors\":{\"validation\":[\"no such place\"]}}"));
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=4")) {
            bundle.drop(
                    "l.csv",
                    csv("bad", 20)
                            + csv("crm", 60)
                                    .replace("externalId,phoneNumber\n", "")
                                    .replace("+1212", "+1415"));
            assertReceipt(bundle.receipt("l.csv"), "read=80 accepted=60 rejected=20");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 60));
        }
    }

    /** At most what was in flight becomes unknown; the rest waits unsent. */
    @Test
    void anOutageCostsNoMoreLeadsThanWereInFlight() {
        Fault down = Fault.status(503);
        api.faults().always(null, down);
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=8")) {
            bundle.drop("l.csv", csv("crm", 100));
            awaitProbe();
            awaitProbe();
            long asked = api.requests(Operation.ADD_LEAD);
            assertThat(asked).isBetween(5L, 16L);
            api.faults().clear();
            assertReceipt(bundle.receipt("l.csv"), "read=100 accepted=" + (100 - asked) + " unknown=" + asked);
            assertThat(api.ringsByExternalId()).hasSize((int) (100 - asked));
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
        }
    }
}
