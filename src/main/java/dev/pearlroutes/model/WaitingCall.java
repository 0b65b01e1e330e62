package dev.pearlroutes.model;

/**
 * A final call that waits for what its lead can say of it.
 *
 * @param fingerprint of the call as it was read from the ledger
 * @param tries how often in a row its lead was asked in vain
 * @param published digest of what an event has said of the call as it is; null when none has
 * @param seen as in {@link SeenCall#json()}, with what a webhook said besides
 * @param unproven whether a webhook alone has told of it, and nothing shows yet that it is a call of the outbound
 */
public record WaitingCall(
        String outbound,
        String callId,
        byte[] fingerprint,
        int tries,
        byte[] published,
        String seen,
        boolean unproven) {

    @Override
    public String toString() {
        return "WaitingCall[callId=" + callId + ", tries=" + tries + "]";
    }
}
