package dev.pearlroutes.model;

import java.time.Instant;

/**
 * The outcome of the calls to an accepted row, for its outcomes file. All but {@code attempts} is of the newest call.
 *
 * @param status code of the lead's status where Get Lead gave it, else the call's {@code conversationStatus}; null when
 *     neither is known
 * @param isFinal whether the platform does not call the lead any more
 * @param attempts number of calls to the lead
 * @param calledAt start of the call; null when unknown
 * @param duration seconds; null when unknown
 * @param summary null when unknown or left out by the configuration
 * @param collected JSON object by the id of the variable; null when there is none or it is left out
 */
public record CallOutcome(
        String callId,
        Integer status,
        boolean isFinal,
        int attempts,
        Instant calledAt,
        Long duration,
        String summary,
        String collected) {

    @Override
    public String toString() {
        return "CallOutcome[callId=" + callId + ", status=" + status + ", isFinal=" + isFinal + "]";
    }
}
