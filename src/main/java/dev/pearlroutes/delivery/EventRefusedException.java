package dev.pearlroutes.delivery;

/**
 * A sink's answer that it will never take this event: the event is set aside and the next one follows. Only for a sink that is
 * handed one at a time. The reason is shown to the operator, so it holds nothing of the event and no secret.
 */
public final class EventRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public EventRefusedException(String reason) {
        super(reason);
    }
}
