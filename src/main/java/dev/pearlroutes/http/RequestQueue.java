package dev.pearlroutes.http;

import dev.pearlroutes.model.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * The requests that are taken and not finished. Those of an outbound and operation wait for one another, so that an outbound whose
 * circuit is open holds up no other. Their bodies are in the ledger.
 */
final class RequestQueue {
    private final int atOnce;
    private final Map<Lane, State> lanes = new HashMap<>();
    private final Set<Long> open = new HashSet<>();

    private record Lane(String outbound, Source.Operation operation) {}

    /** What is under way of a lane. */
    private static final class State {
        private int running;
        private final Queue<Source> waiting = new ArrayDeque<>();
    }

    /** @param atOnce requests of an outbound that are worked on at the same time; of updates one, since their order counts */
    RequestQueue(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Counts the requests of an outbound and operation that are under way. */
    synchronized int size(String outbound, Source.Operation operation) {
        State state = lanes.get(new Lane(outbound, operation));
        return state == null ? 0 : state.running + state.waiting.size();
    }

    /** Takes a request in. @return whether it is to be worked on now; otherwise {@link #next} gives it to one that is done */
    synchronized boolean begin(Source request) {
        open.add(request.id());
        State state = lanes.computeIfAbsent(lane(request), lane -> new State());
        if (state.running < (request.operation() == Source.Operation.UPDATE ? 1 : atOnce)) {
            state.running++;
            return true;
        }
        state.waiting.add(request);
        return false;
    }

    /** Ends the work on a request. @return the next one of its outbound and operation; null when none waits */
    synchronized Source next(Source request) {
        open.remove(request.id());
        notifyAll();
        State state = lanes.get(lane(request));
        Source next = state.waiting.poll();
        if (next == null && --state.running == 0) {
            lanes.remove(lane(request));
        }
        return next;
    }

    /** Waits until a request is no more under way, for as long as it may take. */
    synchronized void await(long id, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (open.contains(id)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private static Lane lane(Source request) {
        return new Lane(request.outbound(), request.operation());
    }
}
