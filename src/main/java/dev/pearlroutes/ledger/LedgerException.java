package dev.pearlroutes.ledger;

/** The ledger cannot be opened, read or written. The message is one line for the operator. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerException(String message) {
        super(message);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
