package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The route http-sink in the whole bundle, with the routes around it, against a receiver that has its moods. */
class HttpSinkTest {

    private static Sandbox api;
    private static Receiver receiver;
    /** Many tests want the same bundle, and starting one is most of their time: it is kept, and only made new inside. */
    private static Bundle shared;

    @TempDir
    static Path kept;

    @TempDir
    Path own;

    private Path home;
    private Bundle bundle;
    private LedgerFile ledger;

    @BeforeAll
    static void startApi() {
        api = Bundle.sandbox().start();
        receiver = new Receiver();
    }

    @AfterEach
    void stopOrMakeNew() throws IOException {
        if (home == own) {
            bundle.close();
        } else {
            ledger.awaitDelivered();
            bundle.changeLedger("DELETE FROM lead");
            bundle.changeLedger("DELETE FROM source");
            for (String folder : List.of("results/acme", "done/acme", "undelivered/http")) {
                try (Stream<Path> files = Files.list(bundle.data().resolve(folder))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
        api.reset();
        receiver.answer(200);
        receiver.requests().clear();
    }

    @AfterAll
    static void stop() {
        receiver.close();
        shared.close();
        api.close();
    }

    private void start() {
        if (shared == null) {
            shared = start(kept);
        }
        home = kept;
        bundle = shared;
        ledger = new LedgerFile(bundle.data());
    }

    /** For tests that need another configuration, or stop the bundle. */
    private void startAnew(String... settings) {
        home = own;
        bundle = start(own, settings);
        ledger = new LedgerFile(bundle.data());
    }

    private static Bundle start(Path home, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "outbound.acme.sinks=file,http",
                "outbound.acme.http-sink.url=" + receiver.url() + "/hooks/a%2Fb?sig=x%3D"));
        all.addAll(List.of(settings));
        return Bundle.start(home, api, all.toArray(String[]::new));
    }

    @Test
    void everyEventIsPostedOnceInOrderAndTheReceiverLearnsNoTokenOfTheApi() {
        start();
        send("a.csv", 20);
        ledger.awaitDelivered();

        assertThat(receiver.ids())
                .containsExactlyElementsOf(fileSinkIds())
                .hasSize(21)
                .doesNotHaveDuplicates();
        assertThat(receiver.requests()).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/hooks/a%2Fb?sig=x%3D");
            assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/cloudevents+json");
            assertThat(request.headers()).doesNotContainKeys("Authorization", "Webhook-signature", "Cookie");
            assertThat(request.headers().toString()).doesNotContain(Bundle.TOKEN, "Camel");
        });
    }

    @Test
    void aSecretSignsWhatIsSent() throws Exception {
        byte[] key = "a key of the test that is long enough".getBytes(StandardCharsets.UTF_8);
        startAnew("outbound.acme.http-sink.secret=whsec_" + Base64.getEncoder().encodeToString(key));
        send("a.csv", 1);
        ledger.awaitDelivered();

        assertThat(receiver.requests()).hasSize(2);
        for (Receiver.Request request : receiver.requests()) {
            String id = request.headers().getFirst("webhook-id");
            String timestamp = request.headers().getFirst("webhook-timestamp");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] signature =
                    mac.doFinal((id + "." + timestamp + "." + request.body()).getBytes(StandardCharsets.UTF_8));
            assertThat(id).isEqualTo(request.id());
            assertThat(Instant.ofEpochSecond(Long.parseLong(timestamp)))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
            assertThat(request.headers().getFirst("webhook-signature"))
                    .isEqualTo("v1," + Base64.getEncoder().encodeToString(signature));
        }
    }

    @Test
    void whatArrivesWhileItIsDownFollowsInOrderAndTheFileSinkGoesOnMeanwhile() {
        receiver.down();
        startAnew();
        send("a.csv", 300);
        await().until(() -> fileSinkIds().size() == 301);
        await().until(() -> waiting() == 301);
        await().until(() -> get("health").contains("The sink http of acme fails"));
        assertThat(get("health"))
                .startsWith("{\"status\":\"UP\"")
                .contains("The sink http of acme fails: HttpHostConnectException: Connect to", "waiting: 301 events")
                .doesNotContain("sig=", "hooks");
        assertThat(get("health?data=true")).contains("\"acme http waiting\":301", "\"acme file waiting\":0");
        assertThat(get("metrics"))
                .contains("pearl_sink_waiting{outbound=\"acme\",sink=\"http\"} 301.0")
                .contains("pearl_sink_waiting{outbound=\"acme\",sink=\"file\"} 0.0")
                .contains("pearl_sink_failing{outbound=\"acme\",sink=\"http\"} 1.0")
                .contains("pearl_sink_failing{outbound=\"acme\",sink=\"file\"} 0.0")
                .containsPattern("pearl_sink_oldest_seconds\\{outbound=\"acme\",sink=\"http\"} (?!0\\.0\\n)");
        bundle.close();

        receiver.up();
        startAnew();
        ledger.awaitDelivered();

        assertThat(receiver.ids()).containsExactlyElementsOf(fileSinkIds()).hasSize(301);
    }

    @Test
    void aReceiverThatComesBackIsFoundWithoutARestart() {
        receiver.down();
        start();
        send("a.csv", 3);
        await().until(() -> get("health").contains("The sink http of acme fails"));
        receiver.up();
        ledger.awaitDelivered();

        assertThat(receiver.ids()).containsExactlyElementsOf(fileSinkIds()).hasSize(4);
        await().until(() -> !get("health").contains("The sink"));
    }

    @Test
    void whatItCannotTakeNowComesAgainWithTheSameId() {
        receiver.answer(503);
        start();
        send("a.csv", 2);
        await().until(() -> receiver.requests().size() >= 2);
        receiver.answer(429, "Retry-After", "1");
        int before = receiver.requests().size();
        await().until(() -> receiver.requests().size() > before);
        receiver.answer(200);
        ledger.awaitDelivered();

        List<String> ids = receiver.ids();
        assertThat(ids.stream().distinct()).containsExactlyElementsOf(fileSinkIds());
        assertThat(ids.subList(0, before)).containsOnly(ids.get(0));
        assertThat(undelivered()).isEmpty();
    }

    @Test
    void whatItRefusesIsSetAsideWithTheReasonAndGoesAgainWhenMovedToRetry() throws IOException {
        receiver.answer(422);
        start();
        send("a.csv", 2);
        ledger.awaitDelivered();

        assertThat(receiver.ids()).containsExactlyElementsOf(fileSinkIds()).hasSize(3);
        assertThat(undelivered()).hasSize(3);
        JsonNode kept = Bundle.json(undelivered().get(0));
        assertThat(undelivered().get(0).getFileName())
                .hasToString(kept.path("event").path("id").asText() + ".json");
        assertThat(kept.path("outbound").asText()).isEqualTo("acme");
        assertThat(kept.path("reason").asText()).isEqualTo("it answers 422");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(undelivered().get(0))))
                .isEqualTo("rw-------");
        assertThat(get("metrics")).contains("pearl_undelivered{sink=\"http\"} 3.0");

        receiver.answer(400);
        retryAll();
        await().until(() -> receiver.requests().size() == 6);
        ledger.awaitDelivered();
        assertThat(undelivered())
                .hasSize(3)
                .allSatisfy(file ->
                        assertThat(Bundle.json(file).path("reason").asText()).isEqualTo("it answers 400"));

        receiver.answer(200);
        retryAll();
        await().until(() -> receiver.requests().size() == 9);
        ledger.awaitDelivered();
        assertThat(undelivered()).isEmpty();
        assertThat(receiver.ids().subList(6, 9)).containsExactlyInAnyOrderElementsOf(fileSinkIds());
        assertThat(receiver.requests()).hasSize(9);
        assertThat(fileSinkIds()).as("the file sink got none of them again").hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 415})
    void aReceiverThatRefusesEverythingIsWaitedForAndGetsAllInOrderAlsoAfterARestart(int status) {
        receiver.answer(status);
        startAnew();
        send("a.csv", 60);
        await().until(() -> get("health").contains("The sink http of acme refuses every event"));
        assertThat(get("health"))
                .contains(
                        "\"status\":\"DOWN\"",
                        "it answers " + status,
                        "outbound.acme.http-sink.url",
                        "waiting: 61 events");
        assertThat(get("metrics"))
                .contains("pearl_sink_failing{outbound=\"acme\",sink=\"http\"} 1.0")
                .contains("pearl_undelivered{sink=\"http\"} 0.0");
        assertThat(undelivered()).isEmpty();
        assertThat(receiver.ids().stream().distinct())
                .containsExactlyElementsOf(fileSinkIds().subList(0, 3));
        bundle.close();
        startAnew();
        int before = receiver.requests().size();
        await().until(() -> receiver.requests().size() >= before + 3);
        assertThat(waiting()).isEqualTo(61);

        List<String> taken = new CopyOnWriteArrayList<>();
        receiver.answer(request -> {
            taken.add(request.id());
            return 200;
        });
        ledger.awaitDelivered();

        assertThat(taken).containsExactlyElementsOf(fileSinkIds()).hasSize(61);
        assertThat(undelivered()).isEmpty();
        await().until(() -> !get("health").contains("The sink"));
    }

    @Test
    void aReceiverThatRefusesOneEventAmongOthersHasThatOneSetAside() {
        receiver.answer(request -> request.body().contains("a.csv-2\"") ? 404 : 200);
        start();
        send("a.csv", 4);
        ledger.awaitDelivered();

        assertThat(undelivered()).hasSize(1);
        JsonNode kept = Bundle.json(undelivered().get(0));
        assertThat(kept.path("reason").asText()).isEqualTo("it answers 404");
        assertThat(kept.at("/event/data/externalId").asText()).isEqualTo("a.csv-2");
        assertThat(receiver.ids().stream().distinct()).containsExactlyInAnyOrderElementsOf(fileSinkIds());
        assertThat(receiver.requests()).as("the refused one is tried twice").hasSize(6);
        assertThat(get("health")).doesNotContain("The sink");
    }

    @Test
    void aFileInRetryThatIsNoEventIsPutBackAndHoldsUpNothing() throws IOException {
        start();
        Path retry = bundle.data().resolve("undelivered/http/retry");
        Files.writeString(retry.resolve("no-json.json.part"), "{\"outbound\":");
        Files.move(retry.resolve("no-json.json.part"), retry.resolve("no-json.json"));
        Files.writeString(
                retry.resolve("elsewhere.json"), "{\"outbound\":\"../acme\",\"event\":{\"id\":\"elsewhere\"}}");
        Files.writeString(retry.resolve("id.json"), "{\"outbound\":\"acme\",\"event\":{\"id\":\"../../id\"}}");
        await().until(() -> undelivered().size() == 3);
        send("a.csv", 1);
        ledger.awaitDelivered();

        assertThat(receiver.ids()).containsExactlyElementsOf(fileSinkIds()).hasSize(2);
        assertThat(undelivered()).hasSize(3);
    }

    @Test
    void a410StopsTheSinkUntilARestartAndNothingIsDropped() {
        receiver.answer(410);
        startAnew();
        send("a.csv", 2);
        await().until(() -> get("health").contains("The sink http of acme is stopped"));
        receiver.answer(200);

        assertThat(get("health")).contains("\"status\":\"DOWN\"", "outbound.acme.http-sink.url");
        assertThat(waiting()).isEqualTo(3);
        assertThat(receiver.requests()).hasSize(1);
        assertThat(fileSinkIds()).hasSize(3);
        bundle.close();
        assertThat(receiver.requests()).hasSize(1);

        startAnew();
        ledger.awaitDelivered();
        assertThat(receiver.ids().subList(1, 4)).containsExactlyElementsOf(fileSinkIds());
        assertThat(undelivered()).isEmpty();
    }

    @Test
    void aRedirectIsNotFollowedAndHoldsTheEventsUntilItIsMended() {
        try (Receiver elsewhere = new Receiver()) {
            receiver.answer(307, "Location", elsewhere.url() + "/");
            start();
            send("a.csv", 2);
            await().until(() -> get("health").contains("a redirect, which is not followed"));
            assertThat(waiting()).isEqualTo(3);
            receiver.answer(200);
            ledger.awaitDelivered();

            assertThat(elsewhere.requests()).isEmpty();
            assertThat(receiver.ids().stream().distinct()).containsExactlyElementsOf(fileSinkIds());
            assertThat(undelivered()).isEmpty();
        }
    }

    @Test
    void aReceiverThatHangsHoldsUpNoStopAndGetsTheEventAtTheNextStart() {
        receiver.answer(Receiver.HANG);
        startAnew();
        send("a.csv", 2);
        await().until(() -> receiver.requests().size() == 1);
        bundle.close();
        assertThat(receiver.requests())
                .as("requests of a client that does not repeat")
                .hasSize(1);

        receiver.answer(204);
        startAnew();
        ledger.awaitDelivered();
        assertThat(receiver.ids().subList(1, 4)).containsExactlyElementsOf(fileSinkIds());
        assertThat(receiver.ids().get(0)).isEqualTo(fileSinkIds().get(0));
    }

    // --- helpers ---

    private void send(String file, int rows) {
        bundle.drop(file, Given.csv(file, rows));
        bundle.receipt(file);
        await().until(() -> bundle.events("leads").size() >= rows + 1);
    }

    private List<String> fileSinkIds() {
        return bundle.events("leads").stream()
                .map(event -> event.path("id").asText())
                .toList();
    }

    private long waiting() {
        return ledger.number("SELECT count(*) FROM event");
    }

    private List<Path> undelivered() {
        try (Stream<Path> files = Files.list(bundle.data().resolve("undelivered/http"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void retryAll() throws IOException {
        for (Path file : undelivered()) {
            Files.move(file, file.resolveSibling("retry").resolve(file.getFileName()));
        }
    }

    private String get(String page) {
        return observe(bundle, page);
    }

    /** Asks a running bundle for a page below {@code /observe/}. */
    static String observe(Bundle bundle, String page) {
        String port = bundle.camel().resolvePropertyPlaceholders("{{http.port}}");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/observe/" + page))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .replaceAll("\"\\s*:\\s*", "\":");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
