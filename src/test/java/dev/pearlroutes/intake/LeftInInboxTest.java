package dev.pearlroutes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** Real folders, and a clock that the test moves. */
class LeftInInboxTest {
    @TempDir
    private Path data;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LogManager.getLogger(LeftInInbox.class);
    private final Level before = logger.getLevel();
    private final Appender appender = new AbstractAppender("left", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    };

    private long nanos;
    private DataFolders folders;
    private LeftInInbox left;
    private Path inbox;

    @BeforeEach
    void open() throws IOException {
        folders = new DataFolders(data);
        folders.make("acme");
        folders.make("other");
        Files.createDirectories(folders.replay("acme"));
        inbox = folders.inbox("acme");
        QuietFiles quietFiles = new QuietFiles(Duration.ofSeconds(2), () -> nanos);
        left = new LeftInInbox(
                folders,
                List.of("acme", "other"),
                new FileIntake(folders, null, null, Map.of(), quietFiles, Clock.systemUTC()),
                quietFiles);
        appender.start();
        Configurator.setLevel(logger, Level.WARN);
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.removeAppender(appender);
        Configurator.setLevel(logger, before);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nanos += Duration.ofSeconds(1).toNanos();
            left.look();
        }
    }

    @Test
    void whatNothingTakesIsNamedOnceAndCountedUntilItIsGone() throws Exception {
        List<Path> ignored = List.of(
                Files.writeString(inbox.resolve("~$l.xlsx"), "x"),
                Files.writeString(inbox.resolve("l.csv.part"), "x"),
                Files.writeString(inbox.resolve(".l.csv"), "x"),
                Files.writeString(inbox.resolve("l.csv.camelLock"), "x"),
                Files.createDirectory(inbox.resolve("old")),
                Files.createDirectory(
                        folders.inbox("acme", Source.Operation.UPDATE).resolve("updates")),
                Files.createSymbolicLink(inbox.resolve("link\n.csv"), data.resolve("nowhere")),
                Files.writeString(folders.suppress("acme").resolve("dnc.txt.part"), "x"),
                Files.writeString(folders.replay("acme").resolve("again.csv"), "x"));
        left.look();
        pass(59);
        assertThat(left.count()).isZero();
        assertThat(lines).isEmpty();

        pass(1);
        assertThat(left.count("acme")).isEqualTo(ignored.size());
        assertThat(left.count("other")).isZero();
        assertThat(left.count()).isEqualTo(ignored.size());
        pass(100);
        assertThat(lines)
                .hasSize(ignored.size())
                .allMatch(line -> line.startsWith("WARN ") && line.contains(" is left where it is, since it "))
                .anyMatch(line -> line.contains("/link_.csv ") && line.contains("a link that leads nowhere"));

        for (Path path : ignored) {
            Files.delete(path);
        }
        pass(1);
        assertThat(left.count()).isZero();
    }

    @Test
    void aPipeAndANameThatIsNotTextAreNamed() throws Exception {
        assumeThat(new ProcessBuilder("sh", "-c", "mkfifo p.csv && touch \"$(printf 'Zo\\353.csv')\"")
                        .directory(inbox.toFile())
                        .start()
                        .waitFor())
                .isZero();
        left.look();
        pass(60);
        assertThat(left.count("acme")).isEqualTo(2);
        assertThat(lines)
                .anyMatch(line -> line.contains("p.csv is left where it is, since it is no file"))
                .anyMatch(line -> line.contains("cannot be opened by this name"));
    }

    @Test
    void whatIsTakenOrIsOfTheProgramItselfIsNotLeft() throws IOException {
        for (String name : List.of(
                "l.csv", "l.csv.needs-approval", "l.csv.approve", "l.csv.cancel", "outbound.pause", "l.csv.6eBc1F3a")) {
            Files.writeString(inbox.resolve(name), "x\n");
        }
        for (String name : List.of("a.txt", "a.txt.started", "b.txt.done", "c.txt.failed")) {
            Files.writeString(folders.replay("acme").resolve(name), "x\n");
        }
        Files.writeString(folders.suppress().resolve("dnc.txt"), "x\n");
        left.look();
        pass(120);
        assertThat(left.count()).isZero();
        assertThat(lines).isEmpty();
    }

    @Test
    void anUploadThatGoesOnIsNotLeft() throws IOException {
        Path file = Files.writeString(inbox.resolve("l.csv.part"), "x");
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "x", StandardOpenOption.APPEND);
            left.look();
            pass(50);
        }
        assertThat(left.count()).isZero();
    }

    @Test
    void aFileWithABackslashInItsNameGetsOneByWhichItIsTaken() throws IOException {
        Path file = inbox.resolve("C:\\lists\\l.csv");
        assumeThat(file.getParent()).isEqualTo(inbox);
        Files.writeString(file, "x\n");
        Files.writeString(inbox.resolve("a\\b.csv"), "x\n");
        Files.writeString(inbox.resolve("a_b.csv"), "y\n");
        left.look();
        pass(1);
        assertThat(file).exists();
        pass(1);
        assertThat(file).doesNotExist();
        assertThat(inbox.resolve("C:_lists_l.csv")).hasContent("x\n");
        pass(60);
        assertThat(left.count("acme")).isOne();
        assertThat(inbox.resolve("a_b.csv")).hasContent("y\n");
        assertThat(lines).singleElement().asString().contains("the name with an underscore is taken");
    }
}
