package dev.pearlroutes.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** The requests that the sandbox saw, for tests. */
final class Observations {
    /** Counts cover everything; requests themselves only the last, so that a benchmark doesn't fill the memory. */
    private static final int KEPT = 10_000;

    private final AtomicLongArray counts = new AtomicLongArray(Operation.values().length);
    private final Deque<SandboxRequest> last = new ArrayDeque<>();
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger mostConcurrent = new AtomicInteger();

    void entered() {
        mostConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
    }

    void left() {
        concurrent.decrementAndGet();
    }

    void saw(SandboxRequest request) {
        counts.incrementAndGet(request.operation().ordinal());
        synchronized (last) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(request);
        }
    }

    long count(Operation operation) {
        return counts.get(operation.ordinal());
    }

    List<SandboxRequest> last(Operation operation) {
        synchronized (last) {
            return last.stream()
                    .filter(request -> request.operation() == operation)
                    .toList();
        }
    }

    int mostConcurrent() {
        return mostConcurrent.get();
    }

    void reset() {
        for (int i = 0; i < counts.length(); i++) {
            counts.set(i, 0);
        }
        mostConcurrent.set(concurrent.get());
        synchronized (last) {
            last.clear();
        }
    }
}
