package dev.pearlroutes.delivery;

import java.time.Duration;

/**
 * Why a sink did not take what it was handed. A sink's route throws it; whatever else it throws means that the same events
 * come again later. The reason is shown to the operator, so it holds nothing of the event and no secret.
 */
public final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What becomes of the event. */
    enum Kind {
        /** The sink will never take this one: it goes to the folder undelivered, and the next is handed over. */
        REFUSED,
        /** The sink wants nothing any more: everything waits for a person and a restart. */
        STOPPED,
        /** The same events come again after a wait. */
        LATER
    }

    private final Kind kind;
    private final transient Duration retryAfter;

    private DeliveryException(Kind kind, String reason, Duration retryAfter) {
        super(reason);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** This one event is refused for good. Only for a sink that is handed one at a time. */
    public static DeliveryException refused(String reason) {
        return new DeliveryException(Kind.REFUSED, reason, null);
    }

    /** Nothing is to be handed over any more before a person has acted. @param reason says what to mend */
    public static DeliveryException stopped(String reason) {
        return new DeliveryException(Kind.STOPPED, reason, null);
    }

    /** Not now. @param retryAfter what the sink asks for, already capped; null when it asks for nothing */
    public static DeliveryException later(String reason, Duration retryAfter) {
        return new DeliveryException(Kind.LATER, reason, retryAfter);
    }

    Kind kind() {
        return kind;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
