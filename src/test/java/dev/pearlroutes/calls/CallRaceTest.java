package dev.pearlroutes.calls;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.LeadIntent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Webhooks and the search race over many calls: webhooks come out of order and more than once, pages are recorded late, and the joins go on
 * meanwhile. {@code -Drace.calls=2000} makes it the large one.
 */
class CallRaceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALLS = Integer.getInteger("race.calls", 200);
    private static final int LEADS = 20;
    private static final int PUSHERS = 4;

    @TempDir
    private Path folder;

    private final Map<String, ObjectNode> platform = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void eachCallEndsInOneEventARevisionAndNoneTwice() throws InterruptedException, ExecutionException {
        try (CallDesk desk = new CallDesk(folder, CallDesk.ALL_FIELDS, Clock.systemUTC())) {
            desk.accept(LongStream.rangeClosed(1, LEADS)
                    .mapToObj(i -> row(i, "crm-" + i))
                    .toArray(LeadIntent[]::new));
            for (int i = 0; i < CALLS; i++) {
                desk.api(ended(i), 1 + i % LEADS);
            }
            long began = System.nanoTime();
            race(desk);
            poll(desk);
            desk.joinToTheEnd();
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            List<String> ids = events(desk, "id", "1 = 1");
            List<String> ended = events(desk, "data.callId", "CAST(json ->> '$.data.final' AS INTEGER) = 1");
            System.out.printf(
                    "%d calls, %d events in %d ms: revisions %s, events twice %d, final events %d%n",
                    CALLS,
                    ids.size(),
                    took.toMillis(),
                    column(desk.ledger(), "SELECT sum(revision) FROM call").get(0),
                    ids.size() - ids.stream().distinct().count(),
                    ended.size());
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(column(desk.ledger(), "SELECT sum(revision) FROM call")).containsExactly("" + ids.size());
            assertThat(ended).as("each call ends once").hasSize(CALLS).doesNotHaveDuplicates();
            assertThat(events(desk, "data.match", "CAST(json ->> '$.data.final' AS INTEGER) = 1"))
                    .containsOnly("exact");
            assertThat(events(desk, "data.summary", "CAST(json ->> '$.data.final' AS INTEGER) = 1"))
                    .containsOnly("Wants an offer.");
        }
    }

    private void race(CallDesk desk) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(PUSHERS + 2);
        try {
            List<Future<Void>> pushers = new ArrayList<>();
            for (int pusher = 0; pusher < PUSHERS; pusher++) {
                int first = pusher;
                pushers.add(pool.submit(() -> push(desk, first)));
            }
            List<Future<Void>> others =
                    List.of(pool.submit(untilOver(() -> poll(desk))), pool.submit(untilOver(desk::join)));
            for (Future<Void> pusher : pushers) {
                pusher.get();
            }
            over.set(true);
            for (Future<Void> other : others) {
                other.get();
            }
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
    }

    private Callable<Void> untilOver(Runnable step) {
        return () -> {
            while (!over.get()) {
                step.run();
            }
            return null;
        };
    }

    /** Every call that this pusher has begins and ends at the platform; its webhooks come in any order, some of them twice. */
    private Void push(CallDesk desk, int first) {
        Random random = new Random(first);
        for (int i = first; i < CALLS; i += PUSHERS) {
            platform.put("call-" + i, started(i));
            List<ObjectNode> bodies = new ArrayList<>(List.of(started(i), ended(i), named(ended(i), i)));
            bodies.add(bodies.get(random.nextInt(bodies.size())));
            Collections.shuffle(bodies, random);
            if (random.nextBoolean()) {
                desk.push(named(started(i), i));
            }
            platform.put("call-" + i, ended(i));
            bodies.forEach(desk::push);
        }
        return null;
    }

    private void poll(CallDesk desk) {
        Instant begun = Instant.ofEpochMilli(Clock.systemUTC().millis());
        desk.pollBegunAt(begun, List.copyOf(platform.values()));
    }

    private static ObjectNode started(int i) {
        return JSON.createObjectNode()
                .put("id", "call-" + i)
                .put("startTime", AT.plusSeconds(60 + i).toString())
                .put("conversationStatus", 40)
                .put("status", 3)
                .put("from", "+12025550100")
                .put("to", row(1 + i % LEADS, "").phoneNumber());
    }

    private static ObjectNode ended(int i) {
        ObjectNode call = started(i)
                .put("conversationStatus", 100)
                .put("status", 4)
                .put("duration", 61)
                .put("summary", "Wants an offer.");
        call.putArray("transcript").addObject().put("role", "Client").put("content", "Yes.");
        return call;
    }

    private static ObjectNode named(ObjectNode call, int i) {
        return call.put("leadId", "lead-crm-" + (1 + i % LEADS));
    }

    private static List<String> events(CallDesk desk, String path, String condition) {
        return column(
                desk.ledger(),
                "SELECT json ->> '$." + path + "' FROM event WHERE stream = 'calls' AND " + condition
                        + " ORDER BY seq");
    }
}
