package dev.pearlroutes.files;

import java.util.concurrent.atomic.AtomicLong;

/** A sync of folders that is shared by all changes made before it; callers with later changes share the next one. */
public final class FolderSync {
    private final Runnable sync;
    private final AtomicLong changes = new AtomicLong();
    private long covered;

    /** @param sync makes the names durable that are in the folders when it starts */
    public FolderSync(Runnable sync) {
        this.sync = sync;
    }

    /** Notes that a name was changed. @return the number of the change, to wait for */
    public long changed() {
        return changes.incrementAndGet();
    }

    /** Returns when the change is durable. */
    public synchronized void await(long change) {
        if (covered < change) {
            // Changes from here on may come after the start of the sync.
            long covers = changes.get();
            sync.run();
            covered = covers;
        }
    }
}
