package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of fault in the middle of a file, to the end, in one bundle: every lead is rung once, none is lost, none stays unknown.
 * {@code mvn -B test -Dtest=FaultsTest,DiskFaultsTest} prints the table. That of a disk is in {@link DiskFaultsTest}, those of
 * kill -9 and of a long outage are runs of the packaged program.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsTest {
    private static final int LEADS = 60;

    /** So many that something can be done in the middle of the file. */
    private static final int MANY = 10 * LEADS;

    private static final int IN_FLIGHT = 8;

    @TempDir
    private static Path home;

    private static Sandbox api;
    private static Wire wire;
    private static Bundle bundle;
    private static int numbers;

    @BeforeAll
    static void start() throws Exception {
        api = Bundle.sandbox().latency(Duration.ofMillis(20)).start();
        wire = new Wire(api.url());
        bundle = start(home, wire.url());
        FaultRow.printHeader();
    }

    @AfterAll
    static void stop() {
        bundle.close();
        wire.close();
        api.close();
    }

    private static Bundle start(Path home, URI url, String... more) {
        String[] settings = Stream.concat(
                        Stream.of(
                                "nlpearl.max-in-flight=" + IN_FLIGHT,
                                "nlpearl.response-timeout=1s",
                                "leads.settle-time=1s",
                                "leads.files-at-once=16"),
                        Stream.of(more))
                .toArray(String[]::new);
        return Bundle.start(home, url, settings);
    }

    /** A file that was dropped, until each of its leads has an outcome. */
    private record Dropped(String fault, String prefix, int leads, Instant at) {
        static Dropped into(Bundle bundle, String fault, String prefix, int leads) {
            String rows = IntStream.rangeClosed(1, leads)
                    .mapToObj(i -> prefix + "-" + i + "," + Given.number(numbers++) + "\n")
                    .collect(Collectors.joining());
            bundle.drop(prefix + ".csv", "externalId,phoneNumber\n" + rows);
            return new Dropped(fault, prefix, leads, Instant.now());
        }

        long requests() {
            return api.received(Operation.ADD_LEAD).stream()
                    .filter(request -> String.valueOf(request.externalId()).startsWith(prefix + "-"))
                    .count();
        }

        void awaitRequests(int atLeast) {
            await().until(() -> requests() >= atLeast);
        }

        private JsonNode receiptNow(Bundle bundle) {
            return Bundle.json(bundle.done(prefix + ".csv.receipt.json"));
        }

        /** @param requests how many Add Lead requests reached the API */
        void assertEachRungOnce(Bundle bundle, long requests) throws IOException {
            bundle.receipt(prefix + ".csv");
            await("the last unknown lead")
                    .until(() -> receiptNow(bundle).path("unknown").asInt() == 0);
            Path written = bundle.done(prefix + ".csv.receipt.json");
            Duration time =
                    Duration.between(at, Files.getLastModifiedTime(written).toInstant());
            JsonNode receipt = receiptNow(bundle);
            FaultRow.of(fault, api, prefix, leads, receipt.path("unknown").asLong(), time)
                    .printAndCheck();
            assertReceipt(receipt, "read=" + leads + " accepted=" + leads);
            assertThat(requests()).isEqualTo(requests);
            await().until(() -> bundle.health().equals("UP"));
        }
    }

    private static Dropped drop(String fault, String prefix, int leads) {
        return Dropped.into(bundle, fault, prefix, leads);
    }

    /** What the lead does not survive before its effect it needs a second request for, after a look-up. */
    @TestFactory
    @Order(1)
    Stream<DynamicTest> aLeadWithoutAnAnswerIsLookedUpAndRungOnce() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("dropped after it was read, before the effect", Fault.drop());
        faults.put("dropped after the effect", Fault.drop().afterEffect());
        faults.put("hangs, after the effect", Fault.delay(Duration.ofSeconds(2)).afterEffect());
        faults.put("answer cut off, after the effect", Fault.truncate().afterEffect());
        faults.put("garbage with 200, after the effect", Fault.garbage().afterEffect());
        faults.put("200 without leadId, after the effect", Fault.noLeadId().afterEffect());
        for (int status : new int[] {500, 502, 503}) {
            faults.put(status + " after the effect", Fault.status(status).afterEffect());
        }
        Map<Dropped, Fault> dropped = new LinkedHashMap<>();
        faults.forEach((name, fault) -> {
            // Not the same lead of each file: many faults in a row are an outage.
            int nth = 10 + 5 * dropped.size();
            String prefix = "lead" + dropped.size();
            api.faults().next(1, Operation.ADD_LEAD, Faults.externalId(prefix + "-" + nth), fault);
            dropped.put(drop(name, prefix, LEADS), fault);
        });
        return dropped.entrySet().stream()
                .map(each -> dynamicTest(
                        each.getKey().fault(),
                        () -> each.getKey()
                                .assertEachRungOnce(
                                        bundle, LEADS + (each.getValue().isAfterEffect() ? 0 : 1))));
    }

    @Test
    @Order(2)
    void aConnectionDroppedBeforeItsRequestWasReadIsLookedUpAndRungOnce() throws Exception {
        wire.dropUnread(2);
        // Nothing of the two came through; they are sent again when that is proven.
        drop("dropped before it was read", "unread", LEADS).assertEachRungOnce(bundle, LEADS);
    }

    @Test
    @Order(3)
    void aConnectionResetInTheAnswerIsLookedUpAndRungOnce() throws Exception {
        Dropped file = drop("reset in the answer", "reset", MANY);
        file.awaitRequests(10);
        wire.resetInAnswer(2);
        file.assertEachRungOnce(bundle, MANY);
    }

    @Test
    @Order(4)
    void aTokenThatExpiresInTheMiddleOfAFileRejectsNothing() throws Exception {
        Dropped file = drop("token expires and is replaced in the middle", "token", MANY);
        file.awaitRequests(LEADS);
        api.token("account:another");
        await().until(() -> bundle.health().contains("token"));
        assertThat(bundle.done("token.csv")).doesNotExist();
        api.token(Bundle.TOKEN);
        bundle.receipt("token.csv");
        long refused = file.requests() - MANY;
        assertThat(refused).isBetween(1L, (long) IN_FLIGHT);
        file.assertEachRungOnce(bundle, MANY + refused);
    }

    /** Down as a server is whose process is gone: connections are refused, then there is one that accepts them again. */
    @Test
    @Order(5)
    void aServerThatIsDownForAWhileLosesNothing() throws Exception {
        Dropped file = drop("server down for seconds", "down", MANY);
        file.awaitRequests(LEADS);
        wire.down();
        await().until(() -> bundle.health().contains("the API "));
        assertThat(bundle.done("down.csv")).doesNotExist();
        wire.up();
        file.assertEachRungOnce(bundle, MANY);
    }

    @Test
    @Order(6)
    void aWrongOutboundIdCorrectedWithARestartFinishesTheSameFile(@TempDir Path another) throws Exception {
        Dropped file;
        try (Bundle wrong = start(another, api.url(), "outbound.acme.id=ob-2")) {
            file = Dropped.into(wrong, "wrong outbound id, corrected by a restart", "wrong", LEADS);
            await().until(() -> wrong.health().contains("check outbound.acme.id"));
            assertThat(wrong.done("wrong.csv")).doesNotExist();
        }
        long refused = file.requests();
        try (Bundle right = start(another, api.url())) {
            file.assertEachRungOnce(right, refused + LEADS);
        }
    }

    /** The last, since the rate stays low for some time. */
    @Test
    @Order(7)
    void aStormOf429LosesNothing() throws Exception {
        Faults.Rule storm = api.faults().next(12, Operation.ADD_LEAD, Fault.tooManyRequests("1"));
        drop("storm of 12 times 429", "storm", LEADS).assertEachRungOnce(bundle, LEADS + 12);
        assertThat(storm.struck()).isEqualTo(12);
    }
}
