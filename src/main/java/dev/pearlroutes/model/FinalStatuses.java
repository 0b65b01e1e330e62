package dev.pearlroutes.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The statuses by which a call is over. The enumerations are open: a code that is in no set is never final, since a call taken for final
 * too early loses how it ended [S].
 *
 * @param calls codes of a call's {@code status} that mean that the call has ended
 * @param conversations codes of {@code conversationStatus} that no longer change
 * @param leads codes of a lead's {@code status} after which the platform does nothing more for it
 */
public record FinalStatuses(Set<Integer> calls, Set<Integer> conversations, Set<Integer> leads) {
    /** A call that is Canceled was seen to continue [S]; this long after its start it counts as over. */
    private static final Duration CANCELED_GRACE = Duration.ofHours(1);

    public FinalStatuses {
        calls = Set.copyOf(calls);
        conversations = Set.copyOf(conversations);
        leads = Set.copyOf(leads);
    }

    /**
     * Tells whether the call has ended and its conversation no longer changes.
     *
     * @param status code; null when unknown
     * @param conversationStatus code; null when the call has none, and then its status alone decides
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
