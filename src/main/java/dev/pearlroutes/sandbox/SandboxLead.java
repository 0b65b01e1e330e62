package dev.pearlroutes.sandbox;

import java.time.Instant;
import java.util.Map;

/**
 * A lead as the sandbox holds it now.
 *
 * @param externalId null when none was given
 * @param timeZoneId as given; null when none was
 * @param callData values are String, Boolean, Integer, Long or Double; empty when none was given
 * @param status see the status codes of the documentation
 */
public record SandboxLead(
        String id,
        String outboundId,
        String phoneNumber,
        String externalId,
        String timeZoneId,
        Map<String, Object> callData,
        int status,
        Instant created) {

    /** Personal data must not reach a log by accident. */
    @Override
    public String toString() {
        return "SandboxLead[" + id + "]";
    }
}
