package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A source being sent: what the routes pass on, and what the progress line tells of. */
public final class Run {
    private final Source source;
    private final Path file;
    private final Supplier<LeadReader> rows;
    private final Instant began;
    private final AtomicLong done = new AtomicLong();
    private volatile Exception failure;

    /**
     * @param file null for a message
     * @param rows opens the source for another pass
     */
    Run(Source source, Path file, Supplier<LeadReader> rows, Instant began) {
        this.source = source;
        this.file = file;
        this.rows = rows;
        this.began = began;
    }

    public Source source() {
        return source;
    }

    /** Where the dropped file is; null for a message, which has none. */
    public Path file() {
        return file;
    }

    /** Opens the source for another pass. */
    public LeadReader open() {
        return rows.get();
    }

    Instant began() {
        return began;
    }

    /** Rows that have an outcome. */
    public long done() {
        return done.get();
    }

    public void advance(long rows) {
        done.addAndGet(rows);
    }

    /** Why the run ended early; null while all is well. */
    Exception failure() {
        return failure;
    }

    void fail(Exception e) {
        failure = e;
    }
}
