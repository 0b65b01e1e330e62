package dev.pearlroutes.model;

import java.time.Instant;

/**
 * An accepted lead that must not be called any more and that could not be stopped so far.
 *
 * @param leadId the API's id by which it was to be stopped
 * @param cause SUPPRESS or RECALL
 * @param reason the API's words or what went wrong, without a number
 * @param since when that failed first
 * @param tries how often it has failed
 * @param tryAt when it is tried next
 * @param file name of the source that the lead came by
 * @param line of that source
 * @param externalId null for none
 * @param phone the ledger's keyed hash of its number; null for none
 */
public record FailedStop(
        String outbound,
        String leadId,
        Source.Operation cause,
        String reason,
        Instant since,
        int tries,
        Instant tryAt,
        String file,
        long line,
        String externalId,
        byte[] phone) {

    @Override
    public String toString() {
        return "FailedStop[" + outbound + ", line=" + line + "]";
    }
}
