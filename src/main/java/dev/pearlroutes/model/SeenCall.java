package dev.pearlroutes.model;

import java.time.Instant;

/**
 * A call as the API showed it.
 *
 * @param to the number called, in E.164; null when unknown
 * @param startedAt null when unknown
 * @param status code of the conversation's status; null when unknown
 * @param duration seconds; null when unknown
 * @param fingerprint of everything of the call that an event says
 * @param json what the event is made of
 */
public record SeenCall(
        String callId,
        String to,
        Instant startedAt,
        Integer status,
        Long duration,
        boolean isFinal,
        byte[] fingerprint,
        String json) {

    @Override
    public String toString() {
        return "SeenCall[callId=" + callId + ", isFinal=" + isFinal + "]";
    }
}
