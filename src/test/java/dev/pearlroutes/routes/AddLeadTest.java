package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static dev.pearlroutes.sandbox.Faults.externalId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.Ports;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxRequest;
import dev.pearlroutes.sandbox.TlsFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

class AddLeadTest {
    @TempDir
    private Path home;

    @Test
    void sendsWhatTheDocumentationAsksFor() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", """
                    externalId,phoneNumber,timeZoneId,firstName,vip
                    crm-1,(212) 555-0101,America/New_York,Zoë,true
                    """);
            assertReceipt(bundle.receipt("l.csv"), "read=1 accepted=1");

            SandboxRequest request = api.received(Operation.ADD_LEAD).get(0);
            assertThat(request.path()).isEqualTo("/v1/Outbound/ob-1/Lead");
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.header("Authorization")).isEqualTo("Bearer " + Bundle.TOKEN);
            assertThat(request.header("Content-Type")).startsWith("application/json");
            assertThat(request.header("Accept")).isEqualTo("application/json");
            assertThat(request.headers().keySet())
                    .noneMatch(name -> name.toLowerCase().startsWith("camel"));
            assertThat(request.json().path("phoneNumber").asText()).isEqualTo("+12125550101");
            assertThat(request.json().path("timeZoneId").asText()).isEqualTo("Eastern Standard Time");
            assertThat(request.json().at("/callData/firstName").asText()).isEqualTo("Zoë");
        }
    }

    static Stream<Arguments> unknowns() {
        return Stream.of(
                Arguments.of("drop", Fault.drop()),
                Arguments.of("drop after the effect", Fault.drop().afterEffect()),
                Arguments.of("503", Fault.status(503)),
                Arguments.of("503 with Retry-After", Fault.status(503).withHeader("Retry-After", "0")),
                Arguments.of("500", Fault.status(500, "{}")),
                Arguments.of("302", Fault.status(302).withHeader("Location", "/v1/Outbound/ob-1/Lead")),
                Arguments.of("truncated", Fault.truncate().afterEffect()),
                Arguments.of("garbage", Fault.garbage()),
                Arguments.of("no leadId", Fault.noLeadId()),
                Arguments.of("leadId null", Fault.nullLeadId()),
                Arguments.of("hang", Fault.hang()));
    }

    @Test
    void anAnswerThatNeverCameIsUnknownAfterExactlyOneRequest() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api, "nlpearl.response-timeout=3s", "leads.files-at-once=1")) {
            assertUnknowns(api, bundle);
        }
    }

    /** The https component is another than the http component, with settings of its own. */
    @Test
    void anAnswerThatNeverCameOverTlsIsUnknownAfterExactlyOneRequest() throws Exception {
        TlsFixture tls = TlsFixture.in(home);
        try (Sandbox api = Bundle.sandbox().tls(tls.server()).start();
                Bundle bundle = Bundle.start(
                        home,
                        api,
                        "nlpearl.response-timeout=3s",
                        "leads.files-at-once=1",
                        "camel.ssl.enabled=true",
                        "camel.ssl.trustStore=" + tls.trustStore(),
                        "camel.ssl.trustStorePassword=" + tls.password(),
                        "camel.component.https.useGlobalSslContextParameters=true")) {
            assertThat(api.url().getScheme()).isEqualTo("https");
            assertUnknowns(api, bundle);
        }
    }

    /** Each fault strikes one lead, the first, the middle or the last of a file of its own. */
    private static void assertUnknowns(Sandbox api, Bundle bundle) {
        List<Arguments> faults = unknowns().toList();
        for (int i = 0; i < faults.size(); i++) {
            String file = "t" + i;
            Fault fault = (Fault) faults.get(i).get()[1];
            api.faults().always(Operation.ADD_LEAD, externalId(file + "-" + (1 + i % 3)), fault);
            bundle.drop(file + ".csv", csv(file, 3));
        }
        for (int i = 0; i < faults.size(); i++) {
            String name = (String) faults.get(i).get()[0];
            String file = "t" + i;
            String struck = file + "-" + (1 + i % 3);
            assertReceipt(bundle.receipt(file + ".csv"), "read=3 accepted=2 unknown=1");
            assertThat(api.received(Operation.ADD_LEAD))
                    .as(name)
                    .filteredOn(request -> struck.equals(request.externalId()))
                    .hasSize(1);
            assertThat(text(bundle.done(file + ".csv.unknown.csv")))
                    .as(name)
                    .startsWith("externalId,phoneNumber,_line,_reason\n" + struck + ",")
                    .hasLineCount(2);
            assertThat(text(bundle.done(file + ".csv.accepted.csv")))
                    .as(name)
                    .hasLineCount(3)
                    .doesNotContain(struck);
        }
    }

    @Test
    void tooManyRequestsSendTheSameLeadAgainLater() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(2).atOffset(ZoneOffset.UTC));
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            api.faults().next(2, Operation.ADD_LEAD, externalId("crm-1"), Fault.tooManyRequests("1"));
            api.faults().next(1, Operation.ADD_LEAD, externalId("crm-2"), Fault.tooManyRequests(date));
            api.faults().next(2, Operation.ADD_LEAD, externalId("crm-3"), Fault.tooManyRequests(null));
            bundle.drop("l.csv", csv("crm", 4));

            assertReceipt(bundle.receipt("l.csv"), "read=4 accepted=4");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 4));
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(9);
        }
    }

    @Test
    void refusedConnectionsLoseNothing() {
        int port = Ports.free();
        try (Bundle bundle = Bundle.start(home, java.net.URI.create("http://127.0.0.1:" + port))) {
            bundle.drop("l.csv", csv("crm", 40));
            await().until(() -> java.nio.file.Files.exists(bundle.data().resolve("work/acme/1/l.csv")));
            await().during(Duration.ofSeconds(1)).until(() -> !java.nio.file.Files.exists(bundle.done("l.csv")));
            try (Sandbox api = Bundle.sandbox().port(port).start()) {
                assertReceipt(bundle.receipt("l.csv"), "read=40 accepted=40");
                assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 40));
            }
        }
    }

    @Test
    void aFieldThatTheApiRefusesRejectsItsLeadAlone() {
        String problem =
                "{\"title\":\"One or more validation errors occurred.\",\"errors\":{\"phoneNumber\":[\"+1 212 555 0102 is no number\"]}}";
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            api.faults().always(Operation.ADD_LEAD, externalId("crm-2"), Fault.status(400, problem));
            bundle.drop("l.csv", csv("crm", 3));

            JsonNode receipt = bundle.receipt("l.csv");
            assertReceipt(receipt, "read=3 accepted=2 rejected=1");
            assertThat(text(bundle.done("l.csv.rejected.csv")))
                    .isEqualTo(
                            "externalId,phoneNumber,_line,_reason\ncrm-2,+12125550102,3,400 phoneNumber: … is no number\n");
        }
    }

    @Test
    void oneSuspectAmongAcceptedLeadsIsRejectedWithTheWordsOfTheApi() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            api.faults()
                    .always(Operation.ADD_LEAD, externalId("crm-7"), Fault.status(404, "{\"title\":\"No such pool\"}"));
            bundle.drop("l.csv", csv("crm", 20));

            assertReceipt(bundle.receipt("l.csv"), "read=20 accepted=19 rejected=1");
            assertThat(text(bundle.done("l.csv.rejected.csv"))).endsWith("8,404 No such pool\n");
        }
    }

    @Test
    void whatTheApiRefusesOfAWholeOutboundIsNotRejectedAndGoesOutWhenThatIsMended() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("good.csv", csv("crm", 1));
            bundle.receipt("good.csv");
            api.faults().always(Operation.ADD_LEAD, Fault.status(402, "{\"title\":\"Insufficient credits\"}"));

            bundle.drop("more.csv", csv("more", 8));
            // A second probe comes only when the lead that was tried after the first one was refused as well.
            await().until(() -> api.requests(Operation.SEARCH_LEADS) >= 2);
            api.faults().clear();

            assertReceipt(bundle.receipt("more.csv"), "read=8 accepted=8");
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
        }
    }

    @Test
    void refusalsThatBeginInTheMiddleOfAFileRejectNothing() {
        try (Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(5)).start();
                Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=8")) {
            api.faults()
                    .always(
                            Operation.ADD_LEAD,
                            request -> api.requests(Operation.ADD_LEAD) > 100,
                            Fault.status(402, "{\"title\":\"Insufficient credits\"}"));
            bundle.drop("l.csv", csv("crm", 200));
            await().until(() -> bundle.health().contains("Insufficient credits"));
            api.faults().clear();

            assertReceipt(bundle.receipt("l.csv"), "read=200 accepted=200");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 200));
        }
    }

    @Test
    void leadsThatAreRefusedOneByOneOfAnOutboundThatIsRightAreRejected() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("good.csv", csv("crm", 1));
            bundle.receipt("good.csv");
            api.faults().always(Operation.ADD_LEAD, Fault.status(409, "{\"title\":\"Lead exists\"}"));

            bundle.drop("more.csv", csv("more", 8));

            assertReceipt(bundle.receipt("more.csv"), "read=8 rejected=8");
            await().until(() -> bundle.health().equals("UP"));
            bundle.drop("one.csv", csv("one", 1));
            assertReceipt(bundle.receipt("one.csv"), "read=1 rejected=1");
            api.faults().clear();
            bundle.drop("again.csv", csv("more", 8));
            assertReceipt(bundle.receipt("again.csv"), "read=8 accepted=8");
        }
    }

    @Test
    void manySuspectsAmongAcceptedLeadsAreTheLeadsOwn() {
        try (Sandbox api = Bundle.sandbox().start();
                Bundle bundle = Bundle.start(home, api)) {
            for (int i = 4; i <= 32; i += 4) {
                api.faults()
                        .always(
                                Operation.ADD_LEAD,
                                externalId("crm-" + i),
                                Fault.status(404, "{\"title\":\"No such pool\"}"));
            }
            bundle.drop("l.csv", csv("crm", 32));

            assertReceipt(bundle.receipt("l.csv"), "read=32 accepted=24 rejected=8");
        }
    }
}
