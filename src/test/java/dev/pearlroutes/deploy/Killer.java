package dev.pearlroutes.deploy;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Starts the program and ends it by SIGKILL at a seam, without a hook in the program. */
final class Killer {
    /** A seam that does not show in this time is given up: the program is killed where it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** A run is rarely left with fewer leads to send. */
    private static final int FIRST_LEADS = 8;

    /** No process has come so far that it sends by then. */
    private static final Duration STARTING = Duration.ofMillis(200);

    private static final int KILLED = 137;
    private static final String OUTBOUND = "demo";

    private final Program program;
    private final Path data;
    private final Sandbox api;
    private final Duration latency;
    private final Random random;
    private final Step killed;
    private volatile Trap trap;

    /** What follows a kill. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * @param latency of the API, between an effect and its answer
     * @param killed done after each kill
     */
    Killer(Program program, Sandbox api, Duration latency, Random random, Step killed) throws IOException {
        this.program = program;
        this.data = program.data(false);
        this.api = api;
        this.latency = latency;
        this.random = random;
        this.killed = killed;
        for (String folder : new String[] {"work", "done", "results"}) {
            Files.createDirectories(folder(folder));
        }
    }

    /** Springs at the n-th request of an operation, while that is at the API and nothing is done about it yet. */
    private record Trap(Operation operation, AtomicInteger left, boolean kills, boolean drops) {
        boolean springs(SandboxRequest request) {
            // A probe searches for nobody.
            return request.operation() == operation && request.externalId() != null && left.decrementAndGet() == 0;
        }
    }

    /** To be called before other faults are asked for: they would keep requests from the trap. */
    void lieInWait() {
        api.faults().always(null, this::spring, Fault.drop());
    }

    private boolean spring(SandboxRequest request) {
        Trap set = trap;
        if (set == null || !set.springs(request)) {
            return false;
        }
        if (set.kills()) {
            kill();
        }
        return set.drops();
    }

    /** Starts the program and kills it. @return whether the seam was seen; if not, it was killed at some instant */
    boolean startAndKillAt(Seam seam) throws IOException, InterruptedException {
        boolean seen = switch (seam) {
            case STARTING -> !startAndEndsWithin(Duration.ofMillis(random.nextInt(1_500)));
            case RANDOM -> !startAndEndsWithin(Duration.ofMillis(500 + random.nextInt(3_000)));
            case JOURNAL -> startAndSee(data, created("ledger.sends.part"));
            case CLAIM -> startAndSee("work", name -> true);
            case PLAN -> startAndSeeIntents();
            case MARK -> startAndSee(data, event -> event.kind() == ENTRY_MODIFY && isNamed(event, "ledger.sends"));
            case SENT -> startAndTrap(Operation.ADD_LEAD, 1 + random.nextInt(FIRST_LEADS), false);
            case UNDONE -> startAndTrap(Operation.ADD_LEAD, 1 + random.nextInt(FIRST_LEADS), true);
            case ANSWERED -> startAndHearAnswer();
            case LOOK_UP -> startAndTrap(Operation.SEARCH_LEADS, 1 + random.nextInt(4), false);
            case RESULTS -> startAndSee("done", name -> name.endsWith(".part") && !isReceipt(name));
            case RECEIPT -> startAndSee("done", random.nextBoolean() ? Drops::isDropped : Killer::isReceipt);
            case WRITTEN -> startAndSee("done", name -> name.endsWith(".receipt.json"));
            case SINK -> startAndSee("results", name -> true);
            case PAUSE -> startAndPause();
        };
        trap = null;
        end();
        return seen;
    }

    private void end() throws IOException {
        assertThat(kill())
                .as(() -> "exit code\n" + program.stdout() + program.stderr())
                .isEqualTo(KILLED);
        killed.run();
    }

    /** Kills when the outbound is paused; at the next start no lead is sent until it is resumed. */
    private boolean startAndPause() throws IOException, InterruptedException {
        Program.drop(folder("inbox"), "outbound.pause", "");
        program.start();
        boolean seen = await(() -> paused() > 0);
        end();
        program.start();
        assertThat(program.endsWithin(STARTING)).isFalse();
        long sent = api.requests(Operation.ADD_LEAD);
        seen &= await(() -> program.stdout().contains("demo is still paused"));
        assertThat(program.endsWithin(Duration.ofMillis(random.nextInt(1_500)))).isFalse();
        if (seen) {
            assertThat(api.requests(Operation.ADD_LEAD))
                    .as("sent while it was paused")
                    .isEqualTo(sent);
        }
        Program.drop(folder("inbox"), "outbound.resume", "");
        return await(() -> paused() == 0) && seen;
    }

    private long paused() {
        LedgerFile ledger = new LedgerFile(data);
        return Files.exists(ledger.path())
                ? ledger.number("SELECT count(*) FROM meta WHERE name LIKE 'paused-outbound/%'")
                : 0;
    }

    private static boolean isReceipt(String name) {
        return name.endsWith(".receipt.json.part");
    }

    private boolean startAndEndsWithin(Duration time) throws IOException, InterruptedException {
        return program.start().endsWithin(time);
    }

    private boolean startAndTrap(Operation operation, int nth, boolean drops) throws IOException, InterruptedException {
        trap = new Trap(operation, new AtomicInteger(nth), true, drops);
        return startAndEndsWithin(PATIENCE);
    }

    private boolean startAndHearAnswer() throws IOException, InterruptedException {
        Trap set = new Trap(Operation.ADD_LEAD, new AtomicInteger(1 + random.nextInt(FIRST_LEADS)), false, false);
        trap = set;
        program.start();
        boolean seen = await(() -> set.left().get() <= 0);
        return seen && !program.endsWithin(latency.plusMillis(random.nextInt(12)));
    }

    private boolean startAndSeeIntents() throws IOException {
        LedgerFile ledger = new LedgerFile(data);
        // What the last run left behind is not meant.
        String intents = "SELECT count(*) FROM lead WHERE state = 'sending' AND at >= " + System.currentTimeMillis();
        program.start();
        return await(() -> Files.exists(ledger.path()) && ledger.number(intents) > 0);
    }

    private static Predicate<WatchEvent<?>> created(String name) {
        return event -> event.kind() == ENTRY_CREATE && isNamed(event, name);
    }

    private static boolean isNamed(WatchEvent<?> event, String name) {
        return String.valueOf(event.context()).equals(name);
    }

    private boolean startAndSee(String folder, Predicate<String> name) throws IOException, InterruptedException {
        return startAndSee(folder(folder), event -> name.test(String.valueOf(event.context())));
    }

    private boolean startAndSee(Path watched, Predicate<WatchEvent<?>> seam) throws IOException, InterruptedException {
        try (WatchService watch = watched.getFileSystem().newWatchService()) {
            watched.register(watch, ENTRY_CREATE, ENTRY_MODIFY);
            program.start();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    return false;
                }
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (seam.test(event)) {
                        kill();
                        return true;
                    }
                }
                key.reset();
            }
        }
    }

    private static boolean await(Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .ignoreExceptions()
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private Path folder(String name) {
        return data.resolve(name).resolve(OUTBOUND);
    }

    private int kill() {
        try {
            return program.kill();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
