package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pearlroutes.Ports;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.messaging.TestBroker.Maker;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged program takes leads out of the queue of a broker in a process of its own, while one of the two is killed and started
 * again, and the API counts. {@code -Dmessages} says how many leads; with more than the few of the build it reports leads a second.
 */
class MessageCampaignIT {
    private static final int LEADS = Integer.getInteger("messages", 300);
    private static final Duration LATENCY = Duration.ofMillis(Integer.getInteger("latency", 5));
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String QUEUE = "nlpearl.leads.demo";
    private static final String DEAD = "nlpearl.dead-letter";
    private static final boolean FIGURES = LEADS > 300;

    @TempDir
    Path temp;

    private final Sandbox api = new SandboxOptions()
            .token("account:secret")
            .outbound("ob-1", "Demo")
            .latency(LATENCY)
            .start();
    private Process broker;

    @AfterEach
    void close() {
        if (broker != null) {
            broker.destroyForcibly().onExit().join();
        }
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 8, none",
        "100, 8, none",
        "1, 8, program",
        "1, 8, broker",
        "1, 1, none",
        "100, 1, none",
        "100, 8, broker",
        "100, 8, program",
        "1, 1, broker",
        "1, 1, program",
        "100, 1, broker",
        "100, 1, program"
    })
    void noLeadIsLostOrDoubled(int leadsAMessage, int consumers, String killed) throws Exception {
        boolean ofTheBuild = leadsAMessage == 1 && killed.equals("program") && consumers == 8;
        assumeTrue(FIGURES || ofTheBuild);
        int port = Ports.free();
        String url = "tcp://127.0.0.1:" + port;
        startBroker(port);
        send(url, leadsAMessage);
        try (Program program = new Program(Files.createDirectory(temp.resolve("program")))) {
            configure(program, url, consumers);
            program.start();
            long begin = System.nanoTime();
            if (!killed.equals("none")) {
                program.awaitWhileAlive(PATIENCE, () -> rings() > LEADS / 3, "a third of the leads");
                if (killed.equals("program")) {
                    program.kill();
                    program.start();
                } else {
                    broker.destroyForcibly().onExit().join();
                    startBroker(port);
                }
            }
            program.awaitWhileAlive(PATIENCE, () -> rings() >= LEADS, LEADS + " leads");
            double seconds = (System.nanoTime() - begin) / 1e9;
            LedgerFile ledger = new LedgerFile(program.data(false));
            program.awaitWhileAlive(PATIENCE, () -> unsettled(ledger) == 0, "an outcome of every lead");
            // After a broken connection they come once more, and are answered out of the ledger.
            program.awaitWhileAlive(
                    PATIENCE, () -> TestBroker.browse(url, QUEUE).isEmpty(), "every acknowledgement");
            program.terminate();
            report(leadsAMessage, consumers, killed, seconds);
            assertThat(api.ringsByExternalId()).hasSize(LEADS);
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
            assertThat(TestBroker.browse(url, QUEUE)).as("messages left").isEmpty();
            assertThat(TestBroker.browse(url, DEAD)).as("dead letters").isEmpty();
        }
    }

    private long rings() {
        return api.ringsByExternalId().size();
    }

    private static long unsettled(LedgerFile ledger) {
        return ledger.number("SELECT count(*) FROM lead WHERE state IN ('sending', 'unknown')")
                + ledger.number("SELECT count(*) FROM source WHERE state <> 'finished'");
    }

    private void report(int leadsAMessage, int consumers, String killed, double seconds) {
        if (FIGURES) {
            Map<String, Integer> rings = api.ringsByExternalId();
            System.out.printf(
                    Locale.ROOT,
                    "%d leads, %d a message, %d consumers, killed: %s: %.0f leads/s, lost %d, doubled %d%n",
                    LEADS,
                    leadsAMessage,
                    consumers,
                    killed,
                    LEADS / seconds,
                    LEADS - rings.size(),
                    rings.values().stream().filter(n -> n > 1).count());
        }
    }

    private void configure(Program program, String url, int consumers) {
        program.against(api.url())
                .with("NLPEARL_MAX_PER_SECOND", "0")
                .with("LEADS_SETTLE_TIME", "1s")
                .with("JAVA_OPTS", FIGURES ? "-Xmx512m" : Program.JAVA_OPTS)
                .with("JMS_BROKER_URL", url)
                .with("JMS_CONSUMERS", Integer.toString(consumers));
    }

    private static void send(String url, int leadsAMessage) {
        List<Maker> makers = new ArrayList<>();
        for (int first = 1; first <= LEADS; first += leadsAMessage) {
            StringBuilder lines = new StringBuilder();
            for (int i = first; i < first + leadsAMessage && i <= LEADS; i++) {
                lines.append("{\"externalId\":\"crm-%d\",\"phoneNumber\":\"+1212%07d\"}%n".formatted(i, 5_550_000 + i));
            }
            makers.add(TestBroker.text(lines.toString()));
        }
        TestBroker.send(url, QUEUE, makers);
    }

    private void startBroker(int port) throws IOException {
        File log = temp.resolve("broker.log").toFile();
        broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestBroker.class.getName(),
                        temp.resolve("broker").toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        await("broker")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> TestBroker.browse("tcp://127.0.0.1:" + port, DEAD) != null);
    }
}
