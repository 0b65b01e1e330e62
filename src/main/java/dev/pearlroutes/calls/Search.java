package dev.pearlroutes.calls;

import java.time.Instant;

/** One run of Get Calls over a window, page by page. */
public final class Search {
    private final String outbound;
    private final Instant from;
    private final Instant to;
    private final String path;
    private int read;
    private long count = Long.MAX_VALUE;
    private int changed;

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

    /** Calls read so far, which is where the next page begins. */
    int read() {
        return read;
    }

    int changed() {
        return changed;
    }

    /** Whether the API has told of more calls than were read. */
    public boolean more() {
        return read < count;
    }

    /** @param rows of the page @param total of the search as this page told it, which may have grown since the first */
    void took(int rows, long total, int newOrChanged) {
        read += rows;
        count = total;
        changed += newOrChanged;
    }
}
