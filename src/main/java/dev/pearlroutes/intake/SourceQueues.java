package dev.pearlroutes.intake;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The files that wait to be worked on: a queue for each outbound and operation, so that none waits for another, with a number of places
 * for files that are worked on side by side. What waits here is in the ledger; the next start takes it up.
 */
public final class SourceQueues {
    /** Files that wait in a queue; more stay in the inbox. */
    private static final int MOST_WAITING = 100;

    /** Nanoseconds between two looks at the unfinished sources that nobody works on. */
    private static final long TAKE_UP_EVERY = Duration.ofSeconds(1).toNanos();

    private final UnfinishedSources unfinished;
    private final Shutdown shutdown;
    private final Map<Key, Waiting> queues = new LinkedHashMap<>();
    private final Map<Long, Waiting> begun = new HashMap<>();
    private long takenUp = System.nanoTime() - TAKE_UP_EVERY;

    private record Key(String outbound, Source.Operation operation) {}

    /** The queue of an outbound and operation. */
    private static final class Waiting {
        private final Queue<Long> sources = new ArrayDeque<>();
        private int free;

        Waiting(int places) {
            this.free = places;
        }
    }

    /** @param filesAtOnce places of each outbound for files of leads; there is one for each of the other operations */
    public SourceQueues(
            UnfinishedSources unfinished, Collection<String> outbounds, int filesAtOnce, Shutdown shutdown) {
        this.unfinished = unfinished;
        this.shutdown = shutdown;
        for (String outbound : outbounds) {
            for (Source.Operation operation : Source.Operation.values()) {
                // Of two updates of a lead the later one has to win.
                int places = operation == Source.Operation.ADD ? filesAtOnce : 1;
                queues.put(new Key(outbound, operation), new Waiting(places));
            }
        }
        unfinished.onEnded(this::ended);
        shutdown.onBegin(this::wake);
    }

    /** Has a claimed source wait for a place. Waits itself while the queue is full, or until the process shuts down. */
    public void offer(long sourceId, String outbound, Source.Operation operation) throws InterruptedException {
        Waiting queue = queues.get(new Key(outbound, operation));
        synchronized (this) {
            while (queue.sources.size() >= MOST_WAITING && !shutdown.requested()) {
                wait();
            }
            queue.sources.add(sourceId);
            notifyAll();
        }
    }

    /**
     * Waits a second at most until sources can be begun.
     *
     * @return which, in the order in which they came; each has its place until the work on it ends
     */
    public List<Long> next() throws InterruptedException {
        if (System.nanoTime() - takenUp >= TAKE_UP_EVERY) {
            takenUp = System.nanoTime();
            takeUp();
        }
        synchronized (this) {
            List<Long> next = begin();
            long wait = TAKE_UP_EVERY - (System.nanoTime() - takenUp);
            while (next.isEmpty() && wait > 0 && !shutdown.requested()) {
                wait(Math.max(1, Duration.ofNanos(wait).toMillis()));
                next = begin();
                wait = TAKE_UP_EVERY - (System.nanoTime() - takenUp);
            }
            return next;
        }
    }

    /** Takes up what the last run of the program left, and what a failure ended. */
    private void takeUp() {
        queues.forEach((key, queue) -> {
            if (!isFull(queue)) {
                List<Long> due = unfinished.due(key.outbound(), key.operation());
                synchronized (this) {
                    queue.sources.addAll(due);
                }
            }
        });
    }

    private synchronized boolean isFull(Waiting queue) {
        return queue.sources.size() >= MOST_WAITING;
    }

    private List<Long> begin() {
        List<Long> next = new ArrayList<>();
        if (!shutdown.requested()) {
            for (Waiting queue : queues.values()) {
                while (queue.free > 0 && !queue.sources.isEmpty()) {
                    long source = queue.sources.remove();
                    queue.free--;
                    begun.put(source, queue);
                    next.add(source);
                }
            }
        }
        if (!next.isEmpty()) {
            notifyAll();
        }
        return next;
    }

    private synchronized void ended(long sourceId) {
        Waiting queue = begun.remove(sourceId);
        if (queue != null) {
            queue.free++;
            notifyAll();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }
}
