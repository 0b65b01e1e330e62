package dev.pearlroutes.rows;

/** A source that cannot be read as a whole. The message is one line for the operator and never quotes content. */
public final class UnreadableSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long line;

    public UnreadableSourceException(String message) {
        this(message, 0);
    }

    /** @param line of the text on which the problem was found, from 1 */
    public UnreadableSourceException(String message, long line) {
        super(message);
        this.line = line;
    }

    public UnreadableSourceException(String message, Throwable cause) {
        super(message, cause);
        this.line = 0;
    }

    /** Returns the line on which the problem was found, from 1; 0 when it is on no single line. */
    public long line() {
        return line;
    }
}
