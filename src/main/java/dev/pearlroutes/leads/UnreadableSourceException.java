package dev.pearlroutes.leads;

/** A source that cannot be read as a whole, so that nothing of it may be sent. The message is one line for the operator and never quotes content. */
public final class UnreadableSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableSourceException(String message) {
        super(message);
    }

    public UnreadableSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
