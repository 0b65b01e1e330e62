package dev.pearlroutes.delivery;

import java.time.Duration;

/** A sink's answer that it does not take the events now: the same ones come again after a wait. */
public final class NotDeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    /**
     * @param reason shown to the operator, so it holds nothing of the event and no secret
     * @param retryAfter what the sink asks for, already capped; null when it asks for nothing
     */
    public NotDeliveredException(String reason, Duration retryAfter) {
        super(reason);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
