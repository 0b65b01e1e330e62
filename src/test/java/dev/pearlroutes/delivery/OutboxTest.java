package dev.pearlroutes.delivery;

import static dev.pearlroutes.ledger.LedgerFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.SinkBacklog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    @TempDir
    private Path folder;

    private Ledger ledger;
    private Outbox outbox;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        outbox = new Outbox(ledger, Duration.ZERO);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void append(String outbound, String... events) {
        ledger.execute(tx -> {
            for (String event : events) {
                tx.events().append(List.of(Event.of(outbound, "leads", event)));
            }
        });
    }

    private List<String> next(String outbound, String sink, int most) {
        return outbox.next(outbound, sink, most).stream().map(Event::json).toList();
    }

    private void deliver(String outbound, String sink, int most) {
        List<Event> events = outbox.next(outbound, sink, most);
        outbox.delivered(new Delivery(outbound, sink, events, Map.of()));
    }

    @Test
    void eachSinkReadsInOrderAtItsOwnPaceAndWhatAllHaveIsDropped() {
        outbox.register("acme", List.of("file", "jms"));
        outbox.register("other", List.of("file"));
        append("acme", "1", "2", "3");
        append("other", "x");
        assertThat(next("acme", "file", 2)).containsExactly("1", "2");
        assertThat(next("acme", "file", 2)).as("not taken yet").containsExactly("1", "2");
        deliver("acme", "file", 2);
        assertThat(next("acme", "file", 2)).containsExactly("3");
        assertThat(next("acme", "jms", 9)).as("a dead sink loses nothing").containsExactly("1", "2", "3");
        deliver("acme", "jms", 1);
        assertThat(column(ledger, "SELECT json FROM event ORDER BY seq")).containsExactly("2", "3", "x");
    }

    @Test
    void anEventNeverTakesThePlaceOfADroppedOne() {
        outbox.register("acme", List.of("file"));
        append("acme", "1", "2");
        deliver("acme", "file", 9);
        assertThat(column(ledger, "SELECT json FROM event")).isEmpty();
        ledger.close();
        open();
        append("acme", "3");
        assertThat(next("acme", "file", 9)).containsExactly("3");
    }

    @Test
    void aSinkTakenOutHoldsUpNoOtherAndANewOneBeginsAtTheOldestKept() {
        outbox.register("acme", List.of("file", "jms"));
        append("acme", "1", "2");
        deliver("acme", "file", 1);
        outbox.register("acme", List.of("file", "http"));
        assertThat(next("acme", "jms", 9)).isEmpty();
        assertThat(next("acme", "http", 9)).containsExactly("1", "2");
        assertThat(next("acme", "file", 9)).containsExactly("2");
    }

    @Test
    void anEventAndItsOutcomeAreDurableTogetherOrNotAtAll() {
        outbox.register("acme", List.of("file"));
        assertThatThrownBy(() -> ledger.transaction(tx -> {
                    tx.events().append(List.of(Event.of("acme", "leads", "1")));
                    throw new IllegalStateException("crash");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(next("acme", "file", 9)).isEmpty();
    }

    @Test
    void aNewSinkOfAnOutboundWhoseEventsAllAreDeliveredBeginsWithTheNext() {
        outbox.register("acme", List.of("file"));
        append("acme", "1", "2");
        deliver("acme", "file", 9);
        outbox.register("acme", List.of("file", "http"));
        append("acme", "3");
        assertThat(next("acme", "http", 9)).containsExactly("3");
    }

    @Test
    void anEventThatGoesAgainGoesToItsSinkAloneAndBehindWhatWaits() {
        outbox.register("acme", List.of("file", "http"));
        append("acme", "1");
        outbox.appendFor("http", Event.of("acme", "leads", "0"));
        append("acme", "2");
        assertThat(next("acme", "file", 9)).containsExactly("1", "2");
        assertThat(next("acme", "http", 9)).containsExactly("1", "0", "2");
        deliver("acme", "file", 9);
        assertThat(next("acme", "http", 9)).containsExactly("1", "0", "2");
        deliver("acme", "http", 2);
        assertThat(column(ledger, "SELECT json FROM event ORDER BY seq")).containsExactly("2");
        outbox.appendFor("http", Event.of("acme", "leads", "0"));
        outbox.register("acme", List.of("file"));
        assertThat(column(ledger, "SELECT json FROM event ORDER BY seq")).containsExactly("2");
    }

    @Test
    void tellsWhatWaitsForEachSink() {
        outbox.register("acme", List.of("file", "http"));
        append("acme", "1", "2");
        outbox.appendFor("http", Event.of("acme", "leads", "0"));
        deliver("acme", "file", 9);
        assertThat(outbox.backlogs())
                .extracting(SinkBacklog::outbound, SinkBacklog::sink, SinkBacklog::waiting)
                .containsExactly(tuple("acme", "file", 0L), tuple("acme", "http", 3L));
        assertThat(outbox.backlogs().get(0).oldest()).isNull();
        assertThat(outbox.backlogs().get(1).oldest())
                .isEqualTo(Instant.ofEpochMilli(Long.parseLong(
                        column(ledger, "SELECT min(at) FROM event").get(0))));
    }

    @Test
    void whatAllHaveIsKeptForAsLongAsIsSaidAndThenPurged() {
        outbox = new Outbox(ledger, Duration.ofHours(1));
        outbox.register("acme", List.of("file"));
        append("acme", "old", "older than that but waiting", "new");
        deliver("acme", "file", 1);
        LedgerChanges.change(ledger, "UPDATE event SET at = at - 3600000 WHERE seq < 3");
        outbox.purge();
        assertThat(column(ledger, "SELECT json FROM event ORDER BY seq"))
                .containsExactly("older than that but waiting", "new");
        deliver("acme", "file", 9);
        outbox.purge();
        assertThat(column(ledger, "SELECT json FROM event")).containsExactly("new");
        outbox.purge();
        assertThat(column(ledger, "SELECT json FROM event")).containsExactly("new");
    }

    @Test
    void replaysToOneSinkWhatItHadInTheTime() {
        outbox = new Outbox(ledger, Duration.ofDays(30));
        outbox.register("acme", List.of("file", "http"));
        append("acme", "before", "1", "2", "behind", "waiting");
        LedgerChanges.change(ledger, "UPDATE event SET at = 1000 * seq");
        deliver("acme", "file", 9);
        deliver("acme", "http", 4);
        Instant from = Instant.ofEpochSecond(2);

        assertThat(outbox.replay("acme", "http", from, Instant.ofEpochSecond(4)))
                .isEqualTo(2);
        assertThat(next("acme", "http", 9)).containsExactly("waiting", "1", "2");
        assertThat(next("acme", "file", 9)).isEmpty();
        deliver("acme", "http", 9);
        assertThat(outbox.replay("acme", "http", from, Instant.ofEpochSecond(4)))
                .as("a copy is not copied")
                .isEqualTo(2);
        assertThat(outbox.replay("acme", "http", from, Instant.ofEpochSecond(9)))
                .isEqualTo(4);
        assertThat(outbox.replay("acme", "file", Instant.ofEpochSecond(6), Instant.ofEpochSecond(9)))
                .isZero();
        assertThat(outbox.replay("other", "file", from, Instant.ofEpochSecond(9)))
                .isZero();
    }

    @Test
    void remembersTheLengthsOfTheFileSinksFiles() {
        SinkFiles files = new SinkFiles(ledger);
        outbox.register("acme", List.of("file"));
        outbox.delivered(files(1, Map.of("a", 10L, "b", 5L)));
        outbox.delivered(files(2, Map.of("a", 20L)));
        assertThat(files.lengths("acme")).isEqualTo(Map.of("a", 20L, "b", 5L));
        files.close("acme", "b");
        assertThat(files.lengths("acme")).isEqualTo(Map.of("a", 20L));
        assertThat(files.lengths("other")).isEmpty();
    }

    private static Delivery files(long seq, Map<String, Long> lengths) {
        return new Delivery("acme", "file", List.of(new Event(seq, "acme", "leads", "{}")), lengths);
    }
}
