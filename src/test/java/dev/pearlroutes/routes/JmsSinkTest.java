package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.Ports;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.sandbox.Sandbox;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmsSinkTest {
    private static final String RESULTS = "nlpearl.results.acme";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void close() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private static List<String> idsOf(List<?> messages) {
        return messages.stream()
                .map(message -> {
                    try {
                        return ((TextMessage) message).getStringProperty("cloudEvents_id");
                    } catch (JMSException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    @Test
    void eachEventIsOnePersistentMessageWithItsAttributesAsProperties() throws JMSException {
        try (TestBroker broker = TestBroker.started(home.resolve("broker"))) {
            bundle = Bundle.start(home, api, "jms.broker-url=" + broker.url(), "outbound.acme.sinks=file,jms");
            bundle.drop("l.csv", Given.csv("crm", 3));
            bundle.receipt("l.csv");
            new LedgerFile(bundle.data()).awaitDelivered();
            List<?> messages = broker.browse(RESULTS);
            assertThat(idsOf(messages))
                    .containsExactlyElementsOf(bundle.events("leads").stream()
                            .map(event -> event.path("id").asText())
                            .toList())
                    .hasSize(4);
            TextMessage first = (TextMessage) messages.get(0);
            assertThat(Given.json(first.getText()).at("/data/externalId").asText())
                    .isEqualTo("crm-1");
            assertThat(first.getStringProperty("cloudEvents_specversion")).isEqualTo("1.0");
            assertThat(first.getStringProperty("cloudEvents_type")).isEqualTo("ai.nlpearl.lead.accepted");
            assertThat(first.getStringProperty("cloudEvents_source")).isEqualTo("/outbound/acme");
            assertThat(first.getStringProperty("cloudEvents_subject")).isEqualTo("crm-1");
            assertThat(first.getStringProperty("contentType")).isEqualTo("application/cloudevents+json");
            assertThat(first.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
        }
    }

    @Test
    void aBrokerThatIsAwayGetsEveryEventOnceItIsBackInOrder() {
        try (TestBroker broker = TestBroker.started(home.resolve("broker"))) {
            bundle = Bundle.start(home, api, "jms.broker-url=" + broker.url(), "outbound.acme.sinks=file,jms");
            bundle.drop("a.csv", Given.csv("a", 2));
            bundle.receipt("a.csv");
            await().until(() -> broker.count(RESULTS) == 3);
            broker.kill();
            bundle.drop("b.csv", Given.csv("b", 40));
            bundle.receipt("b.csv");
            broker.start();
            await().until(() -> broker.count(RESULTS) == 44);
            assertThat(idsOf(broker.browse(RESULTS)))
                    .containsExactlyElementsOf(bundle.events("leads").stream()
                            .map(event -> event.path("id").asText())
                            .toList());
        }
    }

    @Test
    void theEmbeddedBrokerServesThisMachineToWhomTheOperatorAllowsAndKeepsWhatItHolds() {
        int port = Ports.free();
        String[] settings = {
            "jms.broker-url=embedded",
            "jms.port=" + port,
            "jms.username=crm",
            "jms.password=secret-of-the-crm",
            "outbound.acme.sinks=jms"
        };
        String url = "tcp://127.0.0.1:" + port;
        String lead = "{\"externalId\":\"own\",\"phoneNumber\":\"+12125550101\"}";
        bundle = Bundle.start(home, api, settings);
        assertThatThrownBy(() -> TestBroker.send(url, "nlpearl.leads.acme", List.of(TestBroker.text(lead))))
                .hasMessageContaining("Unable to validate user");
        String known = url + "?user=crm&password=secret-of-the-crm";
        TestBroker.send(known, "nlpearl.leads.acme", List.of(TestBroker.text(lead)));
        await().until(() -> api.ringsByExternalId().equals(Map.of("own", 1)));
        new LedgerFile(bundle.data()).awaitDelivered();
        bundle.close();
        bundle = Bundle.start(home, api, settings);
        assertThat(idsOf(TestBroker.browse(known, "nlpearl.results.acme"))).hasSize(1);
    }
}
