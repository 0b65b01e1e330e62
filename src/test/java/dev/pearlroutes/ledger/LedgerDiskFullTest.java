package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full: what the journal holds is copied into the database, which gives the journal's space back. */
class LedgerDiskFullTest {
    private static final int MEGABYTES = 64;
    private static final int SECONDS = 60;

    @TempDir
    private Path home;

    private final Random random = new Random(1);

    /** Overwrites the same 500 kB, so that the database stays small while its journal grows. */
    private void write(Ledger ledger) {
        String text = random.ints(500_000, '0', '9')
                .mapToObj(digit -> Character.toString((char) digit))
                .collect(Collectors.joining());
        ledger.execute(tx -> tx.meta().put("large", text));
    }

    private interface Step {
        void take(Ledger ledger, Connection other, SmallDisk disk) throws Exception;
    }

    /** Another program that has the ledger open keeps SQLite from making room at the end of a connection. */
    private void onASmallDisk(Step step) throws Exception {
        Path folder = home.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(folder, MEGABYTES);
                Ledger ledger = LedgerFixture.open(folder);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.sqlite"))) {
            other.createStatement().executeQuery("SELECT count(*) FROM meta").close();
            write(ledger);
            step.take(ledger, other, disk);
        }
    }

    private long journal() throws Exception {
        return Files.size(home.resolve("disk/ledger.sqlite-wal"));
    }

    private CompletableFuture<Void> fill(Ledger ledger, SmallDisk disk) throws Exception {
        for (int i = 0; i < 40; i++) {
            write(ledger);
        }
        assertThat(journal()).isGreaterThan(16L << 20);
        disk.fill();
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 8; i++) {
                write(ledger);
            }
        });
    }

    @Test
    void theJournalGivesItsSpaceBackWithoutAnybodysHelp() throws Exception {
        onASmallDisk((ledger, other, disk) -> {
            other.createStatement().execute("PRAGMA wal_checkpoint(TRUNCATE)");

            fill(ledger, disk).get(SECONDS, TimeUnit.SECONDS);

            assertThat(journal()).isLessThan(8L << 20);
            assertThat(ledger.problem()).isEmpty();
        });
    }

    /** The database itself has to grow first: with no byte free nothing helps, but a little room is enough. */
    @Test
    void aLittleRoomIsEnoughForTheJournalToGiveBackTheRest() throws Exception {
        onASmallDisk((ledger, other, disk) -> {
            CompletableFuture<Void> written = fill(ledger, disk);
            await().atMost(Duration.ofSeconds(SECONDS))
                    .until(() -> ledger.problem().isPresent());
            assertThat(ledger.problem().orElseThrow()).contains("free space on the disk");
            assertThat(written).isNotDone();

            disk.free(2);

            written.get(SECONDS, TimeUnit.SECONDS);
            assertThat(ledger.problem()).isEmpty();
            assertThat(journal()).isLessThan(8L << 20);
        });
    }
}
