package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The shutdown of the process: once it has begun no further request begins, and every wait ends. */
public final class Shutdown {
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private boolean requested;

    public Shutdown(Clock clock) {
        this.clock = clock;
    }

    /** Begins the shutdown and wakes all who wait. */
    public void begin() {
        synchronized (this) {
            requested = true;
            notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    /** Whether the process is shutting down. */
    public synchronized boolean requested() {
        return requested;
    }

    /** Registers a listener, which is called when the shutdown begins. */
    public void onBegin(Runnable listener) {
        listeners.add(listener);
    }

    /** Sleeps for this time, or until the shutdown begins. */
    public synchronized void sleep(Duration time) throws InterruptedException {
        Instant until = clock.instant().plus(time);
        while (!requested && clock.instant().isBefore(until)) {
            wait(Math.max(1, Duration.between(clock.instant(), until).toMillis()));
        }
    }
}
