package dev.pearlroutes.http;

/** The memory for bodies of requests that are being read or worked on. Its methods are called by any thread. */
final class BodyBudget {
    private final long whole;
    private long left;

    /** @param bytes for all bodies together */
    BodyBudget(long bytes) {
        this.whole = bytes;
        this.left = bytes;
    }

    /** Takes memory for a body. @return whether there was enough; {@link #release} follows then */
    synchronized boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    synchronized void release(long bytes) {
        left = Math.min(whole, left + bytes);
    }
}
