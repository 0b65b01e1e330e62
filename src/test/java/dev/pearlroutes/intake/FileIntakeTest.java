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
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
                Map.of(OUTBOUND, StandardCharsets.UTF_8),
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
        Files.writeString(run.file(), "+12125550102\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> fileIntake.unchanged(run.source(), run.file()))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("the file was changed after it had been begun");
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
