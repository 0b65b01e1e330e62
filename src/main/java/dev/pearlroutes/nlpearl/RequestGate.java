package dev.pearlroutes.nlpearl;

/** What a request must pass as the last thing before it is on the wire. */
public interface RequestGate {
    /** Waits until a request may be made. @throws InterruptedException when it must not be made any more */
    void pass() throws InterruptedException;
}
