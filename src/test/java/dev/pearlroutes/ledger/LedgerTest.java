package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final int MANY_PAGES = 200_000;

    @TempDir
    private Path folder;

    /** The second process of {@link #aSecondProcessIsRefusedAndAKilledOneLeavesNoLock}. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            Ledger ledger = LedgerFixture.sqlite(Path.of(args[0]));
            System.out.println("open");
            System.in.read();
            ledger.close();
        }
    }

    @Test
    void keepsItsKeySoThatAReopenedLedgerKnowsItsLeads() {
        String derived;
        byte[] phone;
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            derived = ledger.keyedHash().derivedExternalId("acme", "+12125550101");
            phone = ledger.keyedHash().of("+12125550101");
            assertThat(derived).startsWith("pr-").doesNotContain("555");
            assertThat(ledger.keyedHash().derivedExternalId("other", "+12125550101"))
                    .isNotEqualTo(derived);
        }
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThat(ledger.keyedHash().derivedExternalId("acme", "+12125550101"))
                    .isEqualTo(derived);
            assertThat(ledger.keyedHash().of("+12125550101")).isEqualTo(phone);
        }
    }

    @Test
    void isDurableAtEachCommitAndReadByItsOwnerAlone() throws IOException {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThat(LedgerFixture.column(ledger, "PRAGMA journal_mode")).containsExactly("wal");
            assertThat(LedgerFixture.column(ledger, "PRAGMA synchronous")).containsExactly("2");
            for (String name : new String[] {"ledger.sqlite", "ledger.sqlite-wal"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aSecondOneInTheSameProcessIsRefused() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThat(ledger).isNotNull();
            assertThatThrownBy(() -> LedgerFixture.sqlite(folder))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another pearl-routes process")
                    .hasMessageContaining("ledger.sqlite")
                    .hasMessageContaining("data.dir");
            assertThat(openedByAnotherProcess())
                    .as("a refusal leaves the lock as it is")
                    .isFalse();
        }
        LedgerFixture.sqlite(folder).close();
    }

    @Test
    void aLinkToALedgerIsTheSameLedger() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("elsewhere")).resolve("l.sqlite"),
                folder.resolve("ledger.sqlite"));
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThat(ledger).isNotNull();
            assertThatThrownBy(() -> Ledger.open(
                            "jdbc:sqlite:" + link, folder.resolve("tmp"), PosixFilePermissions.fromString("rw-------")))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another pearl-routes process");
        }
    }

    private boolean openedByAnotherProcess() throws Exception {
        Process other = holder();
        try {
            return other.inputReader().lines().anyMatch("open"::equals);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void aSecondProcessIsRefusedAndAKilledOneLeavesNoLock() throws Exception {
        Process other = holder();
        try {
            assertThat(other.inputReader().lines().anyMatch("open"::equals)).isTrue();
            assertThatThrownBy(() -> LedgerFixture.sqlite(folder))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another pearl-routes process");
        } finally {
            other.destroyForcibly().waitFor();
        }
        LedgerFixture.sqlite(folder).close();
    }

    @Test
    void aLedgerFromTheFutureIsRefusedInOneLine() {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            LedgerChanges.change(
                    ledger,
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                            + " installed_by, execution_time, success) VALUES (99, '99', 'future', 'SQL', 'V99__f.sql',"
                            + " '', 0, 1)");
        }
        assertRefused();
    }

    @Test
    void aFileThatIsNoLedgerIsRefusedInOneLineAndLeftAsItIs() throws IOException {
        Files.writeString(folder.resolve("ledger.sqlite"), "no database, but somebody's notes\n".repeat(100));
        assertRefused();
        assertThat(folder.resolve("ledger.sqlite")).content().startsWith("no database, but somebody's notes\n");
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefusedInOneLineAndKeepsItsRows() throws Exception {
        try (Connection other = other()) {
            execute(other, "CREATE TABLE notes (text TEXT)");
            execute(other, "INSERT INTO notes VALUES ('somebody''s')");
        }
        assertRefused();
        try (Connection other = other();
                var rows = other.createStatement().executeQuery("SELECT count(*) FROM sqlite_schema")) {
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void aSchemaThatWasMadeByAnotherMigrationIsRefusedInOneLine() {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            LedgerChanges.change(ledger, "UPDATE flyway_schema_history SET checksum = 1");
        }
        assertRefused();
    }

    @Test
    void aVisitorWritesBesideTheOwnerAndMakesNoLedger() throws IOException {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.sqlite");
        assertThatThrownBy(() -> Ledger.visit(url, folder.resolve("tmp")))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("there is no ledger");
        assertThat(folder).isEmptyDirectory();
        try (Ledger owner = LedgerFixture.sqlite(folder)) {
            owner.transaction(tx -> enter(tx, "owner's"));
            try (Ledger visitor = Ledger.visit(url, folder.resolve("tmp"))) {
                assertThat(visitor.keyedHash().of("x"))
                        .isEqualTo(owner.keyedHash().of("x"));
                visitor.transaction(tx -> enter(tx, "visitor's"));
            }
            owner.transaction(tx -> enter(tx, "owner's again"));
            assertThat(LedgerFixture.column(owner, "SELECT name FROM source ORDER BY id"))
                    .containsExactly("owner's", "visitor's", "owner's again");
        }
    }

    @Test
    void aLedgerCutOffIsRefusedInOneLine() throws IOException {
        LedgerFixture.sqlite(folder).close();
        try (FileChannel file = FileChannel.open(folder.resolve("ledger.sqlite"), StandardOpenOption.WRITE)) {
            file.truncate(3_000);
        }
        assertRefused();
    }

    @Test
    void aFullDiskIsWaitedForAndNothingIsLostByIt() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            AtomicBoolean full = new AtomicBoolean(true);
            Future<Integer> entry = enterInTheBackground(ledger, full);
            await().until(() -> ledger.problem().isPresent());
            assertThat(ledger.problem().orElseThrow()).contains("free space").contains(folder.toString());
            assertThat(entry).isNotDone();

            full.set(false);
            assertThat(entry.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(ledger.problem()).isEmpty();
            assertThat(LedgerFixture.column(ledger, "SELECT length(name) FROM source"))
                    .containsExactly(String.valueOf(MANY_PAGES));
        }
    }

    @Test
    void aStopDoesNotWaitForAFullDisk() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            Future<Integer> entry = enterInTheBackground(ledger, new AtomicBoolean(true));
            await().until(() -> ledger.problem().isPresent());

            ledger.shutDown();

            assertThatThrownBy(() -> entry.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerException.class);
        }
    }

    @Test
    void aLockOfAnotherProcessIsWaitedForAndTransactionsAfterItAreTransactions() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder);
                Connection other = other()) {
            execute(other, "BEGIN IMMEDIATE");
            AtomicInteger runs = new AtomicInteger();
            Future<Integer> entry = CompletableFuture.supplyAsync(() -> ledger.transaction(tx -> {
                runs.incrementAndGet();
                return enter(tx, "waiting");
            }));
            await().until(() -> ledger.problem().isPresent());
            assertThat(ledger.problem().orElseThrow()).contains("BUSY").contains("other program");
            assertThat(entry).isNotDone();

            execute(other, "ROLLBACK");
            assertThat(entry.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(runs).hasValue(1);
            assertThat(ledger.problem()).isEmpty();
            assertARealTransaction(ledger);
            assertThat(LedgerFixture.column(ledger, "SELECT name FROM source ORDER BY id"))
                    .containsExactly("waiting", "after");
        }
    }

    @Test
    void aReadWaitsForNoLockAndSeesWhatIsCommitted() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder);
                Connection other = other()) {
            ledger.transaction(tx -> enter(tx, "committed"));
            execute(other, "BEGIN IMMEDIATE");
            assertThat(ledger.read(LedgerTest::names)).isEqualTo("committed");
            assertThat(ledger.problem()).isEmpty();
            execute(other, "ROLLBACK");
            assertARealTransaction(ledger);
            assertThat(ledger.read(LedgerTest::names)).isEqualTo("committed after");
        }
    }

    @Test
    void aReadThatFailsLeavesTheLedgerAsItWas() {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThatThrownBy(() -> ledger.read(tx -> tx.sql().exists("SELECT 1 FROM nowhere")))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("nowhere");
            assertARealTransaction(ledger);
            assertThat(ledger.read(LedgerTest::names)).isEqualTo("after");
        }
    }

    @Test
    void aLockTakenBetweenTwoTransactionsDoesNotRunACommittedOneAgain() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder);
                Connection other = other()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch running = new CountDownLatch(1);
            Future<Void> lock = CompletableFuture.runAsync(() -> {
                try {
                    running.await();
                    execute(other, "BEGIN IMMEDIATE");
                } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            ledger.transaction(tx -> {
                running.countDown();
                return enter(tx, "run " + runs.incrementAndGet());
            });

            lock.get(20, TimeUnit.SECONDS);
            execute(other, "ROLLBACK");
            assertThat(runs).hasValue(1);
            assertThat(LedgerFixture.column(ledger, "SELECT name FROM source")).containsExactly("run 1");
        }
    }

    @Test
    void aStopDoesNotWaitForALock() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder);
                Connection other = other()) {
            execute(other, "BEGIN IMMEDIATE");
            Future<Integer> entry = CompletableFuture.supplyAsync(() -> ledger.transaction(tx -> enter(tx, "never")));
            await().until(() -> ledger.problem().isPresent());

            ledger.shutDown();

            assertThatThrownBy(() -> entry.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(LedgerException.class)
                    .hasMessageContaining("BUSY");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger.sqlite ledger.sqlite-wal ledger.sqlite-shm", "ledger.sqlite", "ledger.sqlite-wal"})
    void nothingIsCommittedToALedgerThatWasTakenAway(String names) throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            ledger.transaction(tx -> enter(tx, "before"));
            for (String name : names.split(" ")) {
                Files.delete(folder.resolve(name));
            }
            assertNothingIsCommitted(ledger);
            if (names.startsWith("ledger.sqlite ")) {
                assertThat(folder.resolve("ledger.sqlite")).doesNotExist();
            }
        }
    }

    @Test
    void nothingIsCommittedToALedgerThatWasReplacedNotEvenWhenItIsPutBack() throws Exception {
        Path file = folder.resolve("ledger.sqlite");
        Path aside = folder.resolve("aside.sqlite");
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            Files.move(file, aside);
            Files.copy(aside, file);
            Future<Integer> entry = assertNothingIsCommitted(ledger);
            assertThat(entry).isDone();
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> ledger.transaction(tx -> enter(tx, "late")))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("taken away or replaced");
        }
    }

    @Test
    void aLedgerTakenAwayInTheMiddleOfATransactionIsNoticedBeforeItsCommit() throws Exception {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            Future<Integer> entry = CompletableFuture.supplyAsync(() -> ledger.transaction(tx -> {
                try {
                    Files.delete(folder.resolve("ledger.sqlite"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return enter(tx, "middle");
            }));
            await().until(() -> ledger.problem().isPresent());
            assertThat(ledger.problem().orElseThrow()).contains("taken away or replaced");
            ledger.shutDown();
            assertThatThrownBy(() -> entry.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerException.class);
        }
    }

    /** A transaction waits, with the reason shown, until the stop of the process refuses it. */
    private static Future<Integer> assertNothingIsCommitted(Ledger ledger) {
        Future<Integer> entry = CompletableFuture.supplyAsync(() -> ledger.transaction(tx -> enter(tx, "lost")));
        await().until(() -> ledger.problem().isPresent());
        assertThat(ledger.problem().orElseThrow())
                .contains("ledger.sqlite")
                .contains("was taken away or replaced: stop the program, put it back, start again");
        await().during(Duration.ofSeconds(1))
                .until(() -> !entry.isDone() && ledger.problem().isPresent());

        ledger.shutDown();
        assertThatThrownBy(() -> entry.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(LedgerException.class)
                .hasMessageContaining("taken away or replaced");
        return entry;
    }

    private static String names(Transaction tx) {
        return String.join(" ", tx.sql().list("SELECT name FROM source ORDER BY id", row -> row.text(1)));
    }

    private static void assertARealTransaction(Ledger ledger) {
        assertThatThrownBy(() -> ledger.transaction(tx -> {
                    enter(tx, "undone");
                    throw new IllegalStateException("the work fails");
                }))
                .hasMessage("the work fails");
        assertThatThrownBy(() -> ledger.transaction(tx -> {
                    enter(tx, "undone");
                    return enter(tx, "undone");
                }))
                .isInstanceOf(LedgerException.class);
        ledger.transaction(tx -> enter(tx, "after"));
    }

    private Connection other() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.sqlite"));
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static int enter(Transaction tx, String name) {
        return tx.sql()
                .update(
                        "INSERT INTO source (outbound, operation, name, dropped_as, state, started_at)"
                                + " VALUES ('acme', 'add', ?, ?, 'claimed', 0)",
                        name,
                        name);
    }

    /**
     * Full is SQLite's own limit of the database's size, which it reports as it reports a full disk. Each try sets it, since
     * it is one of the connection, and each try may have another.
     */
    private static Future<Integer> enterInTheBackground(Ledger ledger, AtomicBoolean full) {
        return CompletableFuture.supplyAsync(() -> ledger.transaction(tx -> {
            tx.sql().list("PRAGMA max_page_count = " + (full.get() ? 1 : 1_000_000), row -> row.text(1));
            return enter(tx, "n".repeat(MANY_PAGES));
        }));
    }

    private void assertRefused() {
        assertThatThrownBy(() -> LedgerFixture.sqlite(folder))
                .isInstanceOf(LedgerException.class)
                .message()
                .contains("ledger.sqlite")
                .hasLineCount(1);
        // Nothing is held on to: the repaired file can be opened by this process.
        assertThatThrownBy(() -> LedgerFixture.sqlite(folder)).hasMessageNotContaining("another pearl-routes");
    }
}
