package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.app.SmallDisk;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail under the whole bundle: it waits, says why, and resumes by itself without a lead lost or rung twice. */
class DiskFaultsTest {

    /** Leads whose requests may still be made when the ledger cannot be written: eight batches of four, with two in flight. */
    private static final int PLANNED = 32;

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(10)).start();

    @AfterEach
    void close() {
        api.close();
    }

    private static void awaitHealth(Bundle bundle, String words) {
        await("health: " + words).until(() -> bundle.health().contains(words));
    }

    private void awaitRequests(long atLeast) {
        await().until(() -> api.requests(Operation.ADD_LEAD) >= atLeast);
    }

    private void assertEachOnce(Bundle bundle, int leads) {
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", leads));
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(leads);
        new LedgerFile(bundle.data()).awaitDelivered();
        assertThat(bundle.events("leads")).hasSize(leads + 1);
        awaitHealth(bundle, "UP");
    }

    /** Puts something in the way of what is to be written there. */
    private static Path obstruct(Path path) throws Exception {
        if (Files.isDirectory(path)) {
            Files.delete(path);
            return Files.createFile(path);
        }
        return Files.createFile(Files.createDirectory(path).resolve("in-the-way"));
    }

    /** Each file is held at its last lead until what it is to write is obstructed. */
    @Test
    void aSourceThatCannotBeFinishedIsFinishedWhenItCanBe() throws Exception {
        api.faults()
                .always(
                        Operation.ADD_LEAD,
                        request -> String.valueOf(request.externalId()).endsWith("-last"),
                        Fault.hang());
        try (Bundle bundle = Bundle.start(home, api)) {
            finishObstructed(bundle, List.of(""));
            finishObstructed(
                    bundle, List.of("/b.csv", "/c.csv.accepted.csv", "/d.csv.outcomes.csv", "/e.csv.receipt.json"));
            assertThat(api.ringsByExternalId())
                    .isEqualTo(Stream.of("a", "b", "c", "d", "e")
                            .flatMap(file -> Stream.of(file + "-1", file + "-last"))
                            .collect(Collectors.toMap(id -> id, id -> 1)));
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(10);
            new LedgerFile(bundle.data()).awaitDelivered();
            assertThat(bundle.events("leads")).hasSize(15);
            awaitHealth(bundle, "UP");
        }
    }

    /** @param written what is obstructed, below {@code done/acme}: the folder itself, or a file of the source that it names */
    private void finishObstructed(Bundle bundle, List<String> written) throws Exception {
        List<String> files = written.stream()
                .map(each -> each.isEmpty() ? "a.csv" : each.substring(1, 6))
                .toList();
        for (String file : files) {
            String id = file.substring(0, 1);
            int number = 2 * id.charAt(0);
            bundle.drop(
                    file,
                    "externalId,phoneNumber\n%s-1,%s\n%s-last,%s\n"
                            .formatted(id, Given.number(number), id, Given.number(number + 1)));
        }
        await().until(() -> api.faults().hanging() == files.size());
        Map<Path, Path> obstacles = new LinkedHashMap<>();
        for (String each : written) {
            Path path = bundle.data().resolve("done/acme" + each);
            obstacles.put(path, obstruct(path));
        }
        api.faults().release();
        for (int i = 0; i < files.size(); i++) {
            awaitHealth(bundle, files.get(i) + " of acme: ");
            assertThat(bundle.health()).contains("acme" + written.get(i));
        }
        for (Map.Entry<Path, Path> obstacle : obstacles.entrySet()) {
            Files.delete(obstacle.getValue());
            Files.deleteIfExists(obstacle.getKey());
        }
        for (String file : files) {
            assertReceipt(bundle.receipt(file), "read=2 accepted=2");
        }
    }

    @Test
    void aFileThatCannotBeTakenStaysInTheInboxUntilItCan() throws Exception {
        try (Bundle bundle = Bundle.start(home, api)) {
            Path obstacle = Files.createFile(bundle.data().resolve("work"));
            bundle.drop("l.csv", csv("crm", 10));
            awaitHealth(bundle, "l.csv cannot be taken");
            assertThat(bundle.data().resolve("inbox/acme/l.csv")).exists();
            Files.delete(obstacle);

            assertReceipt(bundle.receipt("l.csv"), "read=10 accepted=10");
            assertEachOnce(bundle, 10);
        }
    }

    @Test
    void resultsThatCannotBeWrittenFollowWhenTheyCan() throws Exception {
        try (Bundle bundle = Bundle.start(home, api)) {
            Path obstacle = obstruct(bundle.data().resolve("results/acme"));
            bundle.drop("l.csv", csv("crm", 10));
            assertReceipt(bundle.receipt("l.csv"), "read=10 accepted=10");
            Files.delete(obstacle);
            assertEachOnce(bundle, 10);
        }
    }

    @Test
    void nothingIsSentWhileAnotherProgramHasTheLedgerLocked() throws Exception {
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=2")) {
            bundle.drop("l.csv", csv("crm", 600));
            awaitRequests(10);
            long locked;
            try (Connection other =
                    DriverManager.getConnection("jdbc:sqlite:" + new LedgerFile(bundle.data()).path())) {
                other.createStatement().execute("PRAGMA busy_timeout = 5000");
                other.createStatement().execute("BEGIN IMMEDIATE");
                locked = api.requests(Operation.ADD_LEAD);
                awaitHealth(bundle, "end the other program that has");
                assertThat(api.requests(Operation.ADD_LEAD)).isLessThanOrEqualTo(locked + PLANNED);
            }
            assertReceipt(bundle.receipt("l.csv"), "read=600 accepted=600");
            assertEachOnce(bundle, 600);
        }
    }

    @Test
    void aDataFolderThatWasTakenAwayStopsTheSendingUntilItIsBackAtTheNextStart() throws Exception {
        Path away = home.resolve("away");
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=2")) {
            bundle.drop("l.csv", csv("crm", 600));
            awaitRequests(10);
            Files.move(bundle.data(), away);
            long moved = api.requests(Operation.ADD_LEAD);
            awaitHealth(bundle, "was taken away");
            assertThat(api.requests(Operation.ADD_LEAD)).isLessThanOrEqualTo(moved + PLANNED);
        }
        // The stopped bundle may have made folders again.
        clean(home.resolve("data"));
        Files.move(away, home.resolve("data"));
        try (Bundle bundle = Bundle.start(home, api, "leads.settle-time=1s")) {
            bundle.receipt("l.csv");
            bundle.drop("later.csv", csv("later", 1));
            bundle.receipt("later.csv");
            await().until(() -> Bundle.json(bundle.done("l.csv.receipt.json"))
                            .path("accepted")
                            .asInt()
                    == 600);
            assertThat(api.ringsByExternalId())
                    .hasSize(601)
                    .allSatisfy((id, n) -> assertThat(n).as(id).isEqualTo(1));
        }
    }

    private static void clean(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (var found = Files.walk(folder)) {
                for (Path path :
                        found.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void onAFullDiskNothingIsSentAndItGoesOnWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home.resolve("data"), 64);
                Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=4")) {
            Instant start = Instant.now();
            copyInto(bundle, csv("crm", 3_000));
            awaitRequests(40);
            disk.fill();
            awaitHealth(bundle, "free space on the disk");
            long sent = api.requests(Operation.ADD_LEAD);
            assertThat(sent).isLessThan(3_000);
            awaitHealth(bundle, "free space on the disk");
            assertThat(api.requests(Operation.ADD_LEAD)).isLessThanOrEqualTo(sent + 24);
            disk.free();

            assertReceipt(bundle.receipt("l.csv"), "read=3000 accepted=3000");
            FaultRow.of("disk full", api, "crm", 3_000, 0, Duration.between(start, Instant.now()))
                    .printAndCheck();
            assertEachOnce(bundle, 3_000);
        }
    }

    /** The disk has a file system of its own, so nothing can be renamed into it. */
    private static void copyInto(Bundle bundle, String text) throws Exception {
        Path aside = Files.writeString(bundle.data().resolve("aside"), text);
        Files.move(aside, bundle.data().resolve("inbox/acme/l.csv"));
    }

    @Test
    void aDataFolderThatIsReadOnlyEndsTheStartWithOneLine() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home.resolve("data"), 4)) {
            disk.readOnly();
            assertThatThrownBy(() -> Bundle.start(home, api))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("cannot be written")
                    .hasMessageContaining("Read-only file system");
        }
    }

    /** Trouble that is none of waiting, such as a broken ledger: whatever ends a source's run, it is not forgotten. */
    @Test
    void aSourceWhoseRunBreaksDownIsTriedAgain() {
        List<String> changes = List.of("UPDATE ON source", "INSERT ON lead", "UPDATE ON lead");
        try (Bundle bundle = Bundle.start(home, api, "leads.settle-time=1s")) {
            for (int i = 0; i < changes.size(); i++) {
                String file = "l" + i + ".csv";
                bundle.changeLedger(
                        "CREATE TRIGGER broken BEFORE " + changes.get(i) + " BEGIN SELECT RAISE(ABORT, 'broken'); END");
                bundle.drop(file, csv("crm" + i, 10));
                awaitHealth(bundle, file + " of acme: LedgerException: the ledger cannot be read or written");
                bundle.changeLedger("DROP TRIGGER broken");
                bundle.receipt(file);
            }
            // The absence of what was never sent is only proven beside a lead that was accepted later.
            bundle.drop("later.csv", csv("later", 1));
            bundle.receipt("later.csv");
            for (int i = 0; i < changes.size(); i++) {
                Path receipt = bundle.done("l" + i + ".csv.receipt.json");
                await().until(() -> Bundle.json(receipt).path("accepted").asInt() == 10);
            }
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(31);
            assertThat(api.ringsByExternalId().values()).hasSize(31).containsOnly(1);
            awaitHealth(bundle, "UP");
        }
    }
}
