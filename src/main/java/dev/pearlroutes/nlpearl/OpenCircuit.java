package dev.pearlroutes.nlpearl;

import java.time.Instant;

/**
 * A stopped line: why nothing is sent, and what has to be mended.
 *
 * @param outbound the outbound that is stopped, and whose id a probe uses; null for a hold of the account
 * @param account whether the whole account is stopped, every outbound of it
 * @param reason for the person who has to act
 */
public record OpenCircuit(Cause cause, String outbound, boolean account, String reason, Instant since) {

    /** What stops a line, and with it which probe shows that it is mended. */
    public enum Cause {
        CREDENTIALS,
        WRONG_OUTBOUND,
        UNREACHABLE,
        OUTAGE,
        /** Something of this program's own that a person has to mend; nothing is probed. */
        HOLD
    }

    /** Whether an answer to a probing read shows that a lead may be tried. @param status 0 when no answer came */
    boolean mendedBy(int status) {
        boolean answers = status > 0 && status < 500 && status != 429 && status != 401 && status != 403;
        return cause == Cause.WRONG_OUTBOUND ? status == 200 : answers;
    }
}
