package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route replay-events in the whole bundle: events again, with their ids, to the sinks that a control file names. */
class ReplayEventsTest {

    @TempDir
    Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private final Receiver receiver = new Receiver();
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        receiver.close();
        api.close();
    }

    private void start(String keep) {
        bundle = Bundle.start(
                home,
                api,
                "results.keep-events=" + keep,
                "outbound.acme.sinks=file,http",
                "outbound.acme.http-sink.url=" + receiver.url());
        bundle.drop("a.csv", Given.csv("a", 3));
        await().until(() ->
                receiver.requests().size() == 4 && bundle.events("leads").size() == 4);
    }

    @Test
    void eventsOfTheDatesGoAgainWithTheirIdsToTheSinkThatIsNamed() throws IOException {
        start("30d");
        // The events of the day before yesterday are out of the range.
        bundle.changeLedger("UPDATE event SET at = at - 2 * 86400000 WHERE seq = 1");
        List<String> ids = receiver.ids();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        drop("again.txt", "from = " + today.minusDays(1) + "\nto = " + today.plusDays(1) + "\nsink = http\n");

        await().until(() -> Files.exists(replay("again.txt.done")));
        await().until(() -> receiver.requests().size() == 7);
        assertThat(receiver.ids().subList(4, 7)).containsExactlyElementsOf(ids.subList(1, 4));
        assertThat(bundle.events("leads")).hasSize(4);
        assertThat(Bundle.text(replay("again.txt.done"))).contains("sink = http", "3 events go to http again.");
        assertThat(replay("again.txt")).doesNotExist();
        await().until(() -> !Files.exists(replay("again.txt.started")));
        await().until(() ->
                new LedgerFile(bundle.data()).number("SELECT count(*) FROM event WHERE sink = 'http'") == 0);
    }

    @Test
    void withoutASinkAllGetThem() throws IOException {
        start("1h");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        drop("again.txt", "from=" + today.minusDays(1) + "\nto=" + today.plusDays(1));

        await().until(() ->
                receiver.requests().size() == 8 && bundle.events("leads").size() == 8);
        await().until(() -> Files.exists(replay("again.txt.done")));
        assertThat(Bundle.text(replay("again.txt.done")))
                .contains("4 events go to file again. 4 events go to http again. Events from before");
    }

    @Test
    void whatCannotBeDoneIsSaidInWords() throws IOException {
        start("1h");
        drop("date.txt", "from = yesterday\nto = 2026-11-30");
        drop("order.txt", "from = 2026-12-01\nto = 2026-11-30");
        drop("sink.txt", "from = 2026-11-30\nto = 2026-11-30\nsink = jms");
        drop("key.txt", "form = 2026-11-30\nto = 2026-11-30");

        drop("latin.txt", new byte[] {'f', 'r', 'o', 'm', '=', (byte) 0xE4, '\n'});

        assertThat(failure("latin.txt")).contains("# write it in UTF-8");
        await().until(() -> !Files.exists(replay("latin.txt.started")));
        assertThat(failure("date.txt")).contains("# write from = and a date such as 2026-11-30");
        assertThat(failure("order.txt")).contains("# to is before from");
        assertThat(failure("sink.txt")).contains("# the sinks of acme are file, http");
        assertThat(failure("key.txt")).contains("# write lines of from, sink, to only");
        assertThat(receiver.requests()).hasSize(4);
    }

    @Test
    void withoutKeptEventsNothingCanBeReplayed() throws IOException {
        start("0");
        drop("again.txt", "from = 2026-11-30\nto = 2026-11-30");
        assertThat(failure("again.txt")).contains("# results.keep-events is 0");
    }

    private Path replay(String name) {
        return bundle.data().resolve("replay/acme").resolve(name);
    }

    private void drop(String name, String text) throws IOException {
        drop(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void drop(String name, byte[] bytes) throws IOException {
        Path aside = Files.write(home.resolve(name), bytes);
        Files.move(aside, replay(name));
    }

    private String failure(String name) {
        await().until(() -> Files.exists(replay(name + ".failed")));
        return Bundle.text(replay(name + ".failed"));
    }
}
