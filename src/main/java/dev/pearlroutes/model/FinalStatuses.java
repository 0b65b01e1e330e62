package dev.pearlroutes.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Tells when a call is over. The enumerations are open: a code that is in neither set is never final, since taking one for
 * final loses how the call ended [S].
 *
 * @param calls codes of a call's {@code status} by which the telephone is down
 * @param conversations codes of {@code conversationStatus} that do not change any more
 * @param leads codes of a lead's {@code status} after which the platform does nothing more for it
 */
public record FinalStatuses(Set<Integer> calls, Set<Integer> conversations, Set<Integer> leads) {
    /** A call that is Canceled was seen to go on [S]; after so long it does not any more. */
    private static final Duration CANCELED_GRACE = Duration.ofHours(1);

    public FinalStatuses {
        calls = Set.copyOf(calls);
        conversations = Set.copyOf(conversations);
        leads = Set.copyOf(leads);
    }

    /**
     * Final when the telephone is down and the conversation will not change: both must be known to be so.
     *
     * @param status code; null when unknown
     * @param conversationStatus code; null when the call has none, which decides nothing
     * @param started null when unknown
     */
    public boolean isFinal(Integer status, Integer conversationStatus, Instant started, Instant now) {
        boolean over = status != null && (calls.contains(status) || canceledForGood(status, started, now));
        return over && (conversationStatus == null || conversations.contains(conversationStatus));
    }

    private static boolean canceledForGood(int status, Instant started, Instant now) {
        return status == CallStatus.CANCELED.code()
                && started != null
                && started.plus(CANCELED_GRACE).isBefore(now);
    }
}
