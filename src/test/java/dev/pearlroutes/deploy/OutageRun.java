package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.routes.FaultRow;
import dev.pearlroutes.routes.Wire;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program against a server that is down for a minute in the middle of a file: too long for every build. Run by
 * {@code mvn -B -Pkill-campaign verify -Dit.test=OutageRun}.
 */
class OutageRun {
    private static final int LEADS = 2_000;
    private static final Duration DOWN = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path temp;

    @Test
    void aServerThatIsDownForAMinuteLosesNothing() throws Exception {
        try (Sandbox api = new SandboxOptions()
                        .token("account:secret")
                        .outbound("ob-1", "Demo")
                        .latency(Duration.ofMillis(25))
                        .start();
                Wire wire = new Wire(api.url());
                Program program = new Program(temp)
                        .against(wire.url())
                        .with("NLPEARL_MAX_IN_FLIGHT", "4")
                        .with("LEADS_SETTLE_TIME", "5s")) {
            Path data = program.data(false);
            String rows = IntStream.rangeClosed(1, LEADS)
                    .mapToObj(i -> "crm-%d,+1212555%04d\n".formatted(i, i))
                    .collect(Collectors.joining());
            Program.drop(data.resolve("inbox/demo"), "l.csv", "externalId,phoneNumber\n" + rows);
            Instant start = Instant.now();
            program.start();
            program.awaitWhileAlive(() -> api.requests(Operation.ADD_LEAD) > LEADS / 10, "a part of the file");
            wire.down();
            long sent = api.requests(Operation.ADD_LEAD);
            await().pollDelay(DOWN).atMost(DOWN.plusSeconds(5)).until(() -> true);
            assertThat(api.requests(Operation.ADD_LEAD)).as("while it is down").isLessThanOrEqualTo(sent + 4);
            wire.up();

            Path done = data.resolve("done/demo");
            program.awaitWhileAlive(
                    PATIENCE,
                    () -> done.resolve("l.csv.receipt.json").toFile().exists()
                            && program.receipt(done, "l.csv").path("unknown").asInt() == 0,
                    "an outcome of every lead");
            Duration time = Duration.between(start, Instant.now());
            JsonNode receipt = program.receipt(done, "l.csv");
            FaultRow.of(
                            "server down for 60 s",
                            api,
                            "crm",
                            LEADS,
                            receipt.path("unknown").asLong(),
                            time)
                    .printAndCheck();
            assertThat(receipt.path("accepted").asInt()).isEqualTo(LEADS);
            assertThat(program.terminate()).isIn(0, 143);
        }
    }
}
