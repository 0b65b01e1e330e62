package dev.pearlroutes.app;

import dev.pearlroutes.ledger.Leadership;
import dev.pearlroutes.nlpearl.RequestGate;
import dev.pearlroutes.nlpearl.Shutdown;

/** Lets requests out only while this process may act as the leader; they wait while it may not. */
final class LeaderGate implements RequestGate {
    private static final long LOOK_AGAIN_MS = 100;

    private volatile Leadership leadership;
    private volatile Shutdown shutdown;

    /** Lets out nothing from now on but what the leader sends. */
    void obey(Leadership toObey, Shutdown toEnd) {
        shutdown = toEnd;
        leadership = toObey;
    }

    @Override
    public void pass() throws InterruptedException {
        Leadership now = leadership;
        while (now != null && !now.mayAct()) {
            if (shutdown.requested() || now.state() == Leadership.State.LOST) {
                throw new InterruptedException("another node leads");
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
    }
}
