package dev.pearlroutes.rows;

/** A source that cannot be read as a whole, so that nothing of it may be sent. The message is one line for the operator and never quotes content. */
public final class UnreadableSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long line;

    public UnreadableSourceException(String message) {
        this(message, 0);
    }

    /** @param line of the text where the trouble was found, from 1 */
    public UnreadableSourceException(String message, long line) {
        super(message);
        this.line = line;
    }

    public UnreadableSourceException(String message, Throwable cause) {
        super(message, cause);
        this.line = 0;
    }

    /** The line where the trouble was found, from 1; 0 when it is not one line's. */
    public long line() {
        return line;
    }
}
