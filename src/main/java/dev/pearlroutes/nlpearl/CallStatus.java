package dev.pearlroutes.nlpearl;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The known values of a call's technical {@code status} [D]. The enumeration is open: 2 occurs undocumented [S], and an
 * unknown code is no error and never final, since taking one for final loses how the call ended.
 */
public enum CallStatus {
    IN_PROGRESS(3, "InProgress"),
    COMPLETED(4, "Completed"),
    BUSY(5, "Busy"),
    FAILED(6, "Failed"),
    NO_ANSWER(7, "NoAnswer"),
    CANCELED(8, "Canceled");

    /** A call that is Canceled was seen to go on [S]; after so long without a change it does not any more. */
    private static final Duration CANCELED_GRACE = Duration.ofHours(1);

    private final int code;
    private final String apiName;

    CallStatus(int code, String apiName) {
        this.code = code;
        this.apiName = apiName;
    }

    public int code() {
        return code;
    }

    public String apiName() {
        return apiName;
    }

    public static Optional<CallStatus> ofCode(int code) {
        return Stream.of(values()).filter(status -> status.code == code).findFirst();
    }

    /** Whether a call in this status is over. @param started when the call began; null when unknown */
    public boolean isFinal(Instant started, Instant now) {
        return switch (this) {
            case IN_PROGRESS -> false;
            case COMPLETED, BUSY, FAILED, NO_ANSWER -> true;
            case CANCELED -> started != null && started.plus(CANCELED_GRACE).isBefore(now);
        };
    }
}
