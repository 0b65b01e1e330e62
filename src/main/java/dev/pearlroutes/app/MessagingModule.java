package dev.pearlroutes.app;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.SourceOptions;
import dev.pearlroutes.messaging.LeadGateway;
import dev.pearlroutes.messaging.LeadQueue;
import dev.pearlroutes.messaging.MessageAdmission;
import dev.pearlroutes.messaging.MessageGroups;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.receipts.Replies;
import org.apache.camel.main.Main;

/** The beans that take messages with leads, and answer them. */
final class MessagingModule {
    /** More than rows of a batch, since no batch is planned while another one is sent. */
    private static final int MESSAGES_PER_REQUEST_IN_FLIGHT = 4;

    private final Foundation foundation;
    private final Shutdown shutdown;
    private final IntakeModule intake;
    private final ReceiptsModule receipts;
    private final MessageIntake messages;
    private final Replies replies;

    MessagingModule(Foundation foundation, ApiModule api, IntakeModule intake, ReceiptsModule receipts) {
        this.foundation = foundation;
        this.shutdown = api.shutdown();
        this.intake = intake;
        this.receipts = receipts;
        this.messages = new MessageIntake(
                intake.sources(),
                intake.interruptedLeads(),
                foundation.mappers(),
                SourceOptions.byOutbound(foundation.settings(), foundation.folders()),
                foundation.clock());
        this.replies = new Replies(receipts.receiptFiles(), foundation.ledger());
    }

    void bind(Main camel) {
        MessageAdmission admission = new MessageAdmission(messages, receipts.limits());
        camel.bind("leadGateway", new LeadGateway(admission, messages, replies));
        camel.bind("leadQueue", new LeadQueue(admission, messages, replies, shutdown));
        camel.bind("messageGroups", new MessageGroups.Factory(group()));
        camel.bind("messagesInOrder", new MessageGroups.Factory(1));
    }

    MessageIntake messages() {
        return messages;
    }

    Replies replies() {
        return replies;
    }

    /** Messages of a group: enough that all consumers of a queue together keep the requests in flight busy. */
    private int group() {
        Settings settings = foundation.settings();
        return Math.max(
                1,
                MESSAGES_PER_REQUEST_IN_FLIGHT
                        * settings.maxInFlight()
                        / settings.jms().consumers());
    }
}
