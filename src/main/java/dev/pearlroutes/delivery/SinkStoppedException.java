package dev.pearlroutes.delivery;

/** A sink's answer that it wants nothing any more: everything waits for a person and a restart. */
public final class SinkStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason says what to do about it; shown to the operator, so it holds nothing of the event and no secret */
    public SinkStoppedException(String reason) {
        super(reason);
    }
}
