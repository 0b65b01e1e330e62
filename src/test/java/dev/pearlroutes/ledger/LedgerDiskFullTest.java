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

    @Test
    void theJournalGivesItsSpaceBackWithoutAnybodysHelp() throws Exception {
        Path folder = home.resolve("disk");
        Path journal = folder.resolve("ledger.sqlite-wal");
        try (SmallDisk disk = SmallDisk.mount(folder, MEGABYTES);
                Ledger ledger = LedgerFixture.open(folder);
                // Another program that has it open keeps SQLite from doing the same at the end of a connection.
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.sqlite"))) {
            other.createStatement().executeQuery("SELECT count(*) FROM meta").close();
            for (int i = 0; i < 40; i++) {
                write(ledger);
            }
            long before = Files.size(journal);
            assertThat(before).isGreaterThan(16L << 20);
            disk.fill();

            CompletableFuture.runAsync(() -> write(ledger)).get(SECONDS, TimeUnit.SECONDS);

            assertThat(Files.size(journal)).isLessThan(before / 2);
            assertThat(ledger.problem()).isEmpty();
        }
    }

    @Test
    void whatHasNoRoomEvenThenWaitsUntilThereIs() throws Exception {
        Path folder = home.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(folder, MEGABYTES);
                Ledger ledger = LedgerFixture.open(folder)) {
            write(ledger);
            disk.fill();
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                write(ledger);
                write(ledger);
            });
            await().atMost(Duration.ofSeconds(SECONDS))
                    .until(() -> ledger.problem().isPresent() || written.isDone());
            assertThat(written).isNotDone();
            assertThat(ledger.problem().orElseThrow()).contains("free space on the disk");
            disk.free();
            written.get(SECONDS, TimeUnit.SECONDS);
            assertThat(ledger.problem()).isEmpty();
        }
    }
}
