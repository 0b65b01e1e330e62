package dev.pearlroutes.intake;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.RowReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** One run of a source: what the routes hand on, and what the progress line reports. */
public final class SourceRun {
    private final Source source;
    private final Path file;
    private final Supplier<RowReader> rows;
    private final Instant began;
    private final boolean isNew;
    private final AtomicLong done = new AtomicLong();
    private volatile long doneBefore;
    private volatile Exception failure;
    private volatile Instant nextWave;
    private volatile boolean paused;

    /**
     * @param file null for a message
     * @param rows opens the source for another pass
     * @param isNew whether the ledger can know no more of it than that it was scanned
     */
    public SourceRun(Source source, Path file, Supplier<RowReader> rows, Instant began, boolean isNew) {
        this.source = source;
        this.file = file;
        this.rows = rows;
        this.began = began;
        this.isNew = isNew;
    }

    public Source source() {
        return source;
    }

    /** The dropped file; null for a message, which has none. */
    public Path file() {
        return file;
    }

    /** Opens the source for another pass. */
    public RowReader open() {
        return rows.get();
    }

    /** Tells whether this is the first run: nothing of the source is judged or planned, and the ledger need not be asked. */
    public boolean isNew() {
        return isNew;
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

    /** Skips what earlier runs have done. @param rows that have an outcome already */
    public void resume(long rows) {
        doneBefore = rows;
        done.addAndGet(rows);
    }

    /** Rows that this run has done. */
    long doneNow() {
        return done.get() - doneBefore;
    }

    /** The first failure that ended the run early; null while all is well. */
    public Exception failure() {
        return failure;
    }

    /** The time at which the next leads are released; null while leads are. */
    public Instant nextWave() {
        return nextWave;
    }

    public void waitForWave(Instant time) {
        nextWave = time;
    }

    /** Tells whether the run ends early because its source is paused. */
    public boolean paused() {
        return paused;
    }

    public void pause() {
        paused = true;
    }

    public synchronized void fail(Exception e) {
        failure = failure == null ? e : failure;
    }
}
