package dev.pearlroutes.model;

/**
 * A final call that waits for what its lead can say of it.
 *
 * @param fingerprint of the call as it was read from the ledger
 * @param tries how often in a row its lead was asked in vain
 * @param published digest of what an event has said of the call as it is; null when none has
 * @param seen as in {@link SeenCall#json()}
 */
public record WaitingCall(
        String outbound, String callId, byte[] fingerprint, int tries, byte[] published, String seen) {

    @Override
    public String toString() {
        return "WaitingCall[callId=" + callId + ", tries=" + tries + "]";
    }
}
