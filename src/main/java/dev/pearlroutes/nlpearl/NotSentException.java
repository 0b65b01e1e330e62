package dev.pearlroutes.nlpearl;

/** A request that was not made: a circuit is open, the API has asked for a pause, or the process shuts down. */
public final class NotSentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotSentException(String message) {
        // Thrown for each waiting lead when a circuit opens: a stack trace would cost more than the lead.
        super(message, null, false, false);
    }
}
