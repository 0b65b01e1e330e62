package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template deliver-events in the whole bundle: events in the ledger's order, dropped once every sink has them. */
class DeliverEventsTest {
    @TempDir
    Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private LedgerFile ledger;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
        ledger = new LedgerFile(bundle.data());
    }

    @Test
    void moreEventsThanOneDeliveryTakesArriveAllAndInOrder() throws IOException {
        start();
        Path folder = bundle.data().resolve("results/acme");
        Files.delete(folder);
        Files.createFile(folder);
        drop("many.csv", 1201);
        bundle.receipt("many.csv");
        // The event of the file itself comes behind its receipt.
        List<String> inLedger = await().until(
                        () -> ledger.column("SELECT json_extract(json, '$.id') FROM event ORDER BY seq"),
                        events -> events.size() == 1202);

        Files.delete(folder);
        ledger.awaitDelivered();

        assertThat(bundle.events("leads"))
                .extracting(event -> event.path("id").asText())
                .containsExactlyElementsOf(inLedger);
        assertThat(ledger.number("SELECT count(*) FROM sink_position")).isEqualTo(1);
        assertThat(ledger.number("SELECT seq FROM sink_position")).isEqualTo(1202);
    }

    @Test
    void whatWaitsForASinkOutlivesARestart() throws IOException {
        start();
        Path folder = bundle.data().resolve("results/acme");
        Files.delete(folder);
        Files.createFile(folder);
        drop("a.csv", 3);
        bundle.receipt("a.csv");
        bundle.close();
        List<String> waiting = ledger.column("SELECT json_extract(json, '$.id') FROM event ORDER BY seq");
        Files.delete(folder);

        start();
        ledger.awaitDelivered();

        assertThat(bundle.events("leads"))
                .extracting(event -> event.path("id").asText())
                .containsExactlyElementsOf(waiting)
                .hasSize(4);
    }

    @Test
    void anEventIsKeptUntilTheSlowestSinkHasIt() {
        start();
        bundle.close();
        // As a second sink that takes nothing, of an outbound whose other sink takes all.
        ledger.change("INSERT INTO sink_position (outbound, sink, seq) VALUES ('other', 'jms', 0)");
        ledger.change("INSERT INTO event (outbound, stream, json, at) VALUES ('other', 'leads', '{}', 0)");
        start();
        drop("a.csv", 2);
        bundle.receipt("a.csv");
        await().until(() -> ledger.number("SELECT count(*) FROM event WHERE outbound = 'acme'") == 0);

        assertThat(ledger.number("SELECT count(*) FROM event WHERE outbound = 'other'"))
                .isEqualTo(1);
    }

    @Test
    void aSinkThatIsConfiguredNoMoreHoldsUpNothing() {
        start();
        bundle.close();
        ledger.change("INSERT INTO sink_position (outbound, sink, seq) VALUES ('acme', 'http', 0)");
        start();
        drop("a.csv", 2);
        bundle.receipt("a.csv");

        ledger.awaitDelivered();
        assertThat(ledger.column("SELECT sink FROM sink_position")).containsExactly("file");
    }

    @Test
    void eachOutboundHasItsOwnFolderAndPosition() throws IOException {
        api.addOutbound("ob-2", "beta");
        start("outbound.beta.id=ob-2", "outbound.beta.search-calls.cron=0 0 0 1 1 ?");
        Path folder = bundle.data().resolve("results/beta");
        Files.delete(folder);
        Files.createFile(folder);
        Files.writeString(bundle.data().resolve("inbox/beta/b.csv"), "phoneNumber,externalId\n+12025550100,b-0\n");
        drop("a.csv", 2);
        bundle.receipt("a.csv");

        await().until(() -> ledger.number("SELECT count(*) FROM event WHERE outbound = 'acme'") == 0
                && ledger.number("SELECT count(*) FROM event WHERE outbound = 'beta'") == 2);
        assertThat(bundle.events("leads"))
                .extracting(event -> event.path("source").asText())
                .containsOnly("/outbound/acme");
        Files.delete(folder);
        ledger.awaitDelivered();
        try (var files = Files.list(folder)) {
            List<String> lines =
                    files.flatMap(file -> Bundle.text(file).lines()).toList();
            assertThat(lines).hasSize(2).allMatch(line -> line.contains("\"/outbound/beta\""));
        }
    }

    @Test
    void withoutEventsItRests() {
        start();
        drop("a.csv", 2);
        bundle.receipt("a.csv");
        ledger.awaitDelivered();
        AtomicInteger turns = countTurns();

        Awaitility.await().during(Duration.ofMillis(1200)).until(() -> turns.get() <= 1);

        drop("b.csv", 2);
        bundle.receipt("b.csv");
        ledger.awaitDelivered();
        assertThat(turns.get()).isPositive();
    }

    @Test
    void aSinkThatFailsIsNotTriedWithoutAPause() throws IOException {
        start();
        Path folder = bundle.data().resolve("results/acme");
        Files.delete(folder);
        Files.createFile(folder);
        drop("a.csv", 2);
        bundle.receipt("a.csv");
        AtomicInteger turns = countTurns();

        Awaitility.await().pollDelay(Duration.ofMillis(1200)).until(() -> turns.get() > 0);

        assertThat(turns.get()).isLessThanOrEqualTo(5);
    }

    private AtomicInteger countTurns() {
        AtomicInteger turns = new AtomicInteger();
        bundle.camel().getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeCreatedEvent created
                        && "deliver-events-acme-file"
                                .equals(created.getExchange().getFromRouteId())) {
                    turns.incrementAndGet();
                }
            }
        });
        return turns;
    }

    @Test
    void aFileThatFailsIsToldOnce() {
        start();
        bundle.drop("bad.json", "[{\"phoneNumber\":");
        bundle.failure("bad.json");
        await().until(() -> !bundle.events("leads").isEmpty());
        ledger.awaitDelivered();

        List<JsonNode> events = bundle.events("leads");
        assertThat(events).hasSize(1);
        assertThat(events.get(0).path("type").asText()).isEqualTo("ai.nlpearl.file.failed");
        assertThat(events.get(0).path("data").path("file").asText()).isEqualTo("bad.json");
    }

    private void drop(String file, int rows) {
        bundle.drop(
                file,
                "phoneNumber,externalId\n"
                        + IntStream.range(0, rows)
                                .mapToObj(i -> String.format("+1202555%04d,%s-%d%n", i, file, i))
                                .collect(Collectors.joining()));
    }
}
