package dev.pearlroutes.nlpearl;

import java.time.Instant;

/**
 * A circuit that is not closed: why nothing is sent, and what has to be fixed.
 *
 * @param outbound the outbound that does not send, and whose id a probe uses; null when the account's circuit is forced open
 * @param account whether the circuit is the account's and holds back every outbound of it
 * @param reason for the person who has to act
 */
public record OpenCircuit(Cause cause, String outbound, boolean account, String reason, Instant since) {

    /** What opens a circuit, which decides which probe shows that it is fixed. */
    public enum Cause {
        CREDENTIALS,
        WRONG_OUTBOUND,
        UNREACHABLE,
        OUTAGE,
        /** This program's own state, which a person has to fix; nothing is probed. */
        FORCED_OPEN
    }

    /** Whether the answer to a probe allows a trial call. @param status 0 when no answer came */
    boolean isFixedBy(int status) {
        boolean answers = status > 0 && status < 500 && status != 429 && status != 401 && status != 403;
        return cause == Cause.WRONG_OUTBOUND ? status == 200 : answers;
    }
}
