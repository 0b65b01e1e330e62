package dev.pearlroutes.routes;

import static dev.pearlroutes.messaging.TestBroker.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.rings;
import static dev.pearlroutes.rows.WorkbookFile.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.messaging.TestBroker.Maker;
import dev.pearlroutes.rows.WorkbookFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadQueueSourceTest {
    private static final String QUEUE = "nlpearl.leads.acme";
    private static final String SHARED = "nlpearl.leads";
    private static final String DEAD = "nlpearl.dead-letter";
    private static final String REPLIES = "crm.replies";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private TestBroker broker;
    private Bundle bundle;

    @BeforeEach
    void startBroker() {
        broker = TestBroker.started(home.resolve("broker"));
    }

    @AfterEach
    void close() {
        stop();
        api.close();
        broker.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(
                home,
                api,
                Stream.concat(Stream.of("jms.broker-url=" + broker.url()), Stream.of(settings))
                        .toArray(String[]::new));
    }

    private void stop() {
        if (bundle != null) {
            bundle.close();
            bundle = null;
        }
    }

    private static String lead(String id, int i) {
        return "{\"externalId\":\"" + id + "\",\"phoneNumber\":\"" + Given.number(i) + "\"}";
    }

    /** Messages of one lead each, with the leads of {@link Given#csv}. */
    private static Maker[] singles(String prefix, int n) {
        return IntStream.rangeClosed(1, n)
                .mapToObj(i -> text(lead(prefix + "-" + i, i)))
                .toArray(Maker[]::new);
    }

    private static Maker asking(Maker maker, String correlationId) {
        return session -> {
            Message message = maker.make(session);
            message.setJMSReplyTo(session.createQueue(REPLIES));
            message.setJMSCorrelationID(correlationId);
            return message;
        };
    }

    private void awaitAcknowledged() {
        await().until(() -> broker.count(QUEUE) == 0);
    }

    private Message dead() {
        Message dead = broker.take(DEAD);
        assertThat(dead).as("dead letter").isNotNull();
        return dead;
    }

    private static JsonNode json(Message reply) throws JMSException {
        assertThat(reply).as("reply").isInstanceOf(TextMessage.class);
        return Given.json(((TextMessage) reply).getText());
    }

    @Test
    void leadsOfEveryFormAreSentAndTheirMessagesAcknowledged() throws JMSException {
        start();
        broker.send(
                QUEUE,
                text(lead("one", 1)),
                text("[" + lead("array-1", 2) + ",\n" + lead("array-2", 3) + "]"),
                text(lead("lines-1", 4) + "\n" + lead("lines-2", 5) + "\n"),
                text("{\n  \"externalId\": \"pretty\",\n  \"phoneNumber\": \"" + Given.number(6) + "\"\n}\n"),
                text("{\"count\":1,\"data\":[" + lead("wrapped", 8) + "]}"),
                text("sep=|\r\nexternalId|phoneNumber|name\r\nsep|=\"+12125550109\"\r\n||\r\n\u001A"),
                bytes("externalId;phoneNumber;firstName\ncsv;+12125550107;Zoë\n", StandardCharsets.UTF_8));
        awaitAcknowledged();
        assertThat(api.ringsByExternalId())
                .isEqualTo(
                        Stream.of("one", "array-1", "array-2", "lines-1", "lines-2", "pretty", "csv", "wrapped", "sep")
                                .collect(Collectors.toMap(id -> id, id -> 1)));
        assertThat(broker.count(DEAD)).isZero();
        broker.send(QUEUE, bytes(lead("wide", 10), StandardCharsets.UTF_16LE));
        assertThat(dead().getStringProperty("reason"))
                .isEqualTo("The message is UTF-16 without a byte order mark: save it as UTF-8");
    }

    private static Maker bytes(String body, Charset charset) {
        return bytes(body.getBytes(charset));
    }

    private static Maker bytes(byte[] body) {
        return session -> {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(body);
            return bytes;
        };
    }

    @Test
    void aWorkbookIsSentAndADamagedOneGoesToTheDeadLettersUnsent() throws JMSException {
        start();
        byte[] workbook = WorkbookFile.of(
                        "Leads",
                        row("phoneNumber", "externalId", "name"),
                        row(2125550101d, 1001, "Zoë"),
                        row("212 555 0102 / 212 555 0103", 1002, "Ann"))
                .bytes();
        broker.send(QUEUE, asking(bytes(workbook), "request-1"));

        JsonNode reply = json(broker.take(REPLIES));
        assertReceipt(reply, "read=2 accepted=1 rejected=1");
        assertThat(reply.path("leads").path(1).path("reason").asText()).startsWith("phoneNumber holds two numbers");
        assertThat(api.leads("ob-1")).singleElement().satisfies(lead -> {
            assertThat(lead.externalId()).isEqualTo("1001");
            assertThat(lead.phoneNumber()).isEqualTo("+12125550101");
            assertThat(lead.callData()).containsEntry("name", "Zoë");
        });

        byte[] cut = Arrays.copyOf(workbook, workbook.length - 30);
        broker.send(QUEUE, asking(bytes(cut), "request-2"));
        BytesMessage dead = (BytesMessage) dead();
        assertThat(dead.getStringProperty("reason"))
                .isEqualTo("The message is a broken workbook, or cut off: send it again");
        assertThat(dead.getBodyLength()).isEqualTo(cut.length);
        assertThat(json(broker.take(REPLIES)).path("reason").asText()).isEqualTo(dead.getStringProperty("reason"));
        awaitAcknowledged();
        assertThat(api.leads("ob-1")).hasSize(1);
        assertThat(home.resolve("data/tmp")).isDirectoryNotContaining("glob:**message-*");
    }

    @Test
    void messagesAboveALimitGoToTheDeadLettersUnsent() throws JMSException {
        start("outbound.acme.max-leads-per-file=2", "outbound.acme.max-leads-per-day=3");
        broker.send(QUEUE, asking(text("[" + lead("a", 1) + "," + lead("b", 2) + "," + lead("c", 3) + "]"), "big"));
        String tooMany = "The message has 3 to be sent, more than the 2 of outbound.acme.max-leads-per-file:"
                + " send it as a file, which waits for an approval";
        assertThat(dead().getStringProperty("reason")).isEqualTo(tooMany);
        assertThat(json(broker.take(REPLIES)).get("reason").asText()).isEqualTo(tooMany);

        broker.send(QUEUE, singles("one", 3));
        awaitAcknowledged();
        broker.send(QUEUE, text(lead("four", 4)));

        assertThat(dead().getStringProperty("reason"))
                .contains("has 1 to be sent today, and 0 are left of the 3 of outbound.acme.max-leads-per-day");
        assertThat(api.ringsByExternalId()).isEqualTo(Given.rings("one", 3));
    }

    @Test
    void messagesOfTheSharedQueueNameTheirOutbound() throws JMSException {
        start();
        broker.send(
                SHARED,
                session -> {
                    Message message = session.createTextMessage(lead("shared", 1));
                    message.setStringProperty("outbound", "acme");
                    return message;
                },
                session -> {
                    Message message = session.createTextMessage(lead("nobodys", 2));
                    message.setStringProperty("outbound", "other");
                    return message;
                });
        Message dead = dead();
        assertThat(dead.getStringProperty("reason"))
                .isEqualTo("The message is for an outbound that is not configured: let its outbound be one of acme");
        assertThat(dead.getStringProperty("originalQueue")).isEqualTo(SHARED);
        assertThat(dead.getStringProperty("outbound")).isEqualTo("other");
        await().until(() -> broker.count(SHARED) == 0);
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("shared", 1));
    }

    @Test
    void whatCannotBeReadGoesToTheDeadLettersAsItCameAndNothingOfItIsSent() throws JMSException {
        start();
        String body = "[" + lead("half-1", 1) + ",\n" + lead("half-2", 2) + ",\n{\"externalId\":";
        String id = broker.send(QUEUE, asking(text(body), "request-7")).get(0);
        TextMessage dead = (TextMessage) dead();
        assertThat(dead.getText()).isEqualTo(body);
        assertThat(dead.getStringProperty("reason"))
                .startsWith("The message is cut off: its JSON has no end at line 3");
        assertThat(dead.getLongProperty("line")).isEqualTo(3);
        assertThat(dead.getStringProperty("originalQueue")).isEqualTo(QUEUE);
        assertThat(dead.getStringProperty("originalMessageId")).isEqualTo(id);
        JsonNode reply = json(broker.take(REPLIES));
        assertThat(reply.path("messageId").asText()).isEqualTo(id);
        assertThat(reply.path("reason").asText()).isEqualTo(dead.getStringProperty("reason"));
        awaitAcknowledged();
        assertThat(api.ringsByExternalId()).isEmpty();
    }

    @Test
    void theSenderIsAnsweredWithTheReceiptAndEachRowsOutcome() throws Exception {
        Path list = Files.createDirectories(home.resolve("data/suppress")).resolve("no.txt");
        Files.writeString(list, "+12125550177\n");
        start();
        String body = "externalId,phoneNumber\na,+12125550101\nb,12\na,+12125550101\nc,+12125550177\n";
        String id = broker.send(QUEUE, asking(text(body), null)).get(0);
        Message message = broker.take(REPLIES);
        JsonNode reply = json(message);
        assertThat(message.getJMSCorrelationID()).isEqualTo(id);
        assertThat(message.getJMSType()).isEqualTo("receipt");
        assertReceipt(reply, "read=4 accepted=1 rejected=1 duplicate=1 suppressed=1");
        assertThat(reply.path("queue").asText()).isEqualTo(QUEUE);
        assertThat(reply.path("messageId").asText()).isEqualTo(id);
        assertThat(reply.path("leads")).hasSize(4);
        assertThat(reply.at("/leads/0/line").asInt()).isEqualTo(2);
        assertThat(reply.at("/leads/0/outcome").asText()).isEqualTo("accepted");
        assertThat(reply.at("/leads/0/leadId").asText()).isNotEmpty();
        assertThat(reply.at("/leads/1/outcome").asText()).isEqualTo("rejected");
        assertThat(reply.at("/leads/1/reason").asText()).contains("phoneNumber");
        assertThat(reply.at("/leads/2/outcome").asText()).isEqualTo("duplicate");
        assertThat(reply.at("/leads/3/outcome").asText()).isEqualTo("suppressed");
        assertThat(reply.at("/leads/3/reason").asText()).isEqualTo("on the suppression list suppress/no.txt");
        assertThat(broker.count(DEAD)).isZero();
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .extracting(event -> event.at("/data/source/queue").asText() + " "
                        + event.at("/data/source/messageId").asText() + " "
                        + event.at("/data/source/line").asText())
                .containsExactlyInAnyOrder(
                        QUEUE + " " + id + " 2",
                        QUEUE + " " + id + " 3",
                        QUEUE + " " + id + " 4",
                        QUEUE + " " + id + " 5"));
    }

    @Test
    void theSameLeadsUnderANewMessageIdAreDuplicates() throws JMSException {
        start();
        broker.send(QUEUE, asking(text(lead("a", 1)), "first"));
        assertReceipt(json(broker.take(REPLIES)), "read=1 accepted=1");
        broker.send(QUEUE, asking(text(lead("a", 1)), "second"));
        Message second = broker.take(REPLIES);
        assertReceipt(json(second), "read=1 duplicate=1");
        assertThat(second.getJMSCorrelationID()).isEqualTo("second");
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("a", 1));
    }

    /** Tells when somebody opens it. */
    static final class Trap implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private void readObject(ObjectInputStream in) {
            SPRUNG.set(true);
        }
    }

    @Test
    void anObjectIsRefusedUnopenedAndHeadersOfTheSenderDoNothing() throws JMSException {
        start();
        broker.send(QUEUE, session -> session.createObjectMessage(new Trap()), session -> session.createMapMessage());
        assertThat(List.of(dead().getStringProperty("reason"), dead().getStringProperty("reason")))
                .containsOnly("The message is neither a TextMessage nor a BytesMessage, so it was not opened");
        broker.send(QUEUE, session -> {
            Message message = session.createTextMessage(lead("plain", 1));
            message.setStringProperty("CAMELHTTPURI", "http://127.0.0.1:9/elsewhere");
            message.setStringProperty("CamelHttpMethod", "DELETE");
            message.setStringProperty("camelJmsDestinationName", "elsewhere");
            return message;
        });
        awaitAcknowledged();
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("plain", 1));
        assertThat(Trap.SPRUNG).isFalse();
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedUnread() throws JMSException {
        start();
        broker.send(QUEUE, session -> {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(new byte[(32 << 20) + 1]);
            return bytes;
        });
        Message dead = dead();
        assertThat(dead.getStringProperty("reason")).startsWith("The message has 33554433 bytes, more than 33554432");
        assertThat(((BytesMessage) dead).getBodyLength()).isEqualTo(33_554_433L);
        awaitAcknowledged();
    }

    @Test
    void aBrokerThatIsAwayAtTheStartHoldsUpNothingElse() {
        broker.kill();
        start();
        bundle.drop("l.csv", Given.csv("file", 3));
        assertReceipt(bundle.receipt("l.csv"), "read=3 accepted=3");
        broker.start();
        broker.send(QUEUE, text(lead("late", 9)));
        await().until(() -> api.ringsByExternalId().getOrDefault("late", 0) == 1);
        awaitAcknowledged();
    }

    @Test
    void aBrokerThatIsKilledAndComesBackLosesAndDoublesNothing() {
        start("jms.consumers=3");
        broker.send(QUEUE, singles("crm", 400));
        await().until(() -> api.ringsByExternalId().size() > 50);
        broker.kill();
        await().untilAsserted(() -> assertThat(bundle.brokerHealth())
                .isEqualTo("the broker " + broker.url()
                        + " cannot be used: nobody answers there (Connection refused). Queues wait for it"));
        broker.start();
        awaitAcknowledged();
        assertThat(bundle.brokerHealth()).isEqualTo("UP");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 400));
        assertThat(broker.count(DEAD)).isZero();
    }

    @Test
    void whileTheLineIsStoppedMessagesWaitAndAStopLeavesThemToTheBroker() {
        api.faults().always(Operation.ADD_LEAD, Fault.status(401));
        start();
        broker.send(QUEUE, singles("crm", 100));
        await().until(() -> api.requests(Operation.ADD_LEAD) > 0);
        stop();
        assertThat(broker.count(QUEUE)).isEqualTo(100);
        assertThat(broker.count(DEAD)).isZero();
        api.faults().clear();
        start();
        awaitAcknowledged();
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 100));
    }

    @Test
    void anyProvidersConnectionFactoryCanBePutIn() {
        bundle = Bundle.start(
                home,
                api,
                "jms.broker-url=bean:provider",
                "camel.beans.provider=#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory",
                "camel.beans.provider.brokerURL=" + broker.url());
        broker.send(QUEUE, text(lead("bean", 1)));
        awaitAcknowledged();
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("bean", 1));
    }
}
