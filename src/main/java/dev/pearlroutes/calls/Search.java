package dev.pearlroutes.calls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One run of Get Calls, whose windows may be read side by side. */
public final class Search {
    private final String outbound;
    private final Instant from;
    private final Instant to;
    private final String path;
    private final List<Window> unread = new ArrayList<>();
    private long read;
    private long changed;

    /** @param path of Get Calls below the API's base address */
    Search(String outbound, Instant from, Instant to, String path) {
        this.outbound = outbound;
        this.from = from;
        this.to = to;
        this.path = path;
    }

    String outbound() {
        return outbound;
    }

    Instant from() {
        return from;
    }

    Instant to() {
        return to;
    }

    public String path() {
        return path;
    }

    /** Rows given so far; a call on the edge of two pages is given twice. */
    synchronized long read() {
        return read;
    }

    synchronized long changed() {
        return changed;
    }

    /** Whether windows are left to be read. */
    public synchronized boolean more() {
        return !unread.isEmpty();
    }

    /** The windows to be read next. */
    public synchronized List<Window> windows() {
        List<Window> next = List.copyOf(unread);
        unread.clear();
        return next;
    }

    synchronized void add(List<Window> windows) {
        unread.addAll(windows);
    }

    synchronized void took(int rows, int newOrChanged) {
        read += rows;
        changed += newOrChanged;
    }
}
