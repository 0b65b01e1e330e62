package dev.pearlroutes.leads;

import java.util.concurrent.atomic.AtomicLong;

/** One sync of the disk for all changes of the same folders that were made before it: who waits for a later one shares the next. */
final class FolderSync {
    private final Runnable sync;
    private final AtomicLong changes = new AtomicLong();
    private long covered;

    /** @param sync makes the names durable that are in the folders when it begins */
    FolderSync(Runnable sync) {
        this.sync = sync;
    }

    /** To be called when a name was changed. @return the number of the change, to wait for */
    long changed() {
        return changes.incrementAndGet();
    }

    /** Returns when the change is durable. */
    synchronized void await(long change) {
        if (covered < change) {
            // What is changed after this may be changed after the sync has begun.
            long covers = changes.get();
            sync.run();
            covered = covers;
        }
    }
}
