package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.Ports;
import dev.pearlroutes.routes.Receiver;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in the middle of which the process ends, against an API that outlives it and counts who was rung. */
class RestartIT {
    private static final int ROWS = 240;
    private static final int BEFORE_THE_END = 60;

    @TempDir
    Path temp;

    /** One of the tests has it go down and come back. */
    private final Sandbox api = options().port(Ports.free()).start();

    @AfterEach
    void closeApi() {
        api.close();
    }

    @Test
    void sigtermLeavesNothingUnknownAndTheNextStartRingsEachLeadOnce() throws Exception {
        try (Program program = program()) {
            startAndInterrupt(program);
            assertThat(program.terminate()).isIn(0, 143);
            assertThat(program.stderr()).isEmpty();
            assertThat(program.stdout()).doesNotContain("ERROR");
            assertThat(api.leads("ob-1").size()).isLessThan(ROWS);

            JsonNode receipt = finish(program.start());

            assertThat(receipt.get("accepted").asLong()).isEqualTo(ROWS);
            assertThat(receipt.get("unknown").asLong()).isZero();
            assertThat(api.ringsByExternalId())
                    .hasSize(ROWS)
                    .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(1));
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(ROWS);
        }
    }

    @Test
    void killLosesNoRowAndRingsNobodyTwice() throws Exception {
        try (Program program = program()) {
            startAndInterrupt(program);
            program.kill();

            JsonNode receipt = finish(program.start());

            assertThat(receipt.get("read").asLong()).isEqualTo(ROWS);
            assertThat(receipt.get("accepted").asLong() + receipt.get("unknown").asLong())
                    .isEqualTo(ROWS);
            assertThat(api.ringsByExternalId())
                    .hasSizeGreaterThanOrEqualTo(receipt.get("accepted").asInt())
                    .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(1));
            assertThat(program.terminate()).isIn(0, 143);
        }
    }

    @Test
    void aRecallThatIsKilledIsFinishedAfterTheNextStart() throws Exception {
        int rows = 60;
        try (Program program = program()) {
            Path inbox = program.data(false).resolve("inbox").resolve("demo");
            Path recalls = program.data(false).resolve("done").resolve("demo").resolve("recalls");
            Program.drop(inbox, "leads.csv", leads(rows));
            finish(program.start());
            Program.drop(inbox, "leads.csv.cancel", "recall");
            program.awaitWhileAlive(() -> stopped() >= 5, "the first stops");
            assertThat(program.kill()).isEqualTo(137);
            assertThat(stopped()).isLessThan(rows);
            assertThat(receipts(recalls)).isEmpty();

            program.start();
            program.awaitWhileAlive(() -> !receipts(recalls).isEmpty(), "the receipt of the recall");

            JsonNode receipt =
                    new ObjectMapper().readTree(receipts(recalls).get(0).toFile());
            assertThat(receipt.get("operation").asText()).isEqualTo("recall");
            assertThat(receipt.get("read").asInt()).isEqualTo(rows);
            assertThat(receipt.get("updated").asInt()).isEqualTo(rows);
            assertThat(stopped()).isEqualTo(rows);
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(rows);
            assertThat(program.terminate()).isIn(0, 143);
        }
    }

    private long stopped() {
        return api.leads("ob-1").stream().filter(lead -> lead.status() == 130).count();
    }

    private static List<Path> receipts(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".receipt.json"))
                    .toList();
        }
    }

    @Test
    void sigtermWhileTheApiCannotBeReachedPutsTheIntentsBack() throws Exception {
        String address = api.url().toString();
        api.close();
        try (Program program = program()) {
            Program.drop(program.data(false).resolve("inbox").resolve("demo"), "leads.csv", leads(ROWS));
            program.start();
            program.awaitWhileAlive(() -> program.stdout().contains("STOPPED. the API cannot be reached"), "the stop");
            assertThat(program.terminate()).isIn(0, 143);
            assertThat(program.stderr()).isEmpty();
            assertThat(program.stdout()).doesNotContain("Exception\n\tat ");
        }

        try (Program program = program();
                Sandbox repaired = options().port(URI.create(address).getPort()).start()) {
            JsonNode receipt = finish(program.start());

            assertThat(receipt.get("accepted").asLong()).isEqualTo(ROWS);
            assertThat(repaired.requests(Operation.ADD_LEAD)).isEqualTo(ROWS);
        }
    }

    @Test
    void killDuringDeliveryLosesNoEventAndRepeatsOneAtMostWithTheSameId() throws Exception {
        try (Receiver receiver = new Receiver();
                Program program = program()
                        .with("OUTBOUND_DEMO_SINKS", "file, http")
                        .with("OUTBOUND_DEMO_HTTP_SINK_URL", receiver.url())) {
            Program.drop(program.data(false).resolve("inbox").resolve("demo"), "leads.csv", leads(ROWS));
            program.start();
            program.awaitWhileAlive(() -> receiver.requests().size() >= BEFORE_THE_END, "the first events");
            program.kill();
            int before = receiver.requests().size();

            finish(program.start());
            program.awaitWhileAlive(() -> deliveredAll(program, receiver), "every event");
            assertThat(program.terminate()).isIn(0, 143);

            assertThat(receiver.ids().stream().distinct()).containsExactlyElementsOf(fileSinkIds(program));
            assertThat(receiver.ids().size() - fileSinkIds(program).size()).isBetween(0, 1);
            assertThat(receiver.ids().size()).isGreaterThan(before);
        }
    }

    private static boolean deliveredAll(Program program, Receiver receiver) throws IOException {
        try {
            List<String> ids = fileSinkIds(program);
            return ids.size() > ROWS && Set.copyOf(receiver.ids()).containsAll(ids);
        } catch (JsonProcessingException e) {
            // Read in the middle of an append.
            return false;
        }
    }

    private static List<String> fileSinkIds(Program program) throws IOException {
        try (Stream<Path> files =
                Files.list(program.data(false).resolve("results").resolve("demo"))) {
            List<String> ids = new ArrayList<>();
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("leads"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    ids.add(new ObjectMapper().readTree(line).path("id").asText());
                }
            }
            return ids;
        }
    }

    @Test
    void sigtermDuringTheStartEndsQuietly() throws Exception {
        try (Program program = program().with("OUTBOUND_DEMO_SEARCH_CALLS_CRON", "* * * * * ?")) {
            for (int delay = 0; delay <= 1_000; delay += 200) {
                program.start();
                program.awaitWhileAlive(
                        () -> Files.exists(program.data(false).resolve("ledger.sqlite-wal")), "the ledger");
                program.endsWithin(Duration.ofMillis(delay));
                assertThat(program.terminate()).isIn(0, 143);
                assertThat(program.stderr()).isEmpty();
                assertThat(program.stdout()).doesNotContain("Exception");
            }
        }
    }

    private static SandboxOptions options() {
        return new SandboxOptions()
                .token("account:secret")
                .outbound("ob-1", "Demo")
                .latency(Duration.ofMillis(60));
    }

    private Program program() {
        return new Program(temp)
                .against(api.url())
                .with("NLPEARL_MAX_IN_FLIGHT", "4")
                .with("NLPEARL_MAX_PER_SECOND", "0");
    }

    private void startAndInterrupt(Program program) throws IOException {
        Program.drop(program.data(false).resolve("inbox").resolve("demo"), "leads.csv", leads(ROWS));
        program.start();
        program.awaitWhileAlive(() -> api.leads("ob-1").size() >= BEFORE_THE_END, "the first leads");
    }

    private static JsonNode finish(Program program) {
        JsonNode receipt = program.receipt(program.data(false).resolve("done").resolve("demo"), "leads.csv");
        Receipt.assertAddsUp(receipt);
        return receipt;
    }

    private static String leads(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> String.format("+1202555%04d,crm-%d\n", 100 + i % 100, i))
                .collect(Collectors.joining("", "phoneNumber,externalId\n", ""));
    }
}
