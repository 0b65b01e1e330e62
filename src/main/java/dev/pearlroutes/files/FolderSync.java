package dev.pearlroutes.files;

import java.util.concurrent.atomic.AtomicLong;

/** One sync of the disk for all changes of the same folders that were made before it: who waits for a later one shares the next. */
public final class FolderSync {
    private final Runnable sync;
    private final AtomicLong changes = new AtomicLong();
    private long covered;

    /** @param sync makes the names durable that are in the folders when it begins */
    public FolderSync(Runnable sync) {
        this.sync = sync;
    }

    /** To be called when a name was changed. @return the number of the change, to wait for */
    public long changed() {
        return changes.incrementAndGet();
    }

    /** Returns when the change is durable. */
    public synchronized void await(long change) {
        if (covered < change) {
            // What is changed after this may be changed after the sync has begun.
            long covers = changes.get();
            sync.run();
            covered = covers;
        }
    }
}
