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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void aSinkThatRefusesEverythingGetsEveryEventInOrderOnceItTakesThemAgain() throws IOException {
        answers = event -> REFUSED;
        List<Long> tries = new ArrayList<>();
        for (long second = 0; second < 130; second++) {
            int before = handed.size();
            turns();
            if (handed.size() > before) {
                tries.add(second);
            }
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(handed).startsWith("e-1", "e-2", "e-3", "e-1", "e-1").hasSize(3 + 8);
        assertThat(handed.subList(3, handed.size())).as("probes").containsOnly("e-1");
        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 61L, 91L, 121L);
        assertThat(undelivered()).isEmpty();
        assertThat(dispatcher.statuses())
                .singleElement()
                .returns(true, SinkStatus::refusesEverything)
                .returns(100L, SinkStatus::waiting)
                .extracting(SinkStatus::problem)
                .isEqualTo("it answers 401, so check the secret (since 2026-03-01T09:00:00Z)");
        assertThat(lines)
                .containsExactly("ERROR The sink http of acme refuses every event: it answers 401, so check the secret."
                        + " They wait in their order, and go by themselves once it takes them");

        answers = event -> TAKEN;
        handed.clear();
        time.advance(Duration.ofSeconds(30));
        turns();

        assertThat(handed).containsExactlyElementsOf(events(1, 100));
        assertThat(undelivered()).isEmpty();
        assertThat(dispatcher.statuses().get(0).problem()).isNull();
        assertThat(lines).hasSize(2).last().asString().startsWith("INFO Results of acme reach its sink http again");
    }

    @Test
    void aRefusalAmongEventsThatAreTakenIsTheEventsOwn() throws IOException {
        answers = event -> event.equals("e-2") || event.equals("e-5") || event.equals("e-6") ? REFUSED : TAKEN;
        turns();

        assertThat(handed)
                .startsWith("e-1", "e-2", "e-3", "e-2", "e-4", "e-5", "e-6", "e-7", "e-5", "e-6", "e-8")
                .hasSize(103);
        assertThat(undelivered()).containsExactlyInAnyOrder("e-2.json", "e-5.json", "e-6.json");
        assertThat(lines).hasSize(1).first().asString().startsWith("WARN The sink http of acme has refused 1 event");
        assertThat(dispatcher.statuses().get(0).problem()).isNull();
    }

    @Test
    void aRefusalOfTheLastEventWaitsForTheNextOneToDecide() throws IOException {
        answers = event -> event.equals("e-100") ? REFUSED : TAKEN;
        turns();
        assertThat(undelivered()).isEmpty();
        assertThat(dispatcher.statuses().get(0))
                .returns(1L, SinkStatus::waiting)
                .returns(false, SinkStatus::refusesEverything);
        for (int round = 0; round < 2; round++) {
            time.advance(Duration.ofSeconds(30));
            turns();
        }
        assertThat(dispatcher.statuses().get(0)).returns(true, SinkStatus::refusesEverything);
        assertThat(lines).extracting(line -> line.split(" ")[0]).containsExactly("WARN", "ERROR");

        outbox.appendFor("http", Event.of("acme", "leads", "{\"id\":\"e-101\"}"));
        time.advance(Duration.ofSeconds(30));
        turns();

        assertThat(handed).endsWith("e-100", "e-101", "e-100");
        assertThat(undelivered()).containsExactly("e-100.json");
        assertThat(dispatcher.statuses().get(0))
                .returns(0L, SinkStatus::waiting)
                .returns(null, SinkStatus::problem);
    }

    @Test
    void aSinkThatRefusesButTheOldestEventsIsFoundToTakeNewerOnes() throws IOException {
        answers = event -> List.of("e-1", "e-2", "e-3", "e-4", "e-50").contains(event) ? REFUSED : TAKEN;
        Duration waited = Duration.ZERO;
        for (; undelivered().isEmpty() && waited.compareTo(Duration.ofHours(1)) < 0; waited = waited.plusSeconds(1)) {
            turns();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(waited).isLessThan(Duration.ofMinutes(11));
        assertThat(undelivered())
                .containsExactlyInAnyOrder("e-1.json", "e-2.json", "e-3.json", "e-4.json", "e-50.json");
        assertThat(handed)
                .filteredOn("e-100"::equals)
                .as("the newest, which was tried ahead")
                .hasSize(1);
        List<String> taken = handed.subList(handed.indexOf("e-100") + 1, handed.size());
        assertThat(taken).containsExactlyElementsOf(events(1, 99));
        assertThat(dispatcher.statuses().get(0)).returns(0L, SinkStatus::waiting);
    }

    /** What a 422 refuses behind an open refusal is set aside at once, and does not come again. */
    @Test
    void aRefusalOfItsOwnDecidesOnThoseBeforeIt() throws IOException {
        answers = event -> event.equals("e-1") ? REFUSED : event.equals("e-2") ? REFUSED_ITSELF : TAKEN;
        turns();

        assertThat(handed).startsWith("e-1", "e-2", "e-1", "e-3").hasSize(101);
        assertThat(undelivered()).containsExactlyInAnyOrder("e-1.json", "e-2.json");
    }

    @Test
    void manyRefusalsInARowOfTheEventsOwnAreNamed() throws IOException {
        answers = event -> REFUSED_ITSELF;
        for (int i = 0; i < 9; i++) {
            turn();
        }
        assertThat(dispatcher.statuses().get(0).setAside()).isNull();
        turn();
        assertThat(dispatcher.statuses().get(0).setAside())
                .isEqualTo("has refused its last 10 events, the last one because it answers 422");
        answers = event -> TAKEN;
        turn();
        assertThat(dispatcher.statuses().get(0).setAside()).isNull();
    }

    /** The next process knows nothing of what this one had in memory. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 17, 18})
    void aCrashAfterAnyStepLosesNothingAndKeepsTheOrder(int steps) throws IOException {
        Instant mended = time.instant().plusSeconds(100);
        answers = event -> time.instant().isBefore(mended) || event.equals("e-7") ? REFUSED : TAKEN;
        for (int i = 0; i < steps; i++) {
            if (!turn()) {
                time.advance(Duration.ofSeconds(25));
            }
        }
        dispatcher = new EventDispatcher(outbox, deadLetters, time.withZone(ZoneOffset.UTC));
        for (int round = 0; round < 10; round++) {
            turns();
            time.advance(Duration.ofSeconds(31));
        }

        assertThat(undelivered()).containsExactly("e-7.json");
        assertThat(taken.stream().distinct().filter(event -> !event.equals("e-8")))
                .containsExactlyElementsOf(events(1, 100).stream()
                        .filter(event -> !event.equals("e-7") && !event.equals("e-8"))
                        .toList());
        assertThat(taken)
                .as("only what was under way comes twice")
                .contains("e-8")
                .hasSizeLessThanOrEqualTo(100);
        assertThat(dispatcher.next("acme", "http", 1)).isNull();
    }

    private Delivery next() {
        return dispatcher.next("acme", "http", 1);
    }

    private static final EventRefusedException TAKEN = null;
    private static final EventRefusedException REFUSED =
            new EventRefusedException("it answers 401", "check the secret");
    private static final EventRefusedException REFUSED_ITSELF = new EventRefusedException("it answers 422");

    /** What the sink answers to an event. */
    private Function<String, EventRefusedException> answers;

    private final List<String> handed = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();

    /** Turns of the route until it would wait. */
    private void turns() throws IOException {
        while (turn()) {
            // The route begins the next turn at once.
        }
    }

    private boolean turn() throws IOException {
        Delivery delivery = next();
        if (delivery == null) {
            return false;
        }
        String event = delivery.event().json().replaceAll(".*:\"|\"}", "");
        handed.add(event);
        EventRefusedException refusal = answers.apply(event);
        if (refusal != null) {
            return dispatcher.setAside(delivery, refusal);
        }
        taken.add(event);
        dispatcher.delivered(delivery);
        return true;
    }

    private static List<String> events(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "e-" + i).toList();
    }

    private List<String> undelivered() {
        String[] files = data.resolve("undelivered/http").toFile().list();
        return files == null ? List.of() : List.of(files);
    }
}
