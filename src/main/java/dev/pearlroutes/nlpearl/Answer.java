package dev.pearlroutes.nlpearl;

import java.time.Duration;

/**
 * The meaning of an answer of Add Lead, or of its absence, for the lead.
 *
 * @param leadId the API's id of the lead; null unless ACCEPTED
 * @param reason the API's own words or what went wrong, without personal data; null when ACCEPTED
 * @param retryAfter the pause that the API asked for; null when it did not say
 * @param unpaid whether the API refuses because the account has no credit, which is never a lead's own fault
 */
public record Answer(Kind kind, String leadId, String reason, Duration retryAfter, boolean unpaid) {

    /** The classes of answers, by what has to be done about the lead. */
    public enum Kind {
        /** The lead exists. */
        ACCEPTED,
        /** The body is wrong: this lead will never be accepted as it is. */
        REJECTED,
        /** Refused for a reason that may be this lead's or the whole outbound's; other leads' answers decide. */
        AMBIGUOUS_REFUSAL,
        /** The credentials are refused: no request of this account passes. */
        UNAUTHORIZED,
        /** Too many requests: not processed. */
        RATE_LIMITED,
        /** The request never left: it may be made again. */
        NOT_SENT,
        /** The request was not begun: its circuit was open, or a pause or the shutdown had begun. */
        HELD,
        /** The request was not begun, because its number must not be called. */
        SUPPRESSED,
        /** The request was not begun, because its source was cancelled. */
        CANCELLED,
        /** The request left and no usable answer came: the lead may or may not exist. */
        UNKNOWN;

        /** Whether the request is never to be made. */
        public boolean withheld() {
            return this == SUPPRESSED || this == CANCELLED;
        }

        /** Whether the same intent has to be sent again, since nothing of it was processed. */
        public boolean unsent() {
            return this == UNAUTHORIZED || this == RATE_LIMITED || this == NOT_SENT || this == HELD;
        }
    }

    /** @param leadId null only where the request named the lead itself */
    public static Answer accepted(String leadId) {
        return new Answer(Kind.ACCEPTED, leadId, null, null, false);
    }

    public static Answer of(Kind kind, String reason) {
        return new Answer(kind, null, reason, null, false);
    }

    /** Makes the answer for a 429. @param retryAfter null when it did not say */
    public static Answer rateLimited(String reason, Duration retryAfter) {
        return new Answer(Kind.RATE_LIMITED, null, reason, retryAfter, false);
    }

    /** Makes the answer for a refusal because the account has no credit. */
    public static Answer unpaid(String reason) {
        return new Answer(Kind.AMBIGUOUS_REFUSAL, null, reason, null, true);
    }
}
