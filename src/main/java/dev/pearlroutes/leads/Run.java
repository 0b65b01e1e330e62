package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A source being sent: what the routes pass on, and what the progress line tells of. */
public final class Run {
    private final Source source;
    private final Path file;
    private final Instant began;
    private final AtomicLong done = new AtomicLong();
    private volatile Exception failure;

    Run(Source source, Path file, Instant began) {
        this.source = source;
        this.file = file;
        this.began = began;
    }

    public Source source() {
        return source;
    }

    public Path file() {
        return file;
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
