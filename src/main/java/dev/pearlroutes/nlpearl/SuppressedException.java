package dev.pearlroutes.nlpearl;

/** The number may not be called: the request was not begun. */
public final class SuppressedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason for the receipts; without the number */
    public SuppressedException(String reason) {
        super(reason);
    }
}
