package dev.pearlroutes.routes;

import static dev.pearlroutes.messaging.TestBroker.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that the broker brings again to a program whose configuration has changed: their columns cannot be used any more. */
class LeadQueueRedeliveryTest {
    private static final String QUEUE = "nlpearl.leads.acme";
    private static final String COMMON = "nlpearl.leads";
    private static final String DEAD = "nlpearl.dead-letter";
    private static final String REPLIES = "crm.replies";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private TestBroker broker;
    private Bundle bundle;

    @BeforeEach
    void start() {
        broker = TestBroker.started(home.resolve("broker"));
        bundle = bundle("");
    }

    @AfterEach
    void close() {
        bundle.close();
        api.close();
        broker.close();
    }

    private Bundle bundle(String mapping) {
        return start("outbound.acme.mapping=" + mapping);
    }

    private Bundle start(String setting) {
        return Bundle.start(home, api, "jms.broker-url=" + broker.url(), setting);
    }

    private void startWithAnotherColumnRequired() throws IOException {
        Path mapping = Files.writeString(home.resolve("mapping.properties"), "Zone = timeZoneId\n");
        bundle = bundle(mapping.toString());
    }

    /** Sends a message of three leads, of which two are accepted and the last waits. */
    private void sendAllButOne() {
        sendAllButOne(QUEUE, "acme");
    }

    private void sendAllButOne(String queue, String outbound) {
        api.faults().always(Operation.ADD_LEAD, Faults.externalId("crm-3"), Fault.tooManyRequests("1"));
        broker.send(queue, session -> {
            Message message = session.createTextMessage(Given.csv("crm", 3));
            message.setStringProperty("outbound", outbound);
            message.setJMSReplyTo(session.createQueue(REPLIES));
            return message;
        });
        await().until(() -> api.ringsByExternalId().size() == 2);
    }

    private void assertReply(String counts) throws JMSException {
        Message reply = broker.take(REPLIES);
        assertThat(reply).as("reply").isInstanceOf(TextMessage.class);
        assertReceipt(Given.json(((TextMessage) reply).getText()), counts);
        await().until(() -> broker.count(QUEUE) + broker.count(COMMON) == 0);
        assertThat(broker.count(DEAD)).as("dead letters").isZero();
    }

    @Test
    void aMessageOfWhichRowsWereSentGoesOn() throws Exception {
        sendAllButOne();
        bundle.close();
        api.faults().clear();

        startWithAnotherColumnRequired();

        assertReply("read=3 accepted=3");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 3));
    }

    @Test
    void rowsThatWereSentKeepTheirOutcomesAndTheRestIsJudgedByTheNewConfiguration() throws Exception {
        sendAllButOne();
        bundle.close();
        api.faults().clear();

        bundle = start("outbound.acme.required-variables=city");

        assertReply("read=3 accepted=2 rejected=1");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 2));
    }

    @Test
    void aMessageOfAnOutboundThatIsNotConfiguredAnyMoreSaysHowManyRowsWereBegun() throws Exception {
        startWithAnotherOutbound();
        sendAllButOne(COMMON, "other");
        bundle.close();
        api.faults().clear();

        bundle = bundle("");

        Message dead = broker.take(DEAD);
        assertThat(dead).as("dead letter").isNotNull();
        assertThat(dead.getStringProperty("reason"))
                .startsWith("The message is for an outbound that is not configured")
                .contains("2 of its 3 rows were begun before");
        assertThat(api.requests(Operation.ADD_LEAD)).isGreaterThanOrEqualTo(3);
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 2));
    }

    @Test
    void aFinishedMessageOfAnOutboundThatIsNotConfiguredAnyMoreIsAnsweredFromTheLedger() throws Exception {
        startWithAnotherOutbound();
        endWithoutAcknowledgement(COMMON, "other");

        bundle = bundle("");

        assertReply("read=3 accepted=3");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 3));
    }

    private void startWithAnotherOutbound() {
        bundle.close();
        api.addOutbound("ob-2", "other");
        bundle = Bundle.start(
                home,
                api,
                "jms.broker-url=" + broker.url(),
                "outbound.other.id=ob-2",
                "outbound.other.default-region=US");
    }

    @Test
    void aNewMessageIsRefusedAndNothingOfItIsSent() throws Exception {
        bundle.close();
        startWithAnotherColumnRequired();

        broker.send(QUEUE, text(Given.csv("crm", 3)));

        Message dead = broker.take(DEAD);
        assertThat(dead).as("dead letter").isNotNull();
        assertThat(dead.getStringProperty("reason")).startsWith("The message has no column 'Zone'");
        await().until(() -> broker.count(QUEUE) == 0);
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
        assertThat(new LedgerFile(bundle.data()).number("SELECT count(*) FROM source"))
                .isZero();
    }

    @Test
    void aMessageWhoseAcknowledgementTheBrokerDidNotGetIsAnsweredFromTheLedger() throws Exception {
        endWithoutAcknowledgement();

        startWithAnotherColumnRequired();

        assertReply("read=3 accepted=3");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 3));
    }

    @Test
    void anIntentThatAKillLeftBehindIsUnknownAndNotSentAgain() throws Exception {
        LedgerFile ledger = endWithoutAcknowledgement();
        // As kill -9 leaves it: one outcome was never recorded.
        ledger.change("UPDATE lead SET state = 'sending', lead_id = NULL WHERE external_id = 'crm-3'");
        ledger.change("UPDATE source SET state = 'sending', finished_at = NULL");

        startWithAnotherColumnRequired();

        assertReply("read=3 accepted=2 unknown=1");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 3));
    }

    /** Three leads are accepted, but the broker goes before it is acknowledged, and so does the program. */
    private LedgerFile endWithoutAcknowledgement() {
        return endWithoutAcknowledgement(QUEUE, "acme");
    }

    private LedgerFile endWithoutAcknowledgement(String queue, String outbound) {
        sendAllButOne(queue, outbound);
        broker.kill();
        api.faults().clear();
        LedgerFile ledger = new LedgerFile(bundle.data());
        await().until(() -> ledger.number("SELECT count(*) FROM lead WHERE state = 'accepted'") == 3);
        bundle.close();
        broker.start();
        assertThat(broker.count(queue)).as("not acknowledged").isEqualTo(1);
        return ledger;
    }
}
