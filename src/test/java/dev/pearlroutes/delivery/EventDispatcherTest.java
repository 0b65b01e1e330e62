package dev.pearlroutes.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.sandbox.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a sink that fails is tried again, and what is said about it. */
class EventDispatcherTest {
    @TempDir
    Path data;

    private final MutableClock time = new MutableClock();
    private final List<String> lines = new ArrayList<>();
    private final Logger logger = (Logger) LogManager.getLogger(EventDispatcher.class);
    private final AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    };
    private Level levelBefore;
    private Ledger ledger;
    private Outbox outbox;
    private DeadLetterFiles deadLetters;
    private EventDispatcher dispatcher;

    @BeforeEach
    void open() {
        var mode = PosixFilePermissions.fromString("rw-------");
        ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.sqlite"), data.resolve("tmp"), mode);
        outbox = new Outbox(ledger, Duration.ZERO);
        outbox.register("acme", List.of("http"));
        Clock clock = time.withZone(ZoneOffset.UTC);
        deadLetters = new DeadLetterFiles(
                new DataFolders(data), new AtomicFiles(mode), outbox, Map.of("acme", List.of("http")), clock);
        dispatcher = new EventDispatcher(outbox, deadLetters, clock);
        appender.start();
        logger.addAppender(appender);
        levelBefore = logger.getLevel();
        Configurator.setLevel(logger, Level.INFO);
        for (int i = 1; i <= 100; i++) {
            outbox.appendFor("http", Event.of("acme", "leads", "{\"id\":\"e-" + i + "\"}"));
        }
    }

    @AfterEach
    void close() {
        logger.removeAppender(appender);
        Configurator.setLevel(logger, levelBefore);
        ledger.close();
    }

    @Test
    void waitsEverLongerUpToHalfAMinuteAndSaysSoOnce() throws IOException {
        List<Long> tries = new ArrayList<>();
        for (long second = 0; second < 130; second++) {
            if (next() != null) {
                tries.add(second);
                dispatcher.tryLater(next(), new IOException("no route"));
            }
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 61L, 91L, 121L);
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("WARN Results of acme do not reach its sink http: IOException: no route");

        time.advance(Duration.ofSeconds(30));
        dispatcher.delivered(next());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).isEqualTo("INFO Results of acme reach its sink http again, after 160 s");
        assertThat(next().event().json()).isEqualTo("{\"id\":\"e-2\"}");
        dispatcher.tryLater(next(), new IOException("again"));
        time.advance(Duration.ofSeconds(1));
        assertThat(next()).as("the wait begins again").isNotNull();
    }

    @Test
    void waitsAsLongAsItIsAsked() throws IOException {
        dispatcher.tryLater(next(), new NotDeliveredException("it answers 429", Duration.ofMinutes(2)));
        time.advance(Duration.ofSeconds(119));
        assertThat(next()).isNull();
        time.advance(Duration.ofSeconds(1));
        dispatcher.tryLater(next(), new NotDeliveredException("it answers 429", Duration.ZERO));
        time.advance(Duration.ofMillis(1999));
        assertThat(next()).as("no shorter than its own wait").isNull();
    }

    @Test
    void refusalsGoOnAtOnceAndAreToldAtMostOnceAMinute() throws IOException {
        for (int i = 0; i < 90; i++) {
            assertThat(dispatcher.setAside(next(), new EventRefusedException("it answers 422")))
                    .isTrue();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(data.resolve("undelivered/http").toFile().list()).hasSize(90);
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("WARN The sink http of acme has refused "));
        assertThat(lines.get(1)).contains("refused 60 events, the last one because it answers 422");
    }

    @Test
    void whatCannotBePutOnRecordAgainStaysInRetry() throws IOException {
        dispatcher.setAside(next(), new EventRefusedException("it answers 422"));
        Path retry =
                Files.createDirectories(data.resolve("undelivered/http/retry")).resolve("e-1.json");
        Files.move(data.resolve("undelivered/http/e-1.json"), retry);
        ledger.close();

        assertThatThrownBy(() -> deadLetters.retry("http", retry.toFile())).isInstanceOf(LedgerException.class);

        assertThat(retry).exists();
        assertThat(data.resolve("undelivered/http/e-1.json")).doesNotExist();
    }

    /** A full disk, or a file in the way. */
    @Test
    void whatCannotBeSetAsideIsNotLostAndTriedEverLater() throws IOException {
        Path inTheWay = Files.writeString(
                Files.createDirectories(data.resolve("undelivered")).resolve("http"), "");
        assertThat(dispatcher.setAside(next(), new EventRefusedException("it answers 422")))
                .isFalse();
        assertThat(next()).isNull();
        time.advance(Duration.ofSeconds(1));
        assertThat(dispatcher.setAside(next(), new EventRefusedException("it answers 422")))
                .isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(next()).as("twice as long").isNull();
        assertThat(lines).hasSize(1);
        assertThat(dispatcher.statuses().get(0).problem())
                .startsWith("it answers 422, and what it refuses cannot be kept in " + inTheWay);

        Files.delete(inTheWay);
        time.advance(Duration.ofSeconds(1));
        assertThat(dispatcher.setAside(next(), new EventRefusedException("it answers 422")))
                .isTrue();
        assertThat(inTheWay.resolve("e-1.json")).exists();
        assertThat(next().event().json()).isEqualTo("{\"id\":\"e-2\"}");
    }

    @Test
    void aStopLastsAndTellsNothingOfForeignMessages() throws IOException {
        dispatcher.tryLater(next(), new IllegalStateException("+12025550100"));
        assertThat(dispatcher.statuses().get(0).problem())
                .startsWith("IllegalStateException (since 2026-03-01T09:00:00Z)");
        time.advance(Duration.ofSeconds(1));
        dispatcher.stop(next(), new SinkStoppedException("it is gone."));
        time.advance(Duration.ofDays(1));

        assertThat(next()).isNull();
        assertThat(dispatcher.statuses())
                .singleElement()
                .returns(100L, SinkStatus::waiting)
                .returns(true, SinkStatus::stopped);
        assertThat(lines.toString()).contains("ERROR STOPPED").doesNotContain("+12025550100");
    }

    private Delivery next() {
        return dispatcher.next("acme", "http", 1);
    }
}
