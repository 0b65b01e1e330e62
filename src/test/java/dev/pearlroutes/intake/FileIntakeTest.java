package dev.pearlroutes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.files.RejectedDrops;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.mapping.Mapping;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.mapping.TimeZones;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIntakeTest {
    private static final String OUTBOUND = "acme";

    @TempDir
    private Path data;

    private DataFolders folders;
    private Ledger ledger;
    private Sources sources;
    private FileIntake fileIntake;

    @BeforeEach
    void open() {
        folders = new DataFolders(data);
        folders.make(OUTBOUND);
        ledger = Ledger.open(
                "jdbc:sqlite:" + data.resolve("ledger.db"),
                folders.scratch(),
                PosixFilePermissions.fromString("rw-------"));
        sources = new Sources(ledger);
        LeadMapper mapper =
                new LeadMapper("demo", Mapping.byName(), new PhoneNumbers(), new TimeZones(List.of()), "US");
        fileIntake = new FileIntake(
                folders,
                sources,
                new Mappers(Map.of(OUTBOUND, mapper)),
                Map.of(OUTBOUND, ReadOptions.utf8(folders.scratch())),
                new QuietFiles(Duration.ZERO),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Path drop(String name) throws IOException {
        return Files.writeString(folders.inbox(OUTBOUND).resolve(name), "phoneNumber\n+12125550101\n");
    }

    @Test
    void whatWasWrittenIntoAFileAfterItsScanIsNoticed() throws IOException {
        SourceRun run = fileIntake.scan(
                fileIntake.claim(OUTBOUND, Source.Operation.ADD, drop("l.csv").toFile()));
        assertThatNoException().isThrownBy(() -> fileIntake.unchanged(run.source(), run.file()));
        Files.writeString(run.file(), "phoneNumber\n+12125550102\n");
        assertThatThrownBy(() -> fileIntake.unchanged(run.source(), run.file()))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("the file was changed after it had been begun");
    }

    private SourceRun scanned(String name) throws IOException {
        return fileIntake.scan(
                fileIntake.claim(OUTBOUND, Source.Operation.ADD, drop(name).toFile()));
    }

    private static long rows(SourceRun run) {
        try (RowReader reader = run.open()) {
            return reader.next(100).size();
        }
    }

    @Test
    void rowsThatAreAddedAfterTheScanAreReadByNoPassAndKeepTheSourceFromItsFinish() throws IOException {
        SourceRun run = scanned("l.csv");
        Files.writeString(run.file(), "+12125550102\n", StandardOpenOption.APPEND);
        assertThat(rows(run)).isOne();
        assertThatThrownBy(() -> fileIntake.finishing(run, null))
                .isInstanceOf(StillWrittenException.class)
                .hasMessageStartingWith("l.csv of acme is written on after it was taken");
        assertThat(fileIntake.refusals()).hasSize(1);

        SourceRun again = fileIntake.scan(run.source().id());
        assertThat(again.source().rows()).isEqualTo(2);
        assertThat(again.source().grown()).isTrue();
        assertThat(rows(again)).isEqualTo(2);
        assertThat(fileIntake.refusals()).isEmpty();
        assertThat(fileIntake.finishing(again, null).finishedAt()).isNotNull();
    }

    @Test
    void rowsThatAreAddedWithinALineMakeTheFileUnreadable() throws IOException {
        Path file = Files.writeString(folders.inbox(OUTBOUND).resolve("l.csv"), "phoneNumber\n+1212555010");
        SourceRun run = fileIntake.scan(fileIntake.claim(OUTBOUND, Source.Operation.ADD, file.toFile()));
        Files.writeString(run.file(), "1\n+12125550102\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> fileIntake.scan(run.source().id()))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("not by whole lines");
    }

    /** A kill comes before the transaction or after it: the next start finds the source unfinished, and each row once. */
    @Test
    void aFinishedSourceToWhichRowsAreAddedIsUnfinishedAgainAlsoForTheNextProcess() throws IOException {
        SourceRun run = scanned("l.csv");
        Source finishing = fileIntake.finishing(run, null);
        fileIntake.finished(finishing, null);
        Files.writeString(run.file(), "+12125550102\n", StandardOpenOption.APPEND);
        assertThat(sources.unfinished()).isEmpty();

        assertThat(fileIntake.recheck(sources.find(finishing.id()).orElseThrow(), run.file()))
                .isFalse();
        for (Sources each : List.of(sources, new Sources(ledger))) {
            assertThat(each.unfinished())
                    .singleElement()
                    .satisfies(source -> assertThat(source.rows()).isEqualTo(2));
        }
        assertThat(sources.takeUp(
                        OUTBOUND, Source.Operation.ADD, Clock.systemUTC().instant(), id -> true))
                .containsExactly(finishing.id());
    }

    /** A kill between the claim and the copy must lose nothing. */
    @Test
    void anOriginalInAnInboxOnAnotherFileSystemIsBroughtByTheNextProcess() throws IOException {
        Source source = sources.claim(
                OUTBOUND,
                Source.Operation.ADD,
                "l.csv",
                "l.csv",
                Clock.systemUTC().instant());
        Files.move(drop("l.csv"), folders.original(source));
        fileIntake.recoverAtStart();
        SourceRun run = fileIntake.scan(source.id());
        assertThat(rows(run)).isOne();
        assertThat(run.file()).isEqualTo(folders.work(source).resolve("l.csv"));
        assertThat(fileIntake.isOriginal(folders.original(source))).isTrue();
    }

    @Test
    void aFileThatIsListedButCannotBeFoundMakesNoSource() throws IOException {
        Path link = Files.createSymbolicLink(folders.inbox(OUTBOUND).resolve("l.csv"), data.resolve("nowhere"));
        assertThat(fileIntake.claim(OUTBOUND, Source.Operation.ADD, link.toFile()))
                .isNull();
        assertThat(fileIntake.claim(OUTBOUND, Source.Operation.ADD, link.toFile()))
                .isNull();
        assertThat(fileIntake.claim(
                        OUTBOUND, Source.Operation.ADD, data.resolve("gone.csv").toFile()))
                .isNull();
        assertThat(sources.none()).isTrue();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aFileThatCannotBeOpenedIsToldOfOnceOnOneLine() throws IOException {
        Path link = Files.createSymbolicLink(folders.inbox(OUTBOUND).resolve("a\nb.csv"), data.resolve("nowhere"));
        Logger logger = (Logger) LogManager.getLogger(RejectedDrops.class);
        List<String> lines = new CopyOnWriteArrayList<>();
        Appender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Level before = logger.getLevel();
        Configurator.setLevel(logger, Level.WARN);
        logger.addAppender(appender);
        try {
            fileIntake.claim(OUTBOUND, Source.Operation.ADD, link.toFile());
            fileIntake.claim(OUTBOUND, Source.Operation.ADD, link.toFile());
        } finally {
            logger.removeAppender(appender);
            Configurator.setLevel(logger, before);
        }
        assertThat(lines).singleElement().asString().startsWith("WARN ").contains("a_b.csv", "Rename it", "UTF-8");
    }

    @Test
    void halfACopyThatACrashLeftIsRemoved() throws IOException {
        var source = sources.claim(
                OUTBOUND,
                Source.Operation.ADD,
                "l.csv",
                "l.csv",
                Clock.systemUTC().instant());
        Path half = AtomicFiles.aside(folders.work(source).resolve("l.csv"));
        Files.createDirectories(half.getParent());
        Files.writeString(half, "phoneNu");
        fileIntake.recoverAtStart();
        assertThat(sources.none()).isTrue();
        assertThat(folders.work(source)).doesNotExist();
    }
}
