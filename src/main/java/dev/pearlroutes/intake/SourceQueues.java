package dev.pearlroutes.intake;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files and requests that wait to be worked on: a queue of each for each outbound and operation, so that none waits for another, with
 * a number of places for those that are worked on side by side. What waits here is in the ledger; the next start takes it up.
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

    private record Key(String outbound, Source.Operation operation, boolean requests) {}

    /** The queue of an outbound and operation. */
    private static final class Waiting {
        private final Set<Long> sources = new LinkedHashSet<>();
        private final boolean requests;
        private final int places;
        private int free;

        Waiting(boolean requests, int places) {
            this.requests = requests;
            this.places = places;
            this.free = places;
        }

        long remove() {
            long first = sources.iterator().next();
            sources.remove(first);
            return first;
        }
    }

    /**
     * @param filesAtOnce places of each outbound for files of leads; there is one for each of the other operations
     * @param requestsAtOnce places of each outbound for requests of an operation; there is one for updates
     */
    public SourceQueues(
            UnfinishedSources unfinished,
            Collection<String> outbounds,
            int filesAtOnce,
            int requestsAtOnce,
            Shutdown shutdown) {
        this.unfinished = unfinished;
        this.shutdown = shutdown;
        for (String outbound : outbounds) {
            for (Source.Operation operation : Source.Operation.values()) {
                // Of two updates of a lead the later one has to win.
                int files = operation == Source.Operation.ADD ? filesAtOnce : 1;
                int requests = operation == Source.Operation.UPDATE ? 1 : requestsAtOnce;
                queues.put(new Key(outbound, operation, false), new Waiting(false, files));
                queues.put(new Key(outbound, operation, true), new Waiting(true, requests));
            }
        }
        unfinished.onEnded(this::ended);
        shutdown.onBegin(this::wake);
    }

    /** Has a claimed source wait for a place. Waits itself while the queue is full, or until the process shuts down. */
    public void offer(long sourceId, String outbound, Source.Operation operation) throws InterruptedException {
        Waiting queue = queues.get(new Key(outbound, operation, false));
        synchronized (this) {
            while (queue.sources.size() >= MOST_WAITING && !shutdown.requested()) {
                wait();
            }
            queue.sources.add(sourceId);
            notifyAll();
        }
    }

    /** Has a request wait for a place. Its body is in the ledger, so that any number may wait. */
    synchronized void add(Source request) {
        requests(request.outbound(), request.operation()).sources.add(request.id());
        notifyAll();
    }

    /** Counts the requests of an outbound and operation that wait or are worked on. */
    synchronized int requestsUnderWay(String outbound, Source.Operation operation) {
        Waiting queue = requests(outbound, operation);
        return queue.sources.size() + queue.places - queue.free;
    }

    /** Waits until a request is no more waiting or worked on, for as long as it may take. */
    synchronized void await(Source request, Duration most) throws InterruptedException {
        Waiting queue = requests(request.outbound(), request.operation());
        long end = System.nanoTime() + most.toNanos();
        while (begun.containsKey(request.id()) || queue.sources.contains(request.id())) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0 || shutdown.requested()) {
                return;
            }
            wait(left);
        }
    }

    private Waiting requests(String outbound, Source.Operation operation) {
        return queues.get(new Key(outbound, operation, true));
    }

    /** Tells whether a source that was begun is a request. */
    public synchronized boolean isRequest(long sourceId) {
        Waiting queue = begun.get(sourceId);
        return queue != null && queue.requests;
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
                List<Long> due = key.requests()
                        ? unfinished.dueRequests(key.outbound(), key.operation())
                        : unfinished.due(key.outbound(), key.operation());
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
                    long source = queue.remove();
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
