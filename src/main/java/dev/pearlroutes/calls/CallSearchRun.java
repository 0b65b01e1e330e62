package dev.pearlroutes.calls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** One run of Get Calls, whose windows may be read side by side. */
public final class CallSearchRun {
    private static final int MOST_UNREAD_IN_A_ROW = 20;

    private final String outbound;
    private final Instant from;
    private final Instant to;
    private final String path;
    private final List<Window> unread = new ArrayList<>();
    /** From where on each window that is not finished may lack calls. */
    private final Map<Window, Instant> positions = new IdentityHashMap<>();

    private boolean cancelled;
    private long read;
    private long changed;
    private int openUnread;
    private int unreadInARow;

    /** @param path of Get Calls below the API's base address */
    CallSearchRun(String outbound, Instant from, Instant to, String path) {
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

    /** Whether open calls are still read by themselves: not when so many could not be that it is not they. */
    public synchronized boolean readsOpen() {
        return unreadInARow < MOST_UNREAD_IN_A_ROW;
    }

    /** An open call was read by itself. @param answered whether the API told of it */
    synchronized void readOpen(boolean answered) {
        openUnread += answered ? 0 : 1;
        unreadInARow = answered ? 0 : unreadInARow + 1;
    }

    /** Open calls that could not be read. */
    synchronized int openUnread() {
        return openUnread;
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
        return !cancelled && !unread.isEmpty();
    }

    /** Whether a page of the window is to be read. */
    public synchronized boolean reads(Window window) {
        return !cancelled && window.more();
    }

    /** The run has failed: its windows that are read side by side end too. */
    synchronized void cancel() {
        cancelled = true;
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** Until when all calls are on record. */
    synchronized Instant reached() {
        return positions.values().stream().min(Instant::compareTo).orElse(to);
    }

    /** The windows to be read next. */
    public synchronized List<Window> windows() {
        List<Window> next = List.copyOf(unread);
        unread.clear();
        return next;
    }

    synchronized void add(List<Window> windows) {
        unread.addAll(windows);
        windows.forEach(this::follow);
    }

    /** A page of the window is on record. @param besides windows that take over a part of it */
    synchronized void took(Window window, List<Window> besides, int rows, int newOrChanged) {
        add(besides);
        follow(window);
        read += rows;
        changed += newOrChanged;
    }

    private void follow(Window window) {
        if (window.more()) {
            positions.put(window, window.checkedTo());
        } else {
            positions.remove(window);
        }
    }
}
