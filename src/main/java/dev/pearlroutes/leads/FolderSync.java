package dev.pearlroutes.leads;

import java.util.concurrent.atomic.AtomicLong;

/** One sync of the disk for all who wait for one of the same folder: who comes while one is under way shares the next. */
final class FolderSync {
    private final Runnable sync;
    private final AtomicLong asked = new AtomicLong();
    private long covered;

    /** @param sync makes the names durable that are in the folder when it begins */
    FolderSync(Runnable sync) {
        this.sync = sync;
    }

    /** Returns when the names are durable that are in the folder now. */
    void await() {
        long own = asked.incrementAndGet();
        synchronized (this) {
            if (covered < own) {
                // Who asks after this may have changed the folder after the sync has begun.
                long covers = asked.get();
                sync.run();
                covered = covers;
            }
        }
    }

    /** How often it was asked for. */
    long asked() {
        return asked.get();
    }
}
