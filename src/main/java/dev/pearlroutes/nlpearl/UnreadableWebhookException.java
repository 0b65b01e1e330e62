package dev.pearlroutes.nlpearl;

/** A body of a webhook that cannot be used. Its text says why, and quotes nothing of the body. */
public final class UnreadableWebhookException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableWebhookException(String reason) {
        super(reason);
    }
}
