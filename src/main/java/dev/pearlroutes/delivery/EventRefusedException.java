package dev.pearlroutes.delivery;

/**
 * A sink's answer that it does not take this event as it is: the event is set aside and the next one follows. An ambiguous refusal
 * may be the sink's own, and then every event waits. Only for a sink that is handed one event at a time. The texts are shown to
 * the operator, so they hold nothing of the event and no secret.
 */
public final class EventRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** Makes the refusal of this event alone. */
    public EventRefusedException(String reason) {
        this(reason, null);
    }

    /** @param remedy of an ambiguous refusal, what to correct where the sink refuses every event so; null for one of this event alone */
    public EventRefusedException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    boolean ambiguous() {
        return remedy != null;
    }

    String remedy() {
        return remedy;
    }
}
