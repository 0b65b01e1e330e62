package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
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
