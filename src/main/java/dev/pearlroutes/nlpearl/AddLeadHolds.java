package dev.pearlroutes.nlpearl;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What holds Add Lead alone, while every other request is made: an account that cannot call, and the outbounds and sources that a
 * person has paused. Requests of one that is held wait unsent; nothing is rejected.
 */
public final class AddLeadHolds {
    private final Runnable changed;
    private final Set<String> outbounds = ConcurrentHashMap.newKeySet();
    private final Set<Long> sources = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean account;

    /** @param changed called after each change, for those who wait */
    AddLeadHolds(Runnable changed) {
        this.changed = changed;
    }

    /** Holds the leads of all outbounds, or ends that. */
    void holdAccount(boolean hold) {
        boolean before = account;
        account = hold;
        changed(before && !hold);
    }

    /** Holds the leads of an outbound. */
    public void pause(String outbound) {
        outbounds.add(outbound);
        changed(false);
    }

    /** Holds the leads of a source. */
    public void pause(long sourceId) {
        sources.add(sourceId);
        changed(false);
    }

    /** Ends the pause of an outbound. */
    public void resume(String outbound) {
        changed(outbounds.remove(outbound));
    }

    /** Ends the pause of a source. */
    public void resume(long sourceId) {
        changed(sources.remove(sourceId));
    }

    /** Tells whether a lead must not be added now. */
    public boolean holds(String outbound, long sourceId) {
        return account || isPaused(outbound, sourceId);
    }

    /** Tells whether a person has paused the outbound or the source. */
    public boolean isPaused(String outbound, long sourceId) {
        return outbounds.contains(outbound) || sources.contains(sourceId);
    }

    /** Checks a request. @throws NotSentException when it must not be made now */
    void check(AddLeadRequest request) {
        if (holds(request.outbound(), request.sourceId())) {
            throw new NotSentException("paused, or the account cannot call");
        }
    }

    /** Lists the paused outbounds. */
    public Set<String> pausedOutbounds() {
        return Set.copyOf(outbounds);
    }

    /** Lists the numbers of the paused sources. */
    public Set<Long> pausedSources() {
        return Set.copyOf(sources);
    }

    /** Counts the holds that have ended: once it has changed, what was held may be sent. */
    public int ended() {
        return ended.get();
    }

    private void changed(boolean end) {
        if (end) {
            ended.incrementAndGet();
        }
        changed.run();
    }
}
