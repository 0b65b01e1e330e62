package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.Ports;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client posts leads one at a time over many connections to the packaged program, which is killed meanwhile, and repeats each with its
 * key until it has the finished receipt; the API counts. {@code -Drequests} says how many leads, {@code -Dkills} how many kills; with more
 * than the few of the build it reports leads a second.
 */
class RequestCampaignIT {
    private static final int LEADS = Integer.getInteger("requests", 300);
    private static final int KILLS = Integer.getInteger("kills", 2);
    private static final Duration LATENCY = Duration.ofMillis(Integer.getInteger("latency", 5));
    private static final int CONNECTIONS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final boolean FIGURES = LEADS > 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private final Sandbox api = new SandboxOptions()
            .token("account:secret")
            .outbound("ob-1", "Demo")
            .latency(LATENCY)
            .start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = Ports.free();
    private final ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
    private final Map<Integer, String> sources = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final List<String> complaints = new ArrayList<>();

    @AfterEach
    void close() {
        connections.shutdownNow();
        api.close();
    }

    /** @param prefer the header, by which the client waits for its receipt; without it the client asks for it when all are posted */
    @ParameterizedTest
    @ValueSource(strings = {"wait=30", ""})
    void noLeadIsLostOrDoubledAndAKeyHasOneSource(String prefer) throws Exception {
        boolean ofTheBuild = prefer.isEmpty();
        assumeTrue(FIGURES || ofTheBuild);
        try (Program program = new Program(Files.createDirectory(temp.resolve("program")))) {
            configure(program);
            program.start();
            await("the server").ignoreExceptions().until(() -> get("/observe/health") == 200);
            long begin = System.nanoTime();
            List<Future<?>> posting = forEachLead(i -> postUntil(prefer.isEmpty() ? 202 : 200, i, prefer));
            for (int kill = 1; kill <= KILLS; kill++) {
                int answered = LEADS * kill / (KILLS + 1);
                program.awaitWhileAlive(
                        PATIENCE, () -> sources.size() >= answered || anyFails(posting), answered + " answers");
                if (anyFails(posting)) {
                    join(posting);
                }
                program.kill();
                listen(program);
                program.start();
            }
            join(posting);
            join(forEachLead(i -> postUntil(200, i, "wait=30")));
            double seconds = (System.nanoTime() - begin) / 1e9;

            LedgerFile ledger = new LedgerFile(program.data(false));
            program.awaitWhileAlive(PATIENCE, () -> unsettled(ledger) == 0, "an outcome of every lead");
            join(forEachLead(this::assertIsTheSame));
            program.terminate();
            listen(program);
            report(prefer, seconds);
            assertThat(api.ringsByExternalId()).hasSize(LEADS);
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
            assertThat(sources.values()).doesNotHaveDuplicates().hasSize(LEADS);
            assertThat(ledger.number("SELECT count(*) FROM source")).isEqualTo(LEADS);
            assertThat(ledger.number("SELECT count(*) FROM request"))
                    .as("bodies that are still kept")
                    .isZero();
            assertThat(complaints).as("what the program complained of").isEmpty();
        }
    }

    private List<Future<?>> forEachLead(IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            workers.add(connections.submit(() -> {
                for (int lead = next.incrementAndGet(); lead <= LEADS; lead = next.incrementAndGet()) {
                    work.accept(lead);
                }
            }));
        }
        return workers;
    }

    private static boolean anyFails(List<Future<?>> workers) {
        return workers.stream().anyMatch(Future::isDone);
    }

    private static void join(List<Future<?>> workers) throws Exception {
        for (Future<?> worker : workers) {
            worker.get();
        }
    }

    /** Posts a lead with its key until it is answered by this status, or a later one of a request that was taken. */
    private void postUntil(int status, int lead, String prefer) {
        await("an answer for lead " + lead)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .until(() -> post(lead, prefer) <= status);
    }

    /** @return the status when the request was taken; else one that is above all of those */
    private int post(int lead, String prefer) throws InterruptedException {
        HttpResponse<String> answer;
        try {
            sent.incrementAndGet();
            answer = send(lead, "+1212%07d".formatted(5_550_000 + lead), prefer);
        } catch (IOException e) {
            // It is killed, and nobody knows whether it had the request.
            return Integer.MAX_VALUE;
        }
        if (answer.statusCode() == 503) {
            return Integer.MAX_VALUE;
        }
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        JsonNode receipt = json(answer.body());
        String source = receipt.get("request").asText();
        assertThat(sources.merge(lead, source, (first, now) -> first))
                .as("source of lead %d", lead)
                .isEqualTo(source);
        if (answer.statusCode() == 200) {
            Receipt.assertAddsUp(receipt);
        }
        return answer.statusCode();
    }

    /** Each lead is settled by now. */
    private void assertIsTheSame(int lead) {
        try {
            assertThat(post(lead, "")).isEqualTo(200);
            HttpResponse<String> settled = send(lead, "+1212%07d".formatted(5_550_000 + lead), "");
            assertThat(json(settled.body()).get("accepted").asInt())
                    .as(settled.body())
                    .isEqualTo(1);
            if (lead == 1) {
                assertThat(send(lead, "+12125550199", "").statusCode()).isEqualTo(409);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> send(int lead, String number, String prefer) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/api/outbounds/demo/leads"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "order-" + lead)
                .POST(BodyPublishers.ofString(
                        "{\"externalId\":\"crm-%d\",\"phoneNumber\":\"%s\"}".formatted(lead, number)));
        if (!prefer.isEmpty()) {
            request.header("Prefer", prefer);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private int get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static long unsettled(LedgerFile ledger) {
        return ledger.number("SELECT count(*) FROM lead WHERE state IN ('sending', 'unknown')")
                + ledger.number("SELECT count(*) FROM source WHERE state <> 'finished'");
    }

    private void listen(Program program) {
        complaints.addAll(program.errorLines());
        program.stdout().lines().filter(line -> line.contains(" ERROR ")).forEach(complaints::add);
    }

    private void report(String prefer, double seconds) {
        if (FIGURES) {
            Map<String, Integer> rings = api.ringsByExternalId();
            System.out.printf(
                    Locale.ROOT,
                    "%d leads, one a request, %d connections, %s, %d kills: %.0f leads/s, %d requests, lost %d, doubled %d%n",
                    LEADS,
                    CONNECTIONS,
                    prefer.isEmpty() ? "answered at once and asked for later" : "Prefer: " + prefer,
                    KILLS,
                    LEADS / seconds,
                    sent.get(),
                    LEADS - rings.size(),
                    rings.values().stream().filter(n -> n > 1).count());
        }
    }

    private void configure(Program program) {
        program.against(api.url())
                .with("NLPEARL_MAX_PER_SECOND", "0")
                .with("LEADS_SETTLE_TIME", "1s")
                .with("HTTP_PORT", Integer.toString(port))
                .with("JAVA_OPTS", FIGURES ? "-Xmx512m" : Program.JAVA_OPTS);
    }
}
