package dev.pearlroutes.app;

import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.scheduler.SchedulerEndpoint;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler that many Polling Consumers share. One thread looks whether a consumer has anything to poll, which for a folder is a
 * listing of its names. Only then does the consumer poll, on a thread that ends when it has had nothing to do for a while: a consumer
 * that is held up has that thread for itself and holds up no other.
 */
public final class Polls implements ScheduledPollConsumerScheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Polls.class);

    /** How often the consumers whose time has come are looked for. Their times are spread, so that few poll at the same time. */
    private static final long TICK_MS = 50;

    private static final Duration IDLE_THREAD = Duration.ofSeconds(10);
    private static final Duration LAST_POLLS = Duration.ofSeconds(5);

    private final Set<String> notDropped;
    private final Map<String, BooleanSupplier> guards = new ConcurrentHashMap<>();
    private final List<Poll> polls = new CopyOnWriteArrayList<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService workers;
    private ScheduledExecutorService clock;
    private CamelContext context;

    /** @param notDropped names of folders that stand in the folders of others */
    Polls(Set<String> notDropped) {
        this.notDropped = Set.copyOf(notDropped);
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("poll-"));
    }

    private ThreadFactory named(String prefix) {
        return work -> {
            Thread thread = new Thread(work, prefix + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Lets a consumer of the scheduler component poll only when there is something to do.
     *
     * @param name of the consumer's endpoint
     * @param due asked at each of its times; has to be cheap
     */
    void guard(String name, BooleanSupplier due) {
        guards.put(name, due);
    }

    /** One consumer. Its fields are used by the clock, and by the consumer's thread while that polls. */
    private final class Poll implements Runnable {
        private final ScheduledPollConsumer consumer;
        private final BooleanSupplier due;
        private long next;
        private volatile boolean polling;

        Poll(ScheduledPollConsumer consumer, int number) {
            this.consumer = consumer;
            this.due = due(consumer.getEndpoint());
            long spread = number * TICK_MS % Math.max(TICK_MS, millis(consumer.getDelay()));
            this.next = now() + millis(consumer.getInitialDelay()) + spread;
        }

        private long millis(long time) {
            return consumer.getTimeUnit().toMillis(time);
        }

        void look(long now) {
            if (polling || now < next || !consumer.isStarted()) {
                return;
            }
            next = now + millis(consumer.getDelay());
            if (isDue()) {
                polling = true;
                try {
                    workers.execute(this);
                } catch (RejectedExecutionException e) {
                    // The process shuts down.
                    polling = false;
                }
            }
        }

        private boolean isDue() {
            try {
                return due.getAsBoolean();
            } catch (RuntimeException e) {
                // The consumer meets the failure too, and reports it as it should.
                LOG.debug("It is not known whether {} has anything to do", consumer, e);
                return true;
            }
        }

        @Override
        public void run() {
            try {
                consumer.run();
            } finally {
                next = now() + millis(consumer.getDelay());
                polling = false;
            }
        }
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private BooleanSupplier due(Endpoint endpoint) {
        if (endpoint instanceof FileEndpoint file) {
            return () -> hasNames(file.getFile());
        }
        return endpoint instanceof SchedulerEndpoint scheduler
                ? guards.getOrDefault(scheduler.getName(), () -> true)
                : () -> true;
    }

    /** Tells whether anything is in a folder, also when it cannot be read: its consumer has to say so. */
    private boolean hasNames(File folder) {
        String[] names = folder.list();
        return names == null || Arrays.stream(names).anyMatch(name -> !notDropped.contains(name));
    }

    private void tick() {
        long now = now();
        for (Poll poll : polls) {
            poll.look(now);
        }
    }

    /** Takes a consumer in, at each of its starts. */
    @Override
    public synchronized void scheduleTask(Runnable consumer) {
        polls.removeIf(poll -> poll.consumer == consumer);
        polls.add(new Poll((ScheduledPollConsumer) consumer, polls.size()));
        if (clock == null) {
            clock = Executors.newSingleThreadScheduledExecutor(named("polls-"));
            clock.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the polls once the consumers have been stopped, and waits for those under way. */
    @Override
    public synchronized void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
        workers.shutdown();
        try {
            workers.awaitTermination(LAST_POLLS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onInit(Consumer consumer) {
        // Each consumer is known by its task.
    }

    @Override
    public void unscheduleTask() {
        // A consumer that is stopped is passed over.
    }

    @Override
    public void startScheduler() {
        // It runs once a consumer is there.
    }

    @Override
    public boolean isSchedulerStarted() {
        return true;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.context = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void start() {
        // As startScheduler.
    }

    @Override
    public void stop() {
        // One consumer of many is stopped.
    }

    @Override
    public void shutdown() {
        // As stop.
    }
}
