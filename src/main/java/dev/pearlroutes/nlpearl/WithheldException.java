package dev.pearlroutes.nlpearl;

/** A request that must not be made: it was not begun, and never will be. */
public final class WithheldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Answer.Kind kind;

    /** @param reason for the receipts; without the number */
    public WithheldException(Answer.Kind kind, String reason) {
        // Thrown for each such lead of a batch: a stack trace would cost more than the lead.
        super(reason, null, false, false);
        this.kind = kind;
    }

    Answer.Kind kind() {
        return kind;
    }
}
