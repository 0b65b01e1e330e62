package dev.pearlroutes.calls;

import dev.pearlroutes.config.Outbound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** One run of Get Calls, whose windows may be read side by side. */
public final class CallSearchRun {
    /** Open calls that fail in a row after which no more are read: the calls are not the reason. */
    private static final int MOST_UNREAD_IN_A_ROW = 20;

    private final String outbound;
    private final Outbound.SearchCalls settings;
    private final Instant cursor;
    private final Instant from;
    private final Instant to;
    private final boolean whole;
    private final List<Window> unread = new ArrayList<>();
    /** Time from which on each window that is not finished may lack calls. */
    private final Map<Window, Instant> positions = new IdentityHashMap<>();

    private boolean cancelled;
    private long read;
    private long changed;
    private int openUnread;
    private int unreadInARow;

    /**
     * @param cursor at its begin; null before the first run
     * @param whole whether it reads the whole lookback
     */
    CallSearchRun(
            String outbound, Outbound.SearchCalls settings, Instant cursor, Instant from, Instant to, boolean whole) {
        this.outbound = outbound;
        this.settings = settings;
        this.cursor = cursor;
        this.from = from;
        this.to = to;
        this.whole = whole;
    }

    public String outbound() {
        return outbound;
    }

    Outbound.SearchCalls settings() {
        return settings;
    }

    Instant cursor() {
        return cursor;
    }

    boolean whole() {
        return whole;
    }

    Instant from() {
        return from;
    }

    Instant to() {
        return to;
    }

    /** Tells whether open calls are still read by themselves. */
    public synchronized boolean readsOpen() {
        return unreadInARow < MOST_UNREAD_IN_A_ROW;
    }

    /** Notes that an open call was read by itself. @param answered whether the API answered */
    synchronized void onOpenCall(boolean answered) {
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

    /** Tells whether windows are left to be read. */
    public synchronized boolean more() {
        return !cancelled && !unread.isEmpty();
    }

    /** Tells whether a page of the window is to be read. */
    public synchronized boolean reads(Window window) {
        return !cancelled && window.more();
    }

    /** Ends the run that has failed, and with it its windows that are read side by side. */
    synchronized void cancel() {
        cancelled = true;
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** Answers until when all calls are recorded. */
    synchronized Instant reached() {
        return positions.values().stream().min(Instant::compareTo).orElse(to);
    }

    /** Hands over the windows to be read next. */
    public synchronized List<Window> windows() {
        List<Window> next = List.copyOf(unread);
        unread.clear();
        return next;
    }

    synchronized void add(List<Window> windows) {
        unread.addAll(windows);
        windows.forEach(this::follow);
    }

    /** Notes that a page of the window is recorded. @param besides windows that take over a part of it */
    synchronized void onPage(Window window, List<Window> besides, int rows, int newOrChanged) {
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
