package dev.pearlroutes.messaging;

import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;

/** Takes the messages that keep within the limits of their outbound; of another one nothing is kept. */
public final class MessageAdmission {
    private final MessageIntake messages;
    private final SendLimits limits;

    public MessageAdmission(MessageIntake messages, SendLimits limits) {
        this.messages = messages;
        this.limits = limits;
    }

    /**
     * Takes a message as {@link MessageIntake#take} does.
     *
     * @throws UnreadableSourceException also when it is above a limit
     */
    SourceRun take(String outbound, Source.Operation operation, String queue, String messageId, byte[] body)
            throws InterruptedException {
        SourceRun run = messages.take(outbound, operation, queue, messageId, body);
        try {
            limits.admitMessage(run.source());
            return run;
        } catch (UnreadableSourceException e) {
            messages.forget(run);
            throw e;
        } catch (RuntimeException e) {
            messages.release(run);
            throw e;
        }
    }
}
