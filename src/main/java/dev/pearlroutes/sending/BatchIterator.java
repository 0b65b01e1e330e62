package dev.pearlroutes.sending;

import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.RowReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Splitter's view of a source: batches whose intents are durable. Reading waits while enough batches are under way, and a
 * failure ends the batches instead of throwing, since a Splitter that runs in parallel has no one place to catch it.
 */
final class BatchIterator implements Iterator<Batch> {
    /**
     * Batches of a source under way at once. While one batch is planned some are recorded, and others have their last requests
     * under way, often several at once, since the threads serve the batches in turn. With fewer the threads that send are idle for
     * a part of the time, with four for a tenth of it.
     */
    private static final int UNDER_WAY = 8;

    /**
     * The same while other sources of the outbound are sent too: a power cut makes the leads of all of them unknown. One of the
     * batches waits, since the Splitter asks for the next one before it sends the one it has.
     */
    private static final int UNDER_WAY_SIDE_BY_SIDE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(BatchIterator.class);

    private static final Duration WAIT_FOR_UPDATE = Duration.ofMillis(200);

    private final SourceRun run;
    private final RowReader reader;
    private final BatchPlanner planner;
    private final Shutdown shutdown;
    private final BooleanSupplier sideBySide;
    private final BooleanSupplier paused;
    private final Semaphore underWay = new Semaphore(UNDER_WAY);
    /** Permits of {@code underWay} that one batch holds. */
    private int permits;

    private Batch next;
    private boolean ended;

    /**
     * @param reader stands behind the rows that are planned already
     * @param sideBySide whether other sources of the outbound are sent now
     * @param paused whether the source is paused, and is to be left as it is
     */
    BatchIterator(
            SourceRun run,
            RowReader reader,
            BatchPlanner planner,
            Shutdown shutdown,
            BooleanSupplier sideBySide,
            BooleanSupplier paused) {
        this.run = run;
        this.reader = reader;
        this.planner = planner;
        this.shutdown = shutdown;
        this.sideBySide = sideBySide;
        this.paused = paused;
    }

    @Override
    public synchronized boolean hasNext() {
        try {
            while (next == null && !ended) {
                permits = sideBySide.getAsBoolean() ? UNDER_WAY / UNDER_WAY_SIDE_BY_SIDE : 1;
                underWay.acquire(permits);
                plan();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
        } catch (RuntimeException e) {
            run.fail(e);
            end();
        } catch (Error e) {
            // The Splitter would wait for ever for a task that ended with an Error.
            run.fail(new IllegalStateException(e.toString(), e));
            end();
        }
        return next != null;
    }

    @Override
    public synchronized Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Batch batch = next;
        next = null;
        return batch;
    }

    String outbound() {
        return run.source().outbound();
    }

    /** To be called once for each batch when its outcomes are recorded. */
    void recorded(Batch batch) {
        underWay.release(batch.permits());
    }

    private void plan() throws InterruptedException {
        if (shutdown.requested() || !reader.hasNext()) {
            end();
            return;
        }
        if (paused.getAsBoolean()) {
            run.pause();
            end();
            return;
        }
        ReleaseWaves.Grant grant = planner.grant(run.source());
        if (grant.leads() == 0) {
            run.waitForWave(grant.next());
            end();
            return;
        }
        List<LeadIntent> rows = new ArrayList<>(grant.leads());
        while (rows.size() < grant.leads() && !shutdown.requested() && reader.hasNext()) {
            rows.add(planner.intent(run.source(), reader.next()));
        }
        Optional<Batch> planned = planner.plan(run, rows, grant, permits);
        if (planned.isEmpty()) {
            SourceLog.info(LOG, run.source())
                    .log(
                            "{} waits for an update under way: a row may be the same lead",
                            run.source().name());
        }
        while (planned.isEmpty() && !shutdown.requested()) {
            shutdown.sleep(WAIT_FOR_UPDATE);
            planned = planner.plan(run, rows, grant, permits);
        }
        planned.ifPresentOrElse(batch -> take(batch, rows.size()), () -> {
            planner.giveBack(run.source(), grant);
            end();
        });
    }

    private void take(Batch batch, int rows) {
        if (batch.unsent().isEmpty()) {
            run.advance(rows);
            underWay.release(permits);
        } else {
            next = batch;
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            underWay.release(permits);
            reader.close();
        }
    }
}
