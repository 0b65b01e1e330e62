package dev.pearlroutes.suppression;

/** A list that cannot be relied on as it is. The message says where, what and how to fix it, without a number. */
final class UnreadableListException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    UnreadableListException(String message) {
        this(message, false);
    }

    /** @param passing whether it is over by itself in a moment, as a rule */
    UnreadableListException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    boolean passing() {
        return passing;
    }
}
