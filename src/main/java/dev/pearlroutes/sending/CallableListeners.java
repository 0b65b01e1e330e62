package dev.pearlroutes.sending;

import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.suppression.Suppression;

/**
 * The rooms that must look at each lead that can be called from now on: its number may have come onto a list, or its file may have
 * been recalled, while its request was under way.
 */
public final class CallableListeners {
    private final Suppression suppression;
    private final Cancellations cancellations;

    public CallableListeners(Suppression suppression, Cancellations cancellations) {
        this.suppression = suppression;
        this.cancellations = cancellations;
    }

    /** To be called once the lead is on record as accepted, or as changed. @param phone the ledger's hash of its number */
    public void onCallable(String outbound, byte[] phone) {
        suppression.onAccepted(outbound, phone);
        cancellations.onAccepted(outbound, phone);
    }
}
