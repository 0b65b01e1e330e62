package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route file-sink in the whole bundle: each event once, whatever happens to process, file and folder. */
class FileSinkTest {
    @TempDir
    Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private LedgerFile ledger;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start() {
        bundle = Bundle.start(home, api);
        ledger = new LedgerFile(bundle.data());
    }

    @Test
    void everyEventIsInTheFilesOnceAcrossRestarts() {
        start();
        send("a.csv", 3);
        bundle.close();
        start();
        send("b.csv", 2);
        call("c-1");
        bundle.searchCalls();
        ledger.awaitDelivered();
        bundle.close();
        start();
        bundle.searchCalls();
        ledger.awaitDelivered();

        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1", "a.csv-2", "b.csv-0", "b.csv-1");
        assertThat(bundle.events("calls")).hasSize(1);
        assertThat(ids()).doesNotHaveDuplicates();
    }

    @Test
    void theFilesAreTheOwnersAlone() throws IOException {
        start();
        send("a.csv", 1);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("leads"))))
                .isEqualTo("rw-------");
        assertThat(file("leads").getFileName().toString()).matches("leads-\\d{4}-\\d\\d-\\d\\d\\.jsonl");
    }

    @Test
    void aTornTailIsCutOff() throws IOException {
        start();
        send("a.csv", 2);
        bundle.close();
        Files.writeString(file("leads"), "{\"specversion\":\"1.0\",\"id\":\"torn", StandardOpenOption.APPEND);

        start();
        send("b.csv", 1);

        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1", "b.csv-0");
        assertThat(Bundle.text(file("leads"))).doesNotContain("torn").endsWith("}\n");
    }

    @Test
    void aCrashBetweenAppendingAndTakingNoteDoublesNothing() throws IOException {
        start();
        send("a.csv", 2);
        obstruct();
        drop("b.csv", 3);
        bundle.receipt("b.csv");
        bundle.close();
        Path before = home.resolve("ledger-before");
        Files.copy(ledger.path(), before);
        clear();

        start();
        ledger.awaitDelivered();
        bundle.close();
        assertThat(leads()).hasSize(5);
        // The events are in the file; the ledger does not know it.
        Files.copy(before, ledger.path(), StandardCopyOption.REPLACE_EXISTING);

        start();
        ledger.awaitDelivered();
        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1", "b.csv-0", "b.csv-1", "b.csv-2");
        assertThat(ids()).doesNotHaveDuplicates();
    }

    @Test
    void theVeryFirstDeliveryMayDieToo() throws IOException {
        start();
        obstruct();
        drop("a.csv", 2);
        bundle.receipt("a.csv");
        // Taken note of as new and appended to, but not as delivered.
        bundle.close();
        clear();
        Files.writeString(today(), "{\"half\":\"a line");
        ledger.change(
                "INSERT INTO sink_file (outbound, name, length) VALUES ('acme', '" + today().getFileName() + "', 0)");

        start();
        ledger.awaitDelivered();

        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1");
        assertThat(Bundle.text(file("leads"))).doesNotContain("half");
    }

    @Test
    void aFileThatTheOwnerTookAwayBeginsAnew() throws IOException {
        start();
        send("a.csv", 2);
        Files.delete(file("leads"));
        send("b.csv", 1);
        assertThat(leads()).containsExactly("b.csv-0");

        bundle.close();
        Files.delete(file("leads"));
        start();
        send("c.csv", 1);
        assertThat(leads()).containsExactly("c.csv-0");
    }

    @Test
    void aFileThatTheOwnerEmptiedBeginsAnew() throws IOException {
        start();
        send("a.csv", 2);
        Files.write(file("leads"), new byte[0]);
        send("b.csv", 1);

        assertThat(leads()).containsExactly("b.csv-0");
    }

    @Test
    void aNewLedgerKeepsWhatAnOlderOneWrote() throws IOException {
        start();
        send("a.csv", 2);
        bundle.close();
        Files.delete(ledger.path());
        // What shows that leads were sent before: with it the new ledger would be held.
        Files.delete(bundle.data().resolve("ledger.mark"));
        Files.delete(bundle.data().resolve("ledger.id"));
        Files.delete(bundle.data().resolve("done/acme/a.csv.receipt.json"));

        start();
        send("b.csv", 1);

        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1", "b.csv-0");
    }

    @Test
    void aFolderThatCannotBeWrittenHoldsUpNothingElseAndIsCaughtUpWith() throws IOException {
        start();
        obstruct();

        drop("a.csv", 3);
        assertThat(bundle.receipt("a.csv").path("accepted").asInt()).isEqualTo(3);
        call("c-1");
        bundle.searchCalls();
        await().until(() -> ledger.number("SELECT count(*) FROM event") == 5);

        clear();
        ledger.awaitDelivered();
        assertThat(leads()).containsExactly("a.csv-0", "a.csv-1", "a.csv-2");
        assertThat(bundle.events("calls")).hasSize(1);
        assertThat(ids()).doesNotHaveDuplicates();
    }

    @Test
    void noNumberStaysInTheLedgerOnceEverySinkHasTheEvents() {
        start();
        obstructed(() -> {
            drop("a.csv", 300);
            bundle.receipt("a.csv");
            call("c-1");
            bundle.searchCalls();
            assertThat(ledger.column("SELECT json FROM event")).anyMatch(json -> json.contains("+12025550"));
        });
        ledger.awaitDelivered();
        bundle.close();

        assertThat(ledger.holds("specversion")).as("an event").isFalse();
        assertThat(ledger.holds("a.csv-0")).as("proof that the scan finds text").isTrue();
        for (int i = 0; i < 300; i++) {
            assertThat(ledger.holds(number(i))).as(number(i)).isFalse();
        }
    }

    // --- helpers ---

    private void send(String file, int rows) {
        drop(file, rows);
        bundle.receipt(file);
        ledger.awaitDelivered();
    }

    private void drop(String file, int rows) {
        bundle.drop(
                file,
                "phoneNumber,externalId\n"
                        + IntStream.range(0, rows)
                                .mapToObj(i -> number(i) + "," + file + "-" + i + "\n")
                                .collect(Collectors.joining()));
    }

    private static String number(int i) {
        return String.format("+1202555%04d", i);
    }

    private void call(String id) {
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, number(0)),
                json -> json.put("id", id).put("to", number(0)));
    }

    private Path folder() {
        return home.resolve("data/results/acme");
    }

    private Path file(String stream) {
        try (var files = Files.list(folder())) {
            return files.filter(file -> file.getFileName().toString().startsWith(stream))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path today() {
        return folder().resolve("leads-" + LocalDate.now(ZoneOffset.UTC) + ".jsonl");
    }

    /** Puts a file where the folder was: nobody writes below that, not even root. */
    private void obstruct() throws IOException {
        Files.move(folder(), home.resolve("aside"));
        Files.createFile(folder());
    }

    private void clear() throws IOException {
        Files.delete(folder());
        Files.move(home.resolve("aside"), folder());
    }

    private void obstructed(Runnable work) {
        try {
            obstruct();
            work.run();
            clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> leads() {
        return bundle.events("leads").stream()
                .filter(event -> event.path("type").asText().startsWith("ai.nlpearl.lead."))
                .map(event -> event.path("data").path("externalId").asText())
                .sorted()
                .toList();
    }

    private List<String> ids() {
        return Stream.of("leads", "calls")
                .flatMap(stream -> bundle.events(stream).stream())
                .map(event -> event.path("id").asText())
                .toList();
    }
}
