package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's own routes beside the bundle's: welcome, and unable to keep those from running. */
class ExtensionRoutesTest {
    private static final String LEAD = "phoneNumber,externalId\n+12025550123,crm-1\n";

    /** What the route of a request would read from one. */
    public record Lookalike(String outbound, String path, String body) {}

    @TempDir
    Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Path folder;
    private Bundle bundle;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(home.resolve("routes"));
    }

    @AfterEach
    void close() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    @Test
    void aRouteOfTheOperatorHandsItsLeadsToTheInbox() throws IOException {
        extension("crm/export-leads.camel.yaml", """
                - route:
                    id: export-leads
                    from:
                      uri: direct
                      parameters:
                        name: export-leads
                      steps:
                        - to:
                            uri: file
                            parameters:
                              directoryName: "{{data.dir}}/inbox/acme"
                              fileName: export.csv
                              tempFileName: export.csv.part
                """);
        bundle = Bundle.start(home, api);

        bundle.camel().createProducerTemplate().sendBody("direct:export-leads", LEAD);

        assertThat(bundle.receipt("export.csv").get("accepted").asLong()).isEqualTo(1);
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("crm-1", 1));
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aRouteOfTheOperatorSendsALeadByTheQueueAndReadsItsEvent() throws IOException {
        extension(
                "queues.camel.yaml",
                route("send", "direct:send", "jms:nlpearl.leads.acme")
                        + route("read", "jms:nlpearl.results.acme", "mock:events"));
        try (TestBroker broker = TestBroker.started(home.resolve("broker"))) {
            bundle = Bundle.start(home, api, "jms.broker-url=" + broker.url(), "outbound.acme.sinks=jms");

            bundle.camel()
                    .createProducerTemplate()
                    .sendBody("direct:send", "{\"phoneNumber\":\"+12025550123\",\"externalId\":\"crm-1\"}");

            MockEndpoint events = bundle.camel().getEndpoint("mock:events", MockEndpoint.class);
            await().untilAsserted(() -> assertThat(events.getExchanges())
                    .extracting(event -> event.getMessage().getBody(String.class))
                    .anyMatch(event -> event.contains("ai.nlpearl.lead.accepted") && event.contains("crm-1")));
            bundle.close();
            bundle = null;
        }
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("crm-1", 1));
    }

    @Test
    void whatCannotBeUsedIsNamedAndTheBundleRunsOn() throws IOException {
        extension(
                "endpoint.camel.yaml",
                route("fine", "direct:fine", "direct:fine-too")
                        + route("no-component", "nowhere:x?password=of-the-owner", "direct:fine"));
        extension("id.camel.yaml", route("add-lead", "direct:mine", "direct:mine-too"));
        extension("name.yaml", route("named", "direct:named", "direct:fine"));
        extension("placeholder.camel.yaml", route("placed", "direct:{{not.there}}", "direct:fine"));
        extension("receiver.camel.yaml", route("receiver", "direct:send-batch", "direct:fine"));
        extension("syntax.camel.yaml", "- route:\n    frm: direct:x\n");
        bundle = Bundle.start(home, api);

        HealthCheck.Result health = health();

        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow())
                .contains(folder.resolve("endpoint.camel.yaml") + " is left out: ", "nowhere")
                .contains(folder.resolve("id.camel.yaml") + " is left out: ", "there is a route add-lead already")
                .contains(folder.resolve("name.yaml") + " is left out: ", "its name must end in .camel.yaml")
                .contains(folder.resolve("placeholder.camel.yaml") + " is left out: ", "not.there")
                .contains(folder.resolve("receiver.camel.yaml") + " is left out: ", "send-batch")
                .contains(folder.resolve("syntax.camel.yaml") + " is left out: ", "frm")
                .doesNotContain("of-the-owner");
        assertThat(bundle.camel().getRoute("fine"))
                .as("a route of a file of which another was refused")
                .isNull();
        bundle.drop("leads.csv", LEAD);
        assertThat(bundle.receipt("leads.csv").get("accepted").asLong()).isEqualTo(1);
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("crm-1", 1));
    }

    @Test
    void nobodyIsRungPastTheLedger() throws IOException {
        extension("past.camel.yaml", route("past", "direct:past", "direct:add-lead"));
        bundle = Bundle.start(home, api);
        Lookalike lead = new Lookalike("acme", "/v1/Outbound/ob-1/Lead", "{\"phoneNumber\":\"+12025550123\"}");
        ProducerTemplate operator = bundle.camel().createProducerTemplate();

        assertThatThrownBy(() -> operator.sendBody("direct:past", lead))
                .hasStackTraceContaining("dev.pearlroutes.nlpearl.AddLeadRequest")
                .hasStackTraceContaining("NoTypeConversionAvailableException");

        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
    }

    private HealthCheck.Result health() {
        return HealthCheckHelper.invoke(bundle.camel()).stream()
                .filter(result -> result.getCheck().getId().equals("extension-routes"))
                .findFirst()
                .orElseThrow();
    }

    private void extension(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String route(String id, String from, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                        - to:
                            uri: "%s"
                """.formatted(id, from, to);
    }
}
