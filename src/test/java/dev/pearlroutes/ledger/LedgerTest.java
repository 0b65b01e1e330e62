package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final int MANY_PAGES = 200_000;

    @TempDir
    private Path folder;

    /** The second process of {@link #aSecondProcessIsRefusedAndAKilledOneLeavesNoLock}. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            Ledger ledger = LedgerFixture.open(Path.of(args[0]));
            System.out.println("open");
            System.in.read();
            ledger.close();
        }
    }

    @Test
    void keepsItsKeySoThatAReopenedLedgerKnowsItsLeads() {
        String derived;
        byte[] phone;
        try (Ledger ledger = LedgerFixture.open(folder)) {
            derived = ledger.keyedHash().derivedExternalId("acme", "+12125550101");
            phone = ledger.keyedHash().of("+12125550101");
            assertThat(derived).startsWith("pr-").doesNotContain("555");
            assertThat(ledger.keyedHash().derivedExternalId("other", "+12125550101"))
                    .isNotEqualTo(derived);
        }
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(ledger.keyedHash().derivedExternalId("acme", "+12125550101"))
                    .isEqualTo(derived);
            assertThat(ledger.keyedHash().of("+12125550101")).isEqualTo(phone);
        }
    }

    @Test
    void isDurableAtEachCommitAndReadByItsOwnerAlone() throws IOException {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(LedgerFixture.column(ledger, "PRAGMA journal_mode")).containsExactly("wal");
            assertThat(LedgerFixture.column(ledger, "PRAGMA synchronous")).containsExactly("2");
            for (String name : new String[] {"ledger.sqlite", "ledger.sqlite-wal"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aSecondOneInTheSameProcessIsRefused() {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(ledger).isNotNull();
            assertThatThrownBy(() -> LedgerFixture.open(folder))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another pearl-routes process")
                    .hasMessageContaining("ledger.sqlite")
                    .hasMessageContaining("data.dir");
        }
        LedgerFixture.open(folder).close();
    }

    @Test
    void aSecondProcessIsRefusedAndAKilledOneLeavesNoLock() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().lines().anyMatch("open"::equals)).isTrue();
            assertThatThrownBy(() -> LedgerFixture.open(folder))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another pearl-routes process");
        } finally {
            other.destroyForcibly().waitFor();
        }
        LedgerFixture.open(folder).close();
    }

    @Test
    void aLedgerFromTheFutureIsRefusedInOneLine() {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            ledger.transaction(c -> c.createStatement()
                    .executeUpdate(
                            "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                                    + " installed_by, execution_time, success) VALUES (99, '99', 'future', 'SQL', 'V99__f.sql',"
                                    + " '', 0, 1)"));
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
    void aLedgerCutOffIsRefusedInOneLine() throws IOException {
        LedgerFixture.open(folder).close();
        try (FileChannel file = FileChannel.open(folder.resolve("ledger.sqlite"), StandardOpenOption.WRITE)) {
            file.truncate(3_000);
        }
        assertRefused();
    }

    @Test
    void aFullDiskIsWaitedForAndNothingIsLostByIt() throws Exception {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            setMostPages(ledger, 1);

            Future<Source> claim = claimInTheBackground(ledger);
            await().until(() -> ledger.trouble().isPresent());
            assertThat(ledger.trouble().orElseThrow()).contains("free space").contains(folder.toString());
            assertThat(claim).isNotDone();

            setMostPages(ledger, 1_000_000);
            assertThat(claim.get(10, TimeUnit.SECONDS).name()).hasSize(MANY_PAGES);
            assertThat(ledger.trouble()).isEmpty();
            assertThat(LedgerFixture.column(ledger, "SELECT name FROM source")).hasSize(1);
        }
    }

    @Test
    void aStopDoesNotWaitForAFullDisk() throws Exception {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            setMostPages(ledger, 1);
            Future<Source> claim = claimInTheBackground(ledger);
            await().until(() -> ledger.trouble().isPresent());

            ledger.shutDown();

            assertThatThrownBy(() -> claim.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerException.class);
        }
    }

    /** SQLite's own limit of the database's size, which it reports as it reports a full disk. */
    private static void setMostPages(Ledger ledger, int pages) {
        ledger.transaction(c -> {
            try (Statement pragma = c.createStatement()) {
                return pragma.execute("PRAGMA max_page_count = " + pages);
            }
        });
    }

    private static Future<Source> claimInTheBackground(Ledger ledger) {
        String name = "n".repeat(MANY_PAGES);
        return CompletableFuture.supplyAsync(() -> new Sources(ledger).claim("acme", name, name, LedgerFixture.AT));
    }

    private void assertRefused() {
        assertThatThrownBy(() -> LedgerFixture.open(folder))
                .isInstanceOf(LedgerException.class)
                .message()
                .contains("ledger.sqlite")
                .hasLineCount(1);
        // Nothing is held on to: the mended file can be opened by this process.
        assertThatThrownBy(() -> LedgerFixture.open(folder)).hasMessageNotContaining("another pearl-routes");
    }
}
