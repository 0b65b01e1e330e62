package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.ledger.SendJournal.Entry;
import dev.pearlroutes.ledger.SendJournal.Entry.State;
import dev.pearlroutes.ledger.SendJournal.Intent;
import dev.pearlroutes.ledger.tables.MetaTable;
import dev.pearlroutes.model.Event;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendJournalTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Intent ONE = new Intent(7, 1);
    private static final Intent TWO = new Intent(7, 2);
    private static final int SLOT = 512;

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Path path() {
        return folder.resolve("ledger.sends");
    }

    private SendJournal journal(String boot) {
        return new SendJournal(path(), ledger.keyedHash(), 4, boot);
    }

    private SendJournal.Previous takeOver(SendJournal journal) {
        return ledger.transaction(journal::takeOver);
    }

    /** Begins the journal of a process of one boot, as a start does. */
    private SendJournal started() {
        SendJournal journal = journal("boot");
        journal.open(takeOver(journal));
        return journal;
    }

    private void assertUnusable(SendJournal.Previous previous, String why) {
        assertThat(previous.unusable()).get().asString().contains(why);
        assertThat(previous.entry(ONE)).get().extracting(Entry::state).isEqualTo(State.BEGUN);
        assertThat(previous.entry(new Intent(99, 99)))
                .as("that it is missing says nothing")
                .isPresent();
    }

    @Test
    void theNextProcessKnowsWhatWasBegunAndWhatCameOfIt() throws Exception {
        SendJournal journal = started();
        journal.begin(ONE, AT);
        journal.begin(TWO, AT);
        journal.end(TWO, State.ACCEPTED, "lead-2");
        journal.begin(new Intent(7, 3), AT);
        journal.end(new Intent(7, 3), State.REJECTED, "400 phoneNumber: \u00e9".repeat(90));
        journal.begin(new Intent(8, 3), AT);
        journal.end(new Intent(8, 3), State.UNSENT, null);
        journal.begin(new Intent(8, 4), AT);
        journal.end(new Intent(8, 4), State.ACCEPTED, "x".repeat(600));

        // No close: a process that is killed closes nothing.
        SendJournal.Previous previous = takeOver(journal("boot"));
        assertThat(previous.unusable()).isEmpty();
        assertThat(previous.entry(ONE)).contains(new Entry(State.BEGUN, AT, ""));
        assertThat(previous.entry(TWO)).contains(new Entry(State.ACCEPTED, AT, "lead-2"));
        assertThat(previous.entry(new Intent(7, 3)))
                .get()
                .satisfies(rejected -> assertThat(rejected.text())
                        .startsWith("400 phoneNumber: \u00e9400")
                        .hasSizeGreaterThan(400));
        assertThat(previous.entry(new Intent(8, 3)))
                .get()
                .extracting(Entry::state)
                .isEqualTo(State.UNSENT);
        assertThat(previous.entry(new Intent(8, 4)))
                .as("an id without an end is none")
                .contains(new Entry(State.BEGUN, AT, ""));
        assertThat(previous.entry(new Intent(8, 5))).as("never begun").isEmpty();
    }

    @Test
    void itCountsOnce() {
        started();
        assertThat(takeOver(journal("boot")).unusable()).isEmpty();
        assertUnusable(takeOver(journal("boot")), "is of another process, ledger or boot");
    }

    @Test
    void aProcessThatDiesWhileItTakesOverLeavesAllToTheNext() throws Exception {
        started().begin(ONE, AT);
        try {
            ledger.execute(tx -> {
                journal("boot").takeOver(tx);
                throw new IllegalStateException("killed");
            });
        } catch (IllegalStateException killed) {
            // Before the commit.
        }
        Files.write(folder.resolve("ledger.sends.part"), new byte[9]);

        SendJournal next = journal("boot");
        SendJournal.Previous previous = takeOver(next);
        assertThat(previous.unusable()).isEmpty();
        assertThat(previous.entry(TWO)).isEmpty();
        next.open(previous);
        assertThat(takeOver(journal("boot")).entry(ONE)).as("a new journal").isEmpty();
    }

    @Test
    void anotherBootLedgerOrProcessMakesItCountForNothing() {
        started();
        assertUnusable(takeOver(journal("another boot")), "another process, ledger or boot");

        started();
        ledger.execute(tx -> tx.meta().put(MetaTable.STARTS, "77"));
        assertUnusable(takeOver(journal("boot")), "another process, ledger or boot");

        started();
        SendJournal other = new SendJournal(path(), new KeyedHash(new byte[32]), 4, "boot");
        assertUnusable(takeOver(other), "another process, ledger or boot");

        started();
        assertUnusable(takeOver(journal(null)), "is not kept on this system");
    }

    @Test
    void whatIsMissingDamagedOrCutOffCountsForNothing() throws Exception {
        assertUnusable(takeOver(journal("boot")), "is missing");
        for (int at : new int[] {9, SLOT + 8, 2 * SLOT + 20}) {
            SendJournal journal = started();
            journal.begin(ONE, AT);
            journal.recorded(List.of(), 1);
            ledger.execute(tx -> tx.events().append(List.of(Event.of("acme", "leads", "{}"))));
            damage(at);
            assertUnusable(takeOver(journal("boot")), "is damaged");
        }
        started();
        Files.write(path(), new byte[100]);
        assertUnusable(takeOver(journal("boot")), "its size is wrong");
    }

    private void damage(int at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before ^ 1);
        }
    }

    @Test
    void aLedgerThatIsOlderThanItIsNoticed() throws Exception {
        SendJournal journal = started();
        journal.begin(ONE, AT);
        journal.end(ONE, State.ACCEPTED, "lead-1");
        journal.recorded(List.of(ONE), 5);
        assertUnusable(takeOver(journal("boot")), "is younger than the ledger");
    }

    @Test
    void aSlotIsUsedAgainOnceTheLedgerHasItsOutcome() throws Exception {
        SendJournal journal = started();
        for (int row = 1; row <= 3 * SendJournalFile.INTENTS; row++) {
            Intent intent = new Intent(1, row);
            journal.begin(intent, AT);
            journal.end(intent, State.ACCEPTED, "lead-" + row);
            journal.recorded(List.of(intent), 0);
        }
        journal.begin(ONE, AT);
        journal.end(ONE, State.UNSENT, null);
        journal.recorded(List.of(ONE), 0);
        journal.begin(ONE, AT);
        SendJournal.Previous previous = takeOver(journal("boot"));
        assertThat(previous.unusable()).isEmpty();
        assertThat(previous.entry(ONE)).as("planned again, the later of two").contains(new Entry(State.BEGUN, AT, ""));
    }

    @Test
    void severalThreadsWriteSideBySide() throws Exception {
        SendJournal journal = started();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int source = thread;
            all.add(threads.submit(() -> {
                for (int row = 1; row <= 6_000; row++) {
                    Intent intent = new Intent(source, row);
                    journal.begin(intent, AT);
                    journal.end(intent, State.ACCEPTED, "lead-" + source + "-" + row);
                    if (row % 4 != 0) {
                        journal.recorded(List.of(intent), row);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        SendJournalFile.Content content = SendJournalFile.read(path());
        for (int source = 0; source < 4; source++) {
            for (int row = 4; row <= 6_000; row += 4) {
                assertThat(content.entries().get(new Intent(source, row)))
                        .isEqualTo(new Entry(State.ACCEPTED, AT, "lead-" + source + "-" + row));
            }
        }
        assertThat(content.newestEvent()).isEqualTo(5_999);
    }

    @Test
    void aThreadThatIsInterruptedHarmsNoOther() throws Exception {
        SendJournal journal = started();
        journal.begin(ONE, AT);
        Thread.currentThread().interrupt();
        journal.end(ONE, State.ACCEPTED, "lead-1");
        assertThat(Thread.interrupted()).as("its own affair").isTrue();
        journal.begin(TWO, AT);
        SendJournal.Previous previous = takeOver(journal("boot"));
        assertThat(previous.entry(ONE)).contains(new Entry(State.ACCEPTED, AT, "lead-1"));
        assertThat(previous.entry(TWO)).contains(new Entry(State.BEGUN, AT, ""));
    }

    @Test
    void whatHasNoRoomGivesItUpAndHoldsNothingUp() throws Exception {
        SendJournal journal = started();
        for (int row = 1; row <= SendJournalFile.INTENTS + 1; row++) {
            journal.begin(new Intent(1, row), AT);
            journal.end(new Intent(1, row), State.ACCEPTED, "lead");
        }
        assertThat(path()).doesNotExist();
        assertUnusable(takeOver(journal("boot")), "is missing");
    }

    @Test
    void aFolderThatCannotBeWrittenHoldsNothingUp() throws Exception {
        SendJournal journal =
                new SendJournal(folder.resolve("gone").resolve("ledger.sends"), ledger.keyedHash(), 4, "boot");
        journal.open(takeOver(journal));
        journal.begin(ONE, AT);
        journal.end(ONE, State.ACCEPTED, "lead-1");
        journal.recorded(List.of(ONE), 1);
        assertUnusable(takeOver(journal("boot")), "is missing");
    }

    @Test
    void noMoreAreBegunThanMayBeInFlight() throws Exception {
        SendJournal journal = started();
        for (int row = 1; row <= 4; row++) {
            journal.begin(new Intent(1, row), AT);
        }
        CompletableFuture<Void> fifth = CompletableFuture.runAsync(() -> {
            try {
                journal.begin(new Intent(1, 5), AT);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().during(100, TimeUnit.MILLISECONDS).until(() -> !fifth.isDone());
        journal.end(new Intent(1, 2), State.LOST, null);
        fifth.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aProcessThatEndsWithAllOnRecordLeavesNone() throws Exception {
        SendJournal journal = started();
        journal.begin(ONE, AT);
        journal.end(ONE, State.ACCEPTED, "lead-1");
        journal.close();
        assertThat(path()).as("the ledger has no outcome yet").exists();

        journal = started();
        journal.begin(ONE, AT);
        journal.recorded(List.of(ONE), 0);
        journal.close();
        assertThat(path()).doesNotExist();
    }

    @Test
    void nothingIsBegunOnceItIsClosed() throws Exception {
        SendJournal journal = started();
        journal.begin(ONE, AT);
        journal.close();
        assertThatThrownBy(() -> journal.begin(TWO, AT)).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> journal.begin(TWO, AT))
                .as("its permit is back")
                .isInstanceOf(InterruptedException.class);
        assertThat(takeOver(journal("boot")).entry(TWO))
                .as("not made, and so put back")
                .isEmpty();
    }

    @Test
    void onlyItsOwnerMayReadIt() throws Exception {
        started();
        assertThat(Files.getPosixFilePermissions(path())).hasSize(2);
    }
}
