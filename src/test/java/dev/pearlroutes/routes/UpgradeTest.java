package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger and data folder of an earlier version with work in progress, killed by SIGKILL, are opened and finished by this one.
 * 2433030.zip holds a finished file with two calls, a file of which 3 leads are accepted, 32 were on the wire or planned, one is
 * unknown and 24 are unread, a file that waits for approval, a claimed file of updates, and 13 events that the HTTP sink lacks.
 * Its api.json is what the API had by then.
 */
class UpgradeTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private final Receiver receiver = new Receiver();
    private Bundle bundle;
    private JsonNode before;

    @BeforeEach
    void restore() throws IOException {
        Path data = home.resolve("data");
        try (InputStream resource = UpgradeTest.class.getResourceAsStream("/upgrade/2433030.zip");
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = data.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        before = Bundle.json(data.resolve("api.json"));
        before.path("leads").forEach(lead -> api.addLead("ob-1", lead.path("id").asText(), lead));
        // The call that was in progress is over by now.
        String leadId = before.path("leads").get(1).path("id").asText();
        api.addCall(
                "ob-1",
                leadId,
                call -> call.put("id", before.path("openCall").asText()).put("summary", "Calls back on Monday."));
    }

    @AfterEach
    void close() {
        if (bundle != null) {
            bundle.close();
        }
        receiver.close();
        api.close();
    }

    @Test
    void workInProgressIsFinishedAndNobodyIsAddedTwice() {
        bundle = Bundle.start(
                home,
                api,
                "leads.settle-time=200ms",
                "outbound.acme.sinks=file,http",
                "outbound.acme.http-sink.url=" + receiver.url() + "/results",
                "outbound.acme.max-leads-per-file=60",
                "outbound.acme.search-calls.cron=0/2 * * * * ?");
        bundle.drop("large.csv.approve", "");

        assertCounts("half.csv", 60);
        assertCounts("large.csv", 61);
        JsonNode changes = bundle.receipts("updates").isEmpty()
                ? awaitChanges()
                : bundle.receipts("updates").get(0);
        assertThat(changes.path("updated").asInt()).isEqualTo(2);
        assertThat(api.ringsByExternalId())
                .hasSize(6 + 60 + 61)
                .allSatisfy((id, rings) -> assertThat(rings).as(id).isEqualTo(1));
        await("the end of the open call")
                .untilAsserted(() -> assertThat(Files.readString(bundle.done("first.csv.outcomes.csv")))
                        .contains("Calls back on Monday.", "Wants a visit."));
        await("all events at the HTTP sink").untilAsserted(() -> {
            assertThat(new HashSet<>(receiver.ids())).hasSameSizeAs(receiver.ids());
            assertThat(receiver.requests().stream()
                            .filter(request ->
                                    request.event().path("type").asText().endsWith("lead.accepted")))
                    .hasSize(6 + 60 + 61);
            assertThat(receiver.requests().stream()
                            .filter(request ->
                                    request.event().path("type").asText().endsWith("file.completed")))
                    .hasSizeGreaterThanOrEqualTo(3);
        });
    }

    private JsonNode awaitChanges() {
        await("the receipt of the updates")
                .until(() -> !bundle.receipts("updates").isEmpty());
        return bundle.receipts("updates").get(0);
    }

    private void assertCounts(String file, int accepted) {
        await("all of " + file)
                .untilAsserted(
                        () -> assertThat(bundle.receipt(file).path("accepted").asInt())
                                .isEqualTo(accepted));
        assertThat(bundle.receipt(file).path("read").asInt()).isEqualTo(accepted);
        assertThat(bundle.receipt(file).path("unknown").asInt()).isZero();
    }
}
