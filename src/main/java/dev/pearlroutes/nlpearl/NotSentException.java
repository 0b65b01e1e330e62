package dev.pearlroutes.nlpearl;

/** The request was not made, because sending has stopped or pauses. */
public final class NotSentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotSentException(String message) {
        // Thrown for each waiting lead when the line stops: a stack trace would cost more than the lead.
        super(message, null, false, false);
    }
}
