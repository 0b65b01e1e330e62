package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.PostgresServer;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one PostgreSQL and one data folder, of which the one that works ends, stands still, or loses its database. */
class NodesIT {
    private static final int ROWS = 1_500;
    private static final String LEADS = "This node leads";
    private static final Duration LEASE = Duration.ofSeconds(3);

    @TempDir
    private Path temp;

    private final Sandbox api = new SandboxOptions()
            .token("account:secret")
            .outbound("ob-1", "Demo")
            .latency(Duration.ofMillis(60))
            .start();

    private String url;
    private Program first;
    private Program second;

    @BeforeEach
    void start() throws IOException {
        url = PostgresServer.newDatabase();
        first = node("first");
        second = node("second");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        api.close();
    }

    private Program node(String name) throws IOException {
        return new Program(Files.createDirectories(temp.resolve(name)))
                .with("DATA_DIR", temp.resolve("data").toString())
                .with("NODE_NAME", name)
                .with("LEDGER_URL", url)
                .with("LEDGER_USERNAME", "postgres")
                .with("LEDGER_LEASE", LEASE.toSeconds() + "s")
                .with("LEADS_SETTLE_TIME", "2s")
                .against(api.url())
                .with("NLPEARL_MAX_IN_FLIGHT", "4")
                .with("NLPEARL_MAX_PER_SECOND", "0");
    }

    private void lead(Program node) throws IOException {
        node.start();
        node.awaitWhileAlive(() -> node.stdout().contains(LEADS), "the leader");
    }

    private void standBy(Program node) throws IOException {
        node.start();
        node.awaitWhileAlive(() -> node.stdout().contains("stands by"), "a node that stands by");
    }

    private void sendSome(int leads) {
        // On a slow machine all are sent before a node has started.
        int awaited = Math.min(ROWS, api.leads("ob-1").size() + leads);
        await("leads")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.leads("ob-1").size() >= awaited);
    }

    private void drop() throws IOException {
        Program.drop(
                temp.resolve("data/inbox/demo"),
                "leads.csv",
                IntStream.range(0, ROWS)
                        .mapToObj(i -> String.format("+1202555%04d,crm-%d%n", 100 + i % 100, i))
                        .collect(Collectors.joining("", "phoneNumber,externalId\n", "")));
    }

    private void allWereRungOnce(Program node) {
        JsonNode receipt = node.receipt(temp.resolve("data/done/demo"), "leads.csv");
        Receipt.assertAddsUp(receipt);
        assertThat(receipt.get("read").asLong()).isEqualTo(ROWS);
        await("no lead is unknown")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.ringsByExternalId().size() == ROWS);
        assertThat(api.ringsByExternalId())
                .hasSize(ROWS)
                .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(1));
    }

    @Test
    void aNodeThatStandsByFinishesWhatAKilledOneHasBegun() throws Exception {
        lead(first);
        standBy(second);
        drop();
        sendSome(60);

        for (int kill = 0; kill < 2; kill++) {
            Program leader = kill == 0 ? first : second;
            Program next = kill == 0 ? second : first;
            leader.kill();
            long killed = System.nanoTime();
            next.awaitWhileAlive(() -> next.stdout().contains(LEADS), "the next leader");
            sendSome(1);
            Duration gap = Duration.ofNanos(System.nanoTime() - killed);
            System.out.println("Killed: the next lead after " + gap.toMillis() + " ms, lease " + LEASE);
            assertThat(gap).isLessThan(LEASE.plusSeconds(7));
            standBy(leader);
            sendSome(60);
        }

        allWereRungOnce(first);
        assertThat(first.terminate()).isIn(0, 143);
        assertThat(second.terminate()).isIn(0, 143);
    }

    @Test
    void aNodeThatStoodStillSendsNothingMoreWhenItGoesOn() throws Exception {
        lead(first);
        standBy(second);
        drop();
        sendSome(60);

        first.signal("STOP");
        long frozen = System.nanoTime();
        second.awaitWhileAlive(() -> second.stdout().contains(LEADS), "the next leader");
        sendSome(60);
        System.out.println("Frozen: 60 leads after "
                + Duration.ofNanos(System.nanoTime() - frozen).toMillis() + " ms, lease " + LEASE);
        first.signal("CONT");
        first.awaitWhileAlive(() -> first.stdout().contains("Another node leads"), "the end of the former leader");
        first.awaitWhileAlive(
                () -> first.stdout().lastIndexOf("stands by") > first.stdout().indexOf("Another node leads"),
                "the former leader standing by");

        allWereRungOnce(second);
        assertThat(first.terminate()).isIn(0, 143);
    }

    @Test
    void withoutTheDatabaseAllWaitsAndGoesOnByItself() throws Exception {
        lead(first);
        standBy(second);
        drop();
        sendSome(60);

        String database = url.substring(url.lastIndexOf('/') + 1);
        PostgresServer.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        PostgresServer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
        await().pollDelay(LEASE).until(() -> true);
        int sent = api.leads("ob-1").size();
        await().pollDelay(LEASE).until(() -> true);
        assertThat(api.leads("ob-1")).as("sent without the database").hasSize(sent);
        assertThat(sent).isLessThan(ROWS);
        PostgresServer.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");

        allWereRungOnce(first);
        assertThat(first.terminate()).isIn(0, 143);
        assertThat(second.terminate()).isIn(0, 143);
    }
}
