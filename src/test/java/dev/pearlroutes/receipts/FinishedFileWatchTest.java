package dev.pearlroutes.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files and a real ledger, and a clock that the test moves. */
class FinishedFileWatchTest {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");
    private static final String ROW = "{\"phoneNumber\":\"+12125550101\"}\n";

    @TempDir
    private Path data;

    private final Clock clock = Clock.systemUTC();
    private DataFolders folders;
    private Ledger ledger;
    private Sources sources;
    private FileIntake fileIntake;
    private FinishedFileWatch watch;
    private long nanos;

    @BeforeEach
    void open() {
        folders = new DataFolders(data);
        folders.make("acme");
        ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), folders.scratch(), MODE);
        sources = new Sources(ledger);
        fileIntake = new FileIntake(
                folders,
                sources,
                new Mappers(Map.of()),
                Map.of("acme", ReadOptions.utf8(folders.scratch())),
                new QuietFiles(Duration.ofSeconds(2), () -> nanos),
                clock);
        watch = watch();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private FinishedFileWatch watch() {
        FailedSources failed = new FailedSources(folders, new AtomicFiles(MODE), sources, new Events(clock));
        return new FinishedFileWatch(folders, sources, fileIntake, failed, clock, () -> nanos);
    }

    private Source finished() throws IOException {
        Path dropped = Files.writeString(folders.inbox("acme").resolve("l.jsonl"), ROW);
        assertThat(fileIntake.isComplete(dropped.toFile())).isFalse();
        nanos += Duration.ofSeconds(2).toNanos();
        SourceRun run = fileIntake.scan(fileIntake.claim("acme", Source.Operation.ADD, dropped.toFile()));
        Source finishing = fileIntake.finishing(run, null);
        Files.move(run.file(), folders.done(finishing));
        fileIntake.finished(finishing, null);
        return finishing;
    }

    private void pass(Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds++) {
            nanos += Duration.ofSeconds(1).toNanos();
            watch.look();
        }
    }

    private void add(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void rowsThatAreAddedWithinTheHourAreTakenUpOnceNobodyWrites() throws IOException {
        Source source = finished();
        pass(Duration.ofMinutes(5));
        add(folders.done(source), ROW);
        for (int second = 0; second < 300 && fileIntake.refusals().isEmpty(); second++) {
            pass(Duration.ofSeconds(1));
        }
        for (int i = 0; i < 5; i++) {
            add(folders.done(source), ROW);
            pass(Duration.ofSeconds(1));
        }
        assertThat(fileIntake.refusals()).hasSize(1);
        assertThat(sources.unfinished()).isEmpty();

        pass(Duration.ofSeconds(10));
        assertThat(sources.unfinished())
                .singleElement()
                .satisfies(grown -> assertThat(grown.rows()).isEqualTo(7));
        assertThat(fileIntake.refusals()).isEmpty();
    }

    @Test
    void rowsThatWereAddedBeforeTheStartAreTakenUp() throws IOException {
        Source source = finished();
        add(folders.done(source), ROW);
        watch = watch();
        watch.recoverAtStart();
        pass(Duration.ofSeconds(10));
        assertThat(sources.unfinished())
                .singleElement()
                .satisfies(grown -> assertThat(grown.rows()).isEqualTo(2));
    }

    @Test
    void theOriginalOnAnotherFileSystemStaysForAnHourAndIsThenRemoved() throws IOException {
        Source source = finished();
        Path original = Files.writeString(folders.original(source), ROW);
        pass(Duration.ofMinutes(60));
        assertThat(original).exists();
        pass(Duration.ofMinutes(15));
        assertThat(original).doesNotExist();
        assertThat(folders.done(source)).hasContent(ROW);
    }

    @Test
    void anOriginalThatIsWrittenOnIsBroughtAndTakenUp() throws IOException {
        Source source = finished();
        Files.writeString(folders.original(source), ROW + ROW);
        pass(Duration.ofSeconds(10));
        assertThat(folders.done(source)).hasContent(ROW + ROW);
        assertThat(sources.unfinished()).hasSize(1);
        assertThat(folders.original(source)).exists();
    }

    @Test
    void aChangedFileIsCopiedOnceAlsoAfterAStart() throws IOException {
        Source source = finished();
        Files.writeString(folders.done(source), "[]");
        // Without a line feed at its end it is waited for longer.
        pass(Duration.ofSeconds(30));
        assertThat(folders.failed(source)).hasContent("[]");
        assertThat(watch.problems())
                .singleElement()
                .asString()
                .contains("l.jsonl of acme", "changed after it was taken");
        assertThat(sources.unfinished()).isEmpty();

        watch = watch();
        watch.recoverAtStart();
        pass(Duration.ofSeconds(30));
        assertThat(folders.failed("acme", Source.Operation.ADD)).isDirectoryContaining("glob:**/l.jsonl*");
        assertThat(folders.failed("acme", Source.Operation.ADD).toFile().list()).hasSize(2);
    }
}
