package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.ledger.PostgresServer;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one data folder and one ledger, of which one works. */
class StandbyTest {
    private static final String LEADS = "phoneNumber,externalId\n+12125550101,crm-1\n+12125550102,crm-2\n";

    @TempDir
    private Path first;

    @TempDir
    private Path second;

    private final List<Bundle> nodes = new ArrayList<>();

    private Sandbox api;

    @BeforeEach
    void start() {
        api = Bundle.sandbox().start();
    }

    @AfterEach
    void stop() {
        nodes.forEach(Bundle::close);
        api.close();
    }

    private void stop(Bundle node) {
        nodes.remove(node);
        node.close();
    }

    private Bundle node(Path home) {
        Bundle node = Bundle.start(
                home,
                api,
                "data.dir=" + first.resolve("data"),
                "ledger.url=" + PostgresServer.url(first),
                "ledger.username=postgres",
                "ledger.lease=3s",
                "node.name=twin");
        nodes.add(node);
        return node;
    }

    private void drop(String file, String text) throws Exception {
        Path aside = Files.writeString(first.resolve(file + ".aside"), text);
        Path inbox = first.resolve("data/inbox/acme");
        await().until(() -> Files.isDirectory(inbox));
        Files.move(aside, inbox.resolve(file));
    }

    @Test
    void oneNodeWorksAndTheOtherContinuesWhenThatStops() throws Exception {
        Bundle leader = node(first);
        drop("a.csv", LEADS);
        assertThat(leader.receipt("a.csv").path("accepted").asInt()).isEqualTo(2);
        Bundle standby = node(second);
        assertThat(Files.exists(first.resolve("data/tmp/twin-2.lock")))
                .as("a node of the same name has a folder of its own")
                .isTrue();
        drop("b.csv", LEADS.replace("555010", "555020").replace("crm", "b"));
        assertThat(leader.receipt("b.csv").path("accepted").asInt()).isEqualTo(2);
        assertThat(standby.http()
                        .post("/api/outbounds/acme/leads", "[]", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(503);

        stop(leader);
        drop("c.csv", LEADS.replace("555010", "555030").replace("crm", "c"));
        await("receipt of c.csv")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(first.resolve("data/done/acme/c.csv.receipt.json")));
        assertThat(api.leads("ob-1")).hasSize(6);
    }
}
