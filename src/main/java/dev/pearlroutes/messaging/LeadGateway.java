package dev.pearlroutes.messaging;

import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.UUID;

/**
 * The Messaging Gateway for other routes of this process: what they send is a message like those of a queue, but the sender keeps it
 * until it is answered, and is answered at once.
 */
public final class LeadGateway {
    private final MessageAdmission admission;
    private final MessageIntake messages;
    private final Replies replies;

    public LeadGateway(MessageAdmission admission, MessageIntake messages, Replies replies) {
        this.admission = admission;
        this.messages = messages;
        this.replies = replies;
    }

    /**
     * Takes a message in. To be followed by {@link #release}.
     *
     * @param endpoint that it was sent to, in the place of a queue
     * @param outbound null when the sender named none
     * @param messageId by which the sender makes the same call again; null for a call that is none made before
     * @param body null when it is neither text nor bytes
     * @throws UnreadableSourceException when it can't be used, and nothing of it was sent
     */
    public SourceRun open(String endpoint, Source.Operation operation, String outbound, String messageId, byte[] body)
            throws InterruptedException {
        try {
            if (outbound == null) {
                throw new UnreadableSourceException("has no header outbound, which says whose leads these are");
            }
            if (body == null) {
                throw new UnreadableSourceException("is neither text nor bytes: marshal it, for instance to JSON");
            }
            MessageBodies.checkSize(body.length);
            String id =
                    messageId == null || messageId.isBlank() ? UUID.randomUUID().toString() : messageId;
            return admission.take(outbound, operation, endpoint, id, body);
        } catch (UnreadableSourceException e) {
            throw new UnreadableSourceException("the message to " + endpoint + " " + e.getMessage(), e.line());
        }
    }

    /**
     * Ends a message that was worked on.
     *
     * @return the reply, as JSON
     * @throws IllegalStateException when a row has no outcome, since the process is stopping
     */
    public String finish(SourceRun run) {
        return replies.of(messages.finish(run));
    }

    /** Lets others have the message. @param run null when it was not taken in */
    public void release(SourceRun run) {
        messages.release(run);
    }
}
