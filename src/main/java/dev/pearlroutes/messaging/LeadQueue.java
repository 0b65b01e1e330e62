package dev.pearlroutes.messaging;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.rows.UnreadableSourceException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Message Endpoint of leads and updates: makes a run of a message, and the answer to it. */
public final class LeadQueue {
    /** In the place of an outbound's name: each message names its own. */
    public static final String BY_PROPERTY = "*";

    private static final String OUTBOUND = "outbound";
    private static final Logger LOG = LoggerFactory.getLogger(LeadQueue.class);

    private final MessageAdmission admission;
    private final MessageIntake messages;
    private final Replies replies;
    private final Shutdown shutdown;

    public LeadQueue(MessageAdmission admission, MessageIntake messages, Replies replies, Shutdown shutdown) {
        this.admission = admission;
        this.messages = messages;
        this.replies = replies;
        this.shutdown = shutdown;
    }

    /**
     * Takes a message in.
     *
     * @param outbound whose leads they are, or {@link #BY_PROPERTY}
     * @throws UnreadableSourceException when it can't be used
     */
    public SourceRun open(Message message, String queue, String outbound, Source.Operation operation)
            throws JMSException, InterruptedException {
        byte[] body = MessageBodies.read(message);
        String name = outbound.equals(BY_PROPERTY) ? message.getStringProperty(OUTBOUND) : outbound;
        if (name == null) {
            throw new UnreadableSourceException("has no property outbound, which says whose leads these are");
        }
        return admission.take(name, operation, queue, id(message), body);
    }

    /**
     * Ends a message that was sent.
     *
     * @return the reply; null when nobody wants one
     * @throws IllegalStateException when a row has no outcome, so that the message must not be acknowledged
     */
    public String finish(SourceRun run, Message message) throws JMSException {
        Source finished = messages.finish(run);
        messages.release(run);
        if (finished.rows() > 1) {
            SourceLog.info(LOG, finished)
                    .log(
                            "{} of {}: {} rows of queue {}",
                            finished.name(),
                            finished.outbound(),
                            finished.rows(),
                            finished.queue());
        }
        return message.getJMSReplyTo() == null ? null : replies.of(finished);
    }

    /** Leaves a message to the broker, which brings it again. @param run null when it was not taken in */
    public void putBack(SourceRun run, String queue, Exception e) {
        messages.release(run);
        if (!shutdown.requested()) {
            LOG.warn(
                    "A message of {} is left to the broker, to be brought again: {}",
                    queue,
                    e.getClass().getSimpleName());
            LOG.debug("The failure's trace", e);
        }
    }

    /** Writes onto a message that can't be used why that is, before it goes to the dead letters as it came. */
    public void refuse(Message message, String queue, UnreadableSourceException why) throws JMSException {
        Map<String, Object> properties = properties(message);
        properties.put("reason", reason(why));
        properties.put("originalQueue", queue);
        properties.put("originalMessageId", id(message));
        if (why.line() > 0) {
            properties.put("line", why.line());
        }
        // Those of a message that was received can't be added to.
        message.clearProperties();
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
        LOG.error(
                "A message of {} cannot be used and goes to the dead letters: {} {}",
                queue,
                LogText.printable(id(message)),
                LogText.printable(why.getMessage()));
    }

    /** Makes the reply to a message that can't be used; null when nobody wants one. */
    public String replyToRefused(Message message, String queue, UnreadableSourceException why) throws JMSException {
        return message.getJMSReplyTo() == null ? null : replies.ofUnusable(queue, id(message), reason(why));
    }

    private static String reason(UnreadableSourceException why) {
        return "The message " + why.getMessage();
    }

    /** Answers with what the sender knows the reply by: the request's own correlation id, or else its message id. */
    public String correlationId(Message message) throws JMSException {
        String chosen = message.getJMSCorrelationID();
        return chosen == null || chosen.isEmpty() ? id(message) : chosen;
    }

    /** Logs that a reply could not be delivered. It must not hold the message up: its sender may be long gone. */
    public void notReplied(Message message, Exception e) throws JMSException {
        LOG.warn(
                "The reply to {} could not be sent: {}",
                LogText.printable(id(message)),
                e.getClass().getSimpleName());
        LOG.debug("The failure's trace", e);
    }

    private static Map<String, Object> properties(Message message) throws JMSException {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String name = names.nextElement().toString();
            // Those of JMS and of the provider are set by whoever sends.
            if (!name.startsWith("JMS")) {
                properties.put(name, message.getObjectProperty(name));
            }
        }
        return properties;
    }

    private static String id(Message message) throws JMSException {
        return message.getJMSMessageID() == null ? "" : message.getJMSMessageID();
    }
}
