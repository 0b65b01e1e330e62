package dev.pearlroutes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceQueuesTest {
    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();
    private Ledger ledger;
    private Sources sources;
    private UnfinishedSources unfinished;
    private Shutdown shutdown;
    private SourceQueues queues;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        restart();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** As another process on the same ledger. */
    private void restart() {
        sources = new Sources(ledger);
        shutdown = new Shutdown(clock);
        FileIntake fileIntake =
                new FileIntake(new DataFolders(folder), sources, null, Map.of(), new QuietFiles(Duration.ZERO), clock);
        InterruptedLeads interrupted =
                new InterruptedLeads(ledger, new Events(clock), Duration.ofSeconds(1), Leads.journal(ledger));
        unfinished = new UnfinishedSources(sources, interrupted, fileIntake, shutdown, clock);
        queues = new SourceQueues(unfinished, List.of("acme", "beta"), 2, 2, shutdown);
    }

    private long offer(String outbound, Source.Operation operation, String name) throws InterruptedException {
        long id =
                sources.claim(outbound, operation, name, name, clock.instant()).id();
        queues.offer(id, outbound, operation);
        return id;
    }

    private void finish(long id) {
        sources.finished(id, null);
        unfinished.ended(id);
    }

    @Test
    void filesOfAnOutboundHaveAsManyPlacesAsConfiguredAndHoldUpNoOther() throws InterruptedException {
        long one = offer("acme", Source.Operation.ADD, "1");
        long two = offer("acme", Source.Operation.ADD, "2");
        long three = offer("acme", Source.Operation.ADD, "3");
        assertThat(queues.next()).containsExactly(one, two);
        long other = offer("beta", Source.Operation.ADD, "1");
        assertThat(queues.next()).containsExactly(other);
        finish(two);
        assertThat(queues.next()).containsExactly(three);
        assertThat(queues.next()).as("after a second").isEmpty();
    }

    @Test
    void updatesAreWorkedOnOneAfterTheOtherInTheOrderInWhichTheyCame() throws InterruptedException {
        List<Long> offered = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            offered.add(offer("acme", Source.Operation.UPDATE, Integer.toString(i)));
        }
        List<Long> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Long> next = queues.next();
            assertThat(next).hasSize(1);
            begun.addAll(next);
            finish(next.get(0));
        }
        assertThat(begun).isEqualTo(offered);
    }

    @Test
    void aSourceThatFailedGivesItsPlaceBackAndComesAgain() throws InterruptedException {
        long one = offer("acme", Source.Operation.UPDATE, "1");
        long two = offer("acme", Source.Operation.UPDATE, "2");
        assertThat(queues.next()).containsExactly(one);
        unfinished.failed(one, "no disk");
        assertThat(queues.next()).containsExactly(two);
        finish(two);
        await().pollInSameThread().until(() -> queues.next().contains(one));
    }

    @Test
    void whatTheLastProcessLeftIsTakenUpAtOnceWithinThePlaces() throws InterruptedException {
        List<Long> left = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            left.add(offer("acme", Source.Operation.ADD, Integer.toString(i)));
        }
        restart();
        assertThat(queues.next()).isEqualTo(left.subList(0, 2));
        finish(left.get(0));
        assertThat(queues.next()).isEqualTo(left.subList(2, 3));
    }

    @Test
    void aFullQueueHasItsFolderWaitAndNoOther() throws Exception {
        for (int i = 0; i < 102; i++) {
            offer("acme", Source.Operation.ADD, Integer.toString(i));
            if (i == 1) {
                assertThat(queues.next()).hasSize(2);
            }
        }
        long late = sources.claim("acme", Source.Operation.ADD, "late", "late", clock.instant())
                .id();
        Thread folder = new Thread(() -> {
            try {
                queues.offer(late, "acme", Source.Operation.ADD);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        folder.start();
        await().until(() -> folder.getState() == Thread.State.WAITING);
        long other = offer("beta", Source.Operation.ADD, "1");
        List<Long> next = queues.next();
        assertThat(next).containsExactly(other);

        shutdown.begin();
        folder.join();
        assertThat(queues.next()).as("what waits is the next start's").isEmpty();
    }
}
