package dev.pearlroutes.routes;

import static dev.pearlroutes.messaging.TestBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.messaging.TestBroker.Maker;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue of updates: acknowledged with an outcome of each row, in the order of their sending, and nobody held up by another. */
class UpdateQueueTest {
    private static final String QUEUE = "nlpearl.lead-updates";
    private static final String LEADS = "nlpearl.leads";
    private static final String DEAD = "nlpearl.dead-letter";
    private static final String REPLIES = "crm.replies";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().outbound("ob-2", "other").start();
    private TestBroker broker;
    private Bundle bundle;

    @BeforeEach
    void startBroker() {
        broker = TestBroker.started(home.resolve("broker"));
    }

    @AfterEach
    void close() {
        bundle.close();
        api.close();
        broker.close();
    }

    private void start(String... settings) {
        String[] all = IntStream.rangeClosed(0, settings.length)
                .mapToObj(i -> i == 0 ? "jms.broker-url=" + broker.url() : settings[i - 1])
                .toArray(String[]::new);
        bundle = Bundle.start(home, api, all);
    }

    private void addLeads(int n) {
        bundle.drop("leads.csv", Given.csv("crm", n));
        assertThat(bundle.receipt("leads.csv").get("accepted").asInt()).isEqualTo(n);
    }

    private SandboxLead lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow();
    }

    private static Maker of(String outbound, Maker maker) {
        return session -> {
            Message message = maker.make(session);
            message.setStringProperty("outbound", outbound);
            message.setJMSReplyTo(session.createQueue(REPLIES));
            return message;
        };
    }

    private static Maker update(String body) {
        return of("acme", text(body));
    }

    private JsonNode reply() throws JMSException {
        Message reply = broker.take(REPLIES);
        assertThat(reply).as("reply").isInstanceOf(TextMessage.class);
        return Given.json(((TextMessage) reply).getText());
    }

    private String reasonOfDeath() throws JMSException {
        Message dead = broker.take(DEAD);
        assertThat(dead).as("dead letter").isNotNull();
        return dead.getStringProperty("reason");
    }

    private void awaitAcknowledged(String queue) {
        await().until(() -> broker.count(queue) == 0);
    }

    @Test
    void theSenderIsAnsweredWithEachRowsOutcomeAndTheEventsNameTheMessage() throws Exception {
        start();
        addLeads(3);
        suppress(Given.number(77));

        String id = broker.send(
                        QUEUE,
                        update("externalId,phoneNumber,status,firstName\ncrm-1,,Completed,\ncrm-2,,,Ada\n" + "crm-3,"
                                + Given.number(77) + ",,\nnobody,,130,\ncrm-3,,OnCall,\n"))
                .get(0);

        JsonNode reply = reply();
        assertThat(reply.path("operation").asText()).isEqualTo("update");
        assertThat(reply.path("queue").asText()).isEqualTo(QUEUE);
        assertThat(reply.path("messageId").asText()).isEqualTo(id);
        assertThat(List.of(
                        reply.path("read").asInt(),
                        reply.path("updated").asInt(),
                        reply.path("suppressed").asInt(),
                        reply.path("rejected").asInt()))
                .containsExactly(5, 2, 1, 2);
        assertThat(reply.path("leads"))
                .extracting(row -> row.path("line").asText() + " "
                        + row.path("outcome").asText() + " "
                        + row.path("externalId").asText() + " "
                        + row.path("reason").asText())
                .satisfiesExactly(
                        row -> assertThat(row).isEqualTo("2 updated crm-1 "),
                        row -> assertThat(row).isEqualTo("3 updated crm-2 "),
                        row -> assertThat(row).isEqualTo("4 suppressed crm-3 on the suppression list suppress/no.txt"),
                        row -> assertThat(row).startsWith("5 rejected nobody neither the ledger nor NLPearl knows"),
                        row -> assertThat(row).startsWith("6 rejected crm-3 status must be one of"));
        awaitAcknowledged(QUEUE);
        assertThat(lead("crm-1").status()).isEqualTo(130);
        assertThat(lead("crm-2").callData()).isEqualTo(Map.of("firstName", "Ada"));
        assertThat(lead("crm-3").phoneNumber()).isEqualTo(Given.number(3));
        assertThat(broker.count(DEAD)).isZero();
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .filteredOn(event -> event.at("/data/source/queue").asText().equals(QUEUE))
                .extracting(event -> event.path("type").asText().replace("ai.nlpearl.lead.", "") + " "
                        + event.at("/data/source/messageId").asText().equals(id) + " "
                        + event.at("/data/source/line").asText())
                .containsExactlyInAnyOrder(
                        "updated true 2",
                        "updated true 3",
                        "update-suppressed true 4",
                        "update-rejected true 5",
                        "update-rejected true 6"));
    }

    @Test
    void ofTwoUpdatesOfALeadTheOneThatWasSentLaterWinsAlsoWhenTheEarlierOneGetsNoAnswer() {
        start("jms.consumers=8");
        addLeads(2);
        api.faults().next(3, Operation.UPDATE_LEAD, Fault.drop());

        broker.send(
                QUEUE,
                IntStream.rangeClosed(1, 40)
                        .mapToObj(
                                i -> update("{\"externalId\":\"crm-%d\",\"firstName\":\"%d\"}".formatted(i % 2 + 1, i)))
                        .toArray(Maker[]::new));
        awaitAcknowledged(QUEUE);

        assertThat(lead("crm-1").callData()).isEqualTo(Map.of("firstName", "40"));
        assertThat(lead("crm-2").callData()).isEqualTo(Map.of("firstName", "39"));
        assertThat(api.received(Operation.UPDATE_LEAD))
                .extracting(request ->
                        Given.json(request.text()).at("/callData/firstName").asInt())
                .as("requests, those that got no answer made again")
                .isSorted()
                .hasSize(43);
    }

    @Test
    void aMessageThatIsBroughtAgainRepeatsNoRowThatHasAnOutcomeAndKeepsItsPlace() throws JMSException {
        start();
        addLeads(3);
        String held = "/Lead/" + lead("crm-2").id();
        api.faults()
                .always(Operation.UPDATE_LEAD, request -> request.path().endsWith(held), Fault.tooManyRequests("1"));
        broker.send(
                QUEUE,
                update("externalId,firstName\ncrm-1,a\ncrm-2,a\ncrm-3,a\n"),
                update("externalId,firstName\ncrm-1,b\ncrm-2,b\n"));
        await().until(() ->
                Stream.of("crm-1", "crm-3").allMatch(id -> lead(id).callData().equals(Map.of("firstName", "a"))));
        bundle.close();
        assertThat(broker.count(QUEUE)).isEqualTo(2);
        LedgerFile ledger = new LedgerFile(bundle.data());
        assertThat(ledger.number("SELECT count(*) FROM lead WHERE state = 'updated'"))
                .isEqualTo(2);
        long before = api.requests(Operation.UPDATE_LEAD);
        api.faults().clear();

        start();

        assertThat(reply().path("updated").asInt()).isEqualTo(3);
        assertThat(reply().path("updated").asInt()).isEqualTo(2);
        assertThat(api.requests(Operation.UPDATE_LEAD) - before).isEqualTo(3);
        assertThat(api.leads("ob-1"))
                .extracting(lead -> lead.callData().get("firstName"))
                .containsOnly("a", "b");
        assertThat(lead("crm-2").callData()).isEqualTo(Map.of("firstName", "b"));
        assertThat(lead("crm-3").callData()).isEqualTo(Map.of("firstName", "a"));
        assertThat(broker.count(DEAD)).isZero();
    }

    @Test
    void anUpdateThatCannotBeRecordedIsNotOvertaken() {
        bundle = Bundle.start(
                home,
                api,
                "jms.broker-url=embedded",
                "jms.port=0",
                "jms.username=crm",
                "jms.password=secret-of-the-crm");
        addLeads(1);
        bundle.changeLedger("CREATE TRIGGER fault BEFORE INSERT ON lead WHEN NEW.state = 'updated'"
                + " AND (SELECT count(*) FROM source WHERE operation = 'update') = 1"
                + " BEGIN SELECT RAISE(ABORT, 'fault of the test'); END");

        TestBroker.send(
                bundle.brokerUrl() + "?user=crm&password=secret-of-the-crm",
                QUEUE,
                List.of(
                        update("{\"externalId\":\"crm-1\",\"firstName\":\"earlier\"}"),
                        update("{\"externalId\":\"crm-1\",\"firstName\":\"later\"}")));
        await().until(() -> api.requests(Operation.UPDATE_LEAD) >= 3);
        assertThat(lead("crm-1").callData()).isEqualTo(Map.of("firstName", "earlier"));
        bundle.changeLedger("DROP TRIGGER fault");

        await().untilAsserted(() -> assertThat(
                        new LedgerFile(bundle.data()).number("SELECT count(*) FROM lead WHERE state = 'updated'"))
                .isEqualTo(2));
        assertThat(lead("crm-1").callData()).isEqualTo(Map.of("firstName", "later"));
    }

    @Test
    void anUpdateWithoutAnIdIsMadeAgainWhenItIsSentAgain() {
        start();
        addLeads(1);
        String ada = "{\"externalId\":\"crm-1\",\"firstName\":\"Ada\"}";
        String eve = "{\"externalId\":\"crm-1\",\"firstName\":\"Eve\"}";

        broker.sendWithoutIds(QUEUE, update(ada), update(eve), update(ada));
        awaitAcknowledged(QUEUE);

        assertThat(api.requests(Operation.UPDATE_LEAD)).isEqualTo(3);
        assertThat(lead("crm-1").callData()).isEqualTo(Map.of("firstName", "Ada"));
    }

    @Test
    void whatNamesNoOutboundOrNoLeadsGoesToTheDeadLetters() throws JMSException {
        start();
        String known = " is for an outbound that is not configured: let its outbound be one of acme";

        broker.send(QUEUE, text("{\"externalId\":\"crm-1\",\"status\":130}"));
        assertThat(reasonOfDeath())
                .as("also where there is one outbound only")
                .isEqualTo("The message has no property outbound, which says whose leads these are");
        broker.send(QUEUE, of("other", text("{\"externalId\":\"crm-1\",\"status\":130}")));
        assertThat(reasonOfDeath()).isEqualTo("The message" + known);
        broker.send(QUEUE, session -> {
            Message message = session.createTextMessage("{\"externalId\":\"crm-1\",\"status\":130}");
            message.setIntProperty("outbound", 7);
            return message;
        });
        assertThat(reasonOfDeath()).isEqualTo("The message" + known);
        broker.send(QUEUE, update("phoneNumber,status\n+12125550101,130\n"));
        assertThat(reasonOfDeath()).contains("has no column leadId or externalId");
        awaitAcknowledged(QUEUE);
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }

    @Test
    void anOutboundThatIsStoppedHoldsUpNoOtherOnTheQueuesOfAll() {
        start("outbound.other.id=ob-2", "outbound.other.default-region=US", "jms.consumers=1");
        addLeads(1);
        api.faults().always(null, request -> request.path().contains("ob-2"), Fault.status(400, """
                {"errors":{"validation":["wrong outboundId"]}}"""));
        broker.send(LEADS, of("other", text("{\"externalId\":\"o-1\",\"phoneNumber\":\"+12125550999\"}")));
        broker.send(QUEUE, of("other", text("{\"leadId\":\"ffffffffffffffffffffffff\",\"status\":130}")));
        await().until(() -> bundle.health().contains("outbound other"));

        broker.send(LEADS, of("acme", text("{\"externalId\":\"crm-9\",\"phoneNumber\":\"+12125550109\"}")));
        broker.send(QUEUE, update("{\"externalId\":\"crm-1\",\"status\":130}"));

        await().untilAsserted(() -> assertThat(lead("crm-1").status()).isEqualTo(130));
        await().until(() -> api.ringsByExternalId().containsKey("crm-9"));
        await().until(() -> broker.count(LEADS) == 1 && broker.count(QUEUE) == 1);
    }

    private void suppress(String number) throws IOException {
        Path list = home.resolve("no.txt");
        Files.writeString(list, number + "\n");
        Files.move(list, bundle.data().resolve("suppress").resolve("no.txt"));
        // A file is begun under the lists that lie there by then.
        bundle.drop("none.csv", "externalId,phoneNumber\n");
        bundle.receipt("none.csv");
    }
}
