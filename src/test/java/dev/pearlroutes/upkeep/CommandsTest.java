package dev.pearlroutes.upkeep;

import static dev.pearlroutes.rows.WorkbookFile.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.Texts;
import dev.pearlroutes.rows.WorkbookFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as an operator gives them, beside a bundle that runs or has run. */
class CommandsTest {
    private static final String[] HELD = {"leads.settle-time=1s", "leads.unknown-policy=hold"};

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private String out;
    private String err;

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private static String csv(String prefix, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> prefix + "-" + i + ",Ann " + i + "," + number(i) + "\n")
                .collect(Collectors.joining("", "externalId,name,phoneNumber\n", ""));
    }

    private static String number(int i) {
        return "+1212555%04d".formatted(100 + i);
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    private int command(String... arguments) {
        return command(Map.of(), "", arguments);
    }

    private int command(Map<String, String> environment, String in, String... arguments) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        int code = Commands.execute(
                home.resolve("application.properties"),
                environment,
                new StringReader(in),
                new PrintWriter(stdout, true),
                new PrintWriter(stderr, true),
                arguments);
        out = stdout.toString();
        err = stderr.toString();
        assertThat(err.lines().count()).as(err).isLessThanOrEqualTo(1);
        return code;
    }

    private LedgerFile ledger() {
        return new LedgerFile(home.resolve("data"));
    }

    private JsonNode awaitReceipt(String file, String outcome, int count) {
        await().until(() -> bundle.receipt(file).path(outcome).asInt() == count);
        return bundle.receipt(file);
    }

    @Test
    void wrongArgumentsAreAnsweredInOneLineThatNamesTheHelp() {
        assertThat(command("leads.csv")).isEqualTo(2);
        assertThat(err).contains("leads.csv").contains("see pearl-routes --help");
        assertThat(command("backup")).isEqualTo(2);
        assertThat(err).startsWith("pearl-routes backup: ").contains("FILE");
        assertThat(command("unknown")).isEqualTo(2);
        assertThat(command("stops")).isEqualTo(2);
        assertThat(command("erase")).isEqualTo(2);
        assertThat(command("--help")).isZero();
        assertThat(out)
                .contains(
                        "check",
                        "backup",
                        "story",
                        "unknown",
                        "stops",
                        "erase",
                        "accept-ledger",
                        "CONFIG_DIR",
                        "DATA_DIR");
    }

    @Test
    void theHelpSummarizesEachCommandInOneWholeSentence() {
        assertThat(command("--help")).isZero();
        assertSummaries(8);
        assertThat(command("unknown", "--help")).isZero();
        assertSummaries(3);
        assertThat(command("stops", "--help")).isZero();
        assertSummaries(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "release", "drop"})
    void eachDecisionOnUnknownLeadsHasItsHelp(String decision) {
        assertThat(command("unknown", decision, "--help")).as(err).isZero();
        assertThat(out).contains("Usage: pearl-routes unknown " + decision, "--outbound");
        assertThat(err).isEmpty();
    }

    private void assertSummaries(int commands) {
        String list = out.substring(out.indexOf("Commands:")).split("\\R\\R")[0];
        List<String> summaries = list.lines().skip(1).map(String::strip).toList();
        assertThat(summaries)
                .hasSize(commands)
                .allMatch(summary -> summary.matches("[a-z-]+ +[A-Z][^.]*\\."), "a name and one whole sentence");
    }

    @Test
    void withoutALedgerNothingIsMadeUp() {
        start();
        bundle.close();
        Map<String, String> elsewhere =
                Map.of("DATA_DIR", home.resolve("elsewhere").toString());
        for (List<String> each : List.of(
                List.of("check"),
                List.of("backup", home.resolve("copy").toString()),
                List.of("unknown", "list"),
                List.of("stops", "list"),
                List.of("erase", "--external-id", "crm-1"))) {
            assertThat(command(elsewhere, "", each.toArray(String[]::new))).isEqualTo(1);
            assertThat(err).contains("there is no ledger").contains("DATA_DIR");
        }
        assertThat(home.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void aSoundLedgerIsSoundAlsoWhileTheProgramRuns() {
        start();
        bundle.drop("l.csv", csv("crm", 1, 20) + "crm-1,again," + number(1) + "\nx,none,none\n");
        bundle.receipt("l.csv");

        assertThat(command("check")).as(() -> out).isZero();
        assertThat(out).isEqualTo("Sound: 1 file, 22 rows, 0 calls\n");
        bundle.close();
        assertThat(command("check")).isZero();
    }

    @Test
    void whatDoesNotAddUpIsFound() throws IOException {
        start();
        bundle.drop("l.csv", csv("crm", 1, 4));
        bundle.receipt("l.csv");
        ledger().awaitDelivered();
        bundle.close();
        ledger().change("DELETE FROM lead WHERE row_no = 1");
        ledger().change("UPDATE lead SET lead_id = NULL WHERE row_no = 2");
        ledger().change("UPDATE lead SET state = 'unknown' WHERE row_no = 3");
        ledger().change("UPDATE sink_position SET seq = 1000");

        assertThat(command("check")).isEqualTo(3);
        assertThat(out.lines())
                .containsExactlyInAnyOrder(
                        "source 1 is finished and has 3 outcomes for 4 rows",
                        "row 2 of source 1 is accepted without a leadId",
                        "row 3 of source 1 is open without its request",
                        "the sink file of acme has taken event 1000, which was never made",
                        bundle.done("l.csv.receipt.json") + " says accepted 4, the ledger 2",
                        bundle.done("l.csv.receipt.json") + " says unknown 0, the ledger 1",
                        "6 findings in 1 file, 3 rows, 0 calls");
    }

    @Test
    void aDamagedDatabaseIsFound() throws IOException {
        start();
        bundle.drop("l.csv", csv("crm", 1, 400));
        bundle.receipt("l.csv");
        ledger().awaitDelivered();
        bundle.close();
        byte[] bytes = Files.readAllBytes(ledger().path());
        byte[] id = "crm-200".getBytes(StandardCharsets.UTF_8);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf("crm-200");
        // One letter of an index's key: SQLite does not notice it.
        bytes[at + id.length - 1] = '9';
        Files.write(ledger().path(), bytes);

        assertThat(command("check")).as(() -> out).isEqualTo(3);
        assertThat(out).contains("index");
    }

    @Test
    void aBackupIsSoundItsOwnersAloneAndReplacesNothing() throws IOException {
        start();
        bundle.drop("l.csv", csv("crm", 1, 20));
        bundle.receipt("l.csv");
        Path copy = home.resolve("copy.sqlite");

        assertThat(command("backup", copy.toString())).as(() -> err).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(command(Map.of("LEDGER_URL", "jdbc:sqlite:" + copy), "", "check"))
                .as(() -> err + out)
                .isZero();
        assertThat(out).startsWith("Sound: 1 file, 20 rows");
        byte[] before = Files.readAllBytes(copy);
        assertThat(command("backup", copy.toString())).isEqualTo(1);
        assertThat(err).contains("exists");
        assertThat(copy).hasBinaryContent(before);
        assertThat(command("backup", home.resolve("nowhere/copy").toString())).isEqualTo(1);
        bundle.drop("m.csv", csv("other", 1, 2));
        bundle.receipt("m.csv");
    }

    private void restore(Path copy) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(ledger().path().resolveSibling("ledger.sqlite" + suffix));
        }
        if (copy != null) {
            Files.copy(copy, ledger().path(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private HealthCheck.Result lines() {
        return HealthCheckHelper.invoke(bundle.camel()).stream()
                .filter(result -> result.getCheck().getId().equals("lines"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"restored", "restored with an older mark", "removed"})
    void aLedgerOlderThanTheFilesIsHeldUntilAPersonDecides(String ledger) throws IOException {
        start();
        bundle.drop("a.csv", csv("crm", 1, 5));
        bundle.receipt("a.csv");
        ledger().awaitDelivered();
        Path copy = home.resolve("copy.sqlite");
        assertThat(command("backup", copy.toString())).isZero();
        bundle.drop("b.csv", csv("crm", 6, 10));
        bundle.receipt("b.csv");
        ledger().awaitDelivered();
        bundle.close();
        restore(ledger.startsWith("restored") ? copy : null);
        if (!ledger.equals("restored")) {
            Files.delete(bundle.data().resolve("ledger.mark"));
        }
        List<JsonNode> published = bundle.events("leads");

        start();
        bundle.drop("c.csv", csv("crm", 6, 11));
        assertThat(lines().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(lines().getMessage().orElseThrow())
                .contains("older than the files beside it")
                .contains("accept-ledger");
        assertThat(bundle.camel().getRoutes()).isEmpty();
        bundle.close();
        assertThat(bundle.data().resolve("inbox/acme/c.csv")).exists();
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(10);
        assertThat(bundle.events("leads")).isEqualTo(published);

        assertThat(command("accept-ledger")).as(() -> err).isZero();
        assertThat(command("accept-ledger")).isEqualTo(1);
        assertThat(err).contains("nothing to accept");
        Files.delete(bundle.data().resolve("inbox/acme/c.csv"));
        start();
        bundle.drop("d.csv", csv("new", 1, 2));
        assertThat(bundle.receipt("d.csv").get("accepted").asInt()).isEqualTo(2);
        assertThat(lines().getState()).isEqualTo(HealthCheck.State.UP);
        ledger().awaitDelivered();
        assertThat(bundle.events("leads")).startsWith(published.toArray(JsonNode[]::new));
    }

    /** A copy made in the middle of a file has forgotten whom the rest of it rang. */
    @Test
    void aFileThatWasAtWorkWhenTheLedgerWasCopiedIsSetAside() throws Exception {
        try (Sandbox slow = Bundle.sandbox().latency(Duration.ofMillis(50)).start()) {
            Path copy = home.resolve("copy.sqlite");
            bundle = Bundle.start(home, slow, "nlpearl.max-in-flight=4");
            bundle.drop("l.csv", csv("crm", 1, 2_000));
            await().until(() -> slow.requests(Operation.ADD_LEAD) > 20);
            assertThat(command("backup", copy.toString())).isZero();
            long copied = slow.requests(Operation.ADD_LEAD);
            // All that the copy shows as planned: eight batches of eight.
            await().until(() -> slow.requests(Operation.ADD_LEAD) > copied + 80);
            bundle.close();
            restore(copy);
            long before = slow.requests(Operation.ADD_LEAD);

            bundle = Bundle.start(home, slow);
            assertThat(lines().getMessage().orElseThrow()).contains("ledger.mark notes event");
            bundle.close();
            // As if it were killed in the middle: what showed the ledger's age may be gone by then.
            Path obstacle = bundle.data().resolve("failed/acme");
            Files.delete(obstacle);
            Files.createFile(obstacle);
            assertThat(command("accept-ledger")).isEqualTo(1);
            assertHeld("accept-ledger was begun and not ended");
            Files.delete(obstacle);
            assertThat(command("accept-ledger")).as(() -> err).isZero();
            assertThat(out).contains("Set aside: " + bundle.failed("l.csv"));

            bundle = Bundle.start(home, slow, "leads.settle-time=1s");
            assertThat(bundle.failure("l.csv")).contains("an older ledger was accepted");
            await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE state = 'unknown'") == 0);
            assertThat(slow.requests(Operation.ADD_LEAD)).isEqualTo(before);
            assertThat(slow.ringsByExternalId().values()).containsOnly(1);
        }
    }

    private void assertHeld(String reason) {
        start();
        assertThat(lines().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(lines().getMessage().orElseThrow()).contains(reason);
        assertThat(bundle.camel().getRoutes()).isEmpty();
        bundle.close();
    }

    @Test
    void aMarkThatCannotBeReadIsHeldAndNotPassedOver() throws IOException {
        start();
        bundle.drop("a.csv", csv("crm", 1, 2));
        bundle.receipt("a.csv");
        ledger().awaitDelivered();
        bundle.close();
        Path mark = bundle.data().resolve("ledger.mark");
        assertThat(mark).content().matches("[1-9][0-9]*\n");
        for (String damaged : List.of("", "7", "-1\n", "1e3\n", "99999999999999999999\n", "\u00ff\u0000\n")) {
            Files.writeString(mark, damaged, StandardCharsets.ISO_8859_1);
            assertHeld("ledger.mark is damaged");
        }
        Files.delete(mark);
        Files.createDirectory(mark);
        assertHeld("ledger.mark cannot be read");
        Files.delete(mark);

        start();
        bundle.drop("b.csv", csv("crm", 3, 4));
        assertThat(bundle.receipt("b.csv").get("accepted").asInt()).isEqualTo(2);
    }

    private void startWithTwoHeld() {
        start(HELD);
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-2"), Fault.drop());
        bundle.drop("l.csv", csv("crm", 1, 12));
        bundle.receipt("l.csv");
        await().until(() ->
                ledger().number("SELECT count(*) FROM lead WHERE state = 'unknown' AND look_up_at IS NULL") == 2);
    }

    @Test
    void heldLeadsAreReleasedAndDroppedWhileTheProgramRuns() {
        startWithTwoHeld();
        assertThat(command("unknown", "list")).isZero();
        assertThat(out)
                .contains("acme\tl.csv\t2\tcrm-1\t")
                .contains("acme\tl.csv\t3\tcrm-2\t")
                .contains("held by leads.unknown-policy")
                .endsWith("2 unknown\n");

        assertThat(command("unknown", "release", "l.csv", "--line", "2"))
                .as(() -> err)
                .isZero();
        assertThat(out).isEqualTo("1 released\n");
        await().until(() -> ledger().number("SELECT count(*) FROM lead WHERE state = 'accepted'") == 11);
        assertThat(api.ringsByExternalId()).hasSize(11).containsEntry("crm-1", 1);

        assertThat(command("unknown", "drop", "l.csv", "--all")).as(() -> err).isZero();
        assertThat(awaitReceipt("l.csv", "cancelled", 1).get("unknown").asInt()).isZero();
        assertThat(bundle.done("l.csv.unknown.csv")).doesNotExist();
        assertThat(Bundle.text(bundle.done("l.csv.skipped.csv")))
                .contains("crm-2,")
                .contains("given up by a person");
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .extracting(event -> event.get("type").asText())
                .contains("ai.nlpearl.lead.cancelled"));
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(13);

        assertThat(command("unknown", "drop", "l.csv", "--all")).isEqualTo(1);
        assertThat(err).contains("no such lead is unknown");
        assertThat(command("check")).as(() -> out).isZero();
    }

    @Test
    void aReleasedLeadThatWasCalledAfterAllIsNotCalledAgain() {
        start(HELD);
        api.faults()
                .next(
                        1,
                        Operation.ADD_LEAD,
                        Faults.externalId("crm-1"),
                        Fault.drop().afterEffect());
        api.faults().always(Operation.SEARCH_LEADS, request -> true, Fault.status(500, "down"));
        bundle.drop("l.csv", csv("crm", 1, 12));
        bundle.receipt("l.csv");
        assertThat(command("unknown", "release", "l.csv", "--all"))
                .as(() -> err)
                .isZero();
        api.faults().clear();

        assertThat(awaitReceipt("l.csv", "accepted", 12).get("unknown").asInt()).isZero();
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(12);
    }

    @Test
    void aReleaseIsAPersonsWordWhereTheSearchProvesNothing() {
        try (Sandbox blind = Bundle.sandbox()
                .searchCoversExternalId(false)
                .externalSpellings()
                .start()) {
            bundle = Bundle.start(home, blind, HELD);
            blind.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-1"), Fault.drop());
            bundle.drop("l.csv", csv("crm", 1, 3));
            bundle.receipt("l.csv");
            assertThat(command("unknown", "release", "l.csv", "--all")).isZero();

            awaitReceipt("l.csv", "accepted", 3);
            assertThat(blind.ringsByExternalId()).hasSize(3).containsEntry("crm-1", 1);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** What grep -r finds, the database and packed files included. */
    private List<Path> holding(String text) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("data"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> content(file).contains(text))
                    .toList();
        }
    }

    private static String content(Path file) {
        try (var bytes = Files.newInputStream(file)) {
            return new String(
                    (file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes).readAllBytes(),
                    StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anErasedPersonIsFoundNowhereAndReceiptsStillAddUp() throws IOException {
        start(HELD);
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("open-7"), Fault.drop());
        bundle.drop("l.csv", csv("crm", 1, 12));
        bundle.drop(
                "bad.csv",
                "externalId;phoneNumber\nbad-1;(212) 555-0107 ext 9\nbad-2;" + number(7) + "x\nbad-3;none\n");
        bundle.drop("p.csv.gz", gzip(csv("packed", 7, 8)));
        bundle.drop(
                "j.json",
                "[{\"externalId\":\"json-7\",\"phoneNumber\":\"" + number(7)
                        + "\"},{\"externalId\":\"json-8\",\"phoneNumber\":\"" + number(8) + "\"}]");
        bundle.drop("open.csv", csv("open", 7, 9));
        bundle.receipt("l.csv");
        bundle.drop("dup.csv", csv("crm", 7, 8));
        for (String file : List.of("bad.csv", "p.csv.gz", "j.json", "open.csv", "dup.csv")) {
            bundle.receipt(file);
        }
        api.addCall("ob-1", null, call -> call.put("id", "call-7").put("to", number(7)));
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, number(8)),
                call -> call.put("id", "call-8").put("to", number(8)));
        bundle.searchCalls();
        // The call of the erased number waits for the lead that is still unknown, and is in the ledger meanwhile.
        await().until(() -> ledger().number("SELECT count(*) FROM event") == 0
                && ledger().number("SELECT count(*) FROM call WHERE seen LIKE '%2125550107%'") == 1);
        bundle.close();
        assertThat(holding("2125550107")).isNotEmpty();
        List<JsonNode> published = bundle.events("leads");

        int code = command(Map.of(), number(7) + "\n", "erase", "--phone", "-");

        assertThat(code).as(() -> out + err).isZero();
        assertThat(out).endsWith("Erased\n");
        for (String trace : List.of("2125550107", "crm-7", "packed-7", "json-7", "open-7", "Ann 7")) {
            assertThat(holding(trace)).as(trace).isEmpty();
        }
        assertThat(holding("crm-8")).isNotEmpty();
        assertThat(holding("2125550108")).isNotEmpty();
        assertThat(Bundle.text(bundle.done("l.csv")))
                .hasLineCount(13)
                .contains("erased,erased,erased\n")
                .contains("crm-6,Ann 6," + number(6));
        assertThat(Bundle.text(bundle.done("l.csv.accepted.csv")))
                .hasLineCount(13)
                .contains("erased,erased,erased,");
        assertThat(command("check")).as(() -> out).isZero();

        start(HELD);
        assertThat(bundle.receipt("l.csv").get("accepted").asInt()).isEqualTo(12);
        assertThat(bundle.receipt("open.csv").get("cancelled").asInt()).isEqualTo(1);
        bundle.drop("again.csv", csv("crm", 6, 7));
        assertThat(bundle.receipt("again.csv").get("duplicate").asInt()).isEqualTo(1);
        assertThat(bundle.receipt("again.csv").get("accepted").asInt()).isEqualTo(1);
        ledger().awaitDelivered();
        assertThat(bundle.events("leads").size()).isGreaterThan(published.size());
    }

    /** Its body is in the ledger, and nobody else has it. */
    @Test
    void aPersonIsErasedFromAnUnfinishedRequestAndNotCalledWhenTheProgramStarts() throws IOException {
        start();
        bundle.drop("outbound.pause", "");
        await().until(() -> ledger().number("SELECT count(*) FROM meta WHERE name LIKE 'paused-outbound/%'") == 1);
        List<String> bodies = List.of(
                "[" + lead(1) + "," + lead(7) + "," + lead(2) + "]",
                lead(7).replace("crm-7", "crm-17"),
                lead(3) + "\n" + lead(7) + "\n");
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(post(bodies.get(i), "order-crm-7-" + i)).isEqualTo(202);
        }
        bundle.close();
        assertThat(holding("2125550107")).isNotEmpty();

        assertThat(command("erase", "--phone", number(7))).as(() -> out + err).isZero();

        assertThat(out).contains("acme: request 1, 1 row", "acme: request 2, 1 row", "acme: request 3, 1 row");
        for (String trace : List.of("2125550107", "crm-7", "crm-17")) {
            assertThat(holding(trace)).as(trace).isEmpty();
        }
        start();
        assertThat(post(bodies.get(1), "order-crm-7-1")).isEqualTo(409);
        bundle.drop("outbound.resume", "");
        await().until(() -> ledger().number("SELECT count(*) FROM source WHERE state = 'finished'") == 3);
        assertThat(api.ringsByExternalId()).containsOnlyKeys("crm-1", "crm-2", "crm-3");
        assertThat(ledger().number("SELECT count(*) FROM lead WHERE state IN ('rejected', 'cancelled')"))
                .isEqualTo(3);
        assertThat(ledger().number("SELECT count(*) FROM request")).isZero();
    }

    @Test
    void ofAFinishedRequestWithAnErasedPersonNeitherKeyNorChecksumIsKept() throws IOException {
        start();
        assertThat(post(lead(7), "order-crm-7", "Prefer", "wait=30")).isEqualTo(200);
        ledger().awaitDelivered();
        bundle.close();

        assertThat(command("erase", "--phone", number(7))).as(() -> out + err).isZero();

        for (String trace : List.of("2125550107", "crm-7", Digests.sha256(lead(7).getBytes(StandardCharsets.UTF_8)))) {
            assertThat(holding(trace)).as(trace).isEmpty();
        }
        start();
        assertThat(post(lead(7), "order-crm-7")).isEqualTo(409);
        assertThat(api.leads("ob-1")).hasSize(1);
    }

    @Test
    void anUnfinishedRequestThatCannotBeReadIsNamed() {
        start();
        bundle.drop("outbound.pause", "");
        await().until(() -> ledger().number("SELECT count(*) FROM meta WHERE name LIKE 'paused-outbound/%'") == 1);
        assertThat(post(lead(7), "order-1")).isEqualTo(202);
        bundle.close();
        ledger().change("UPDATE request SET body = CAST('{' AS BLOB)");

        assertThat(command("erase", "--phone", number(7))).isEqualTo(1);

        assertThat(out).contains("Request 1 of acme is unfinished and can't be read: start the program");
    }

    private static String lead(int i) {
        return "{\"externalId\":\"crm-" + i + "\",\"phoneNumber\":\"" + number(i) + "\"}";
    }

    private int post(String body, String key, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json", "Idempotency-Key", key));
        all.addAll(List.of(headers));
        return bundle.http()
                .post("/api/outbounds/acme/leads", body, all.toArray(String[]::new))
                .statusCode();
    }

    @Test
    void anErasureByExternalIdLeavesOthersAloneAndNamesWhatItCannotRewrite() throws IOException {
        start();
        bundle.drop("l.csv", csv("crm", 1, 12));
        bundle.drop("broken.json", "[{\"externalId\":\"crm-1\",\"phoneNumber\":\"" + number(1) + "\"}");
        bundle.receipt("l.csv");
        bundle.failure("broken.json");
        ledger().awaitDelivered();

        assertThat(command("erase", "--external-id", "crm-1")).isEqualTo(1);
        assertThat(err).contains("another pearl-routes process");
        bundle.close();
        assertThat(command("erase", "--external-id", "crm-1")).isEqualTo(1);

        assertThat(out)
                .contains("Still there, or can't be searched, look at it yourself: " + bundle.failed("broken.json"));
        assertThat(Bundle.text(bundle.done("l.csv")))
                .doesNotContain("crm-1,")
                .contains("crm-10,", "crm-11,", "crm-12,");
        assertThat(ledger().holds("crm-10")).isTrue();
        Files.delete(bundle.failed("broken.json"));
        assertThat(command("erase", "--external-id", "crm-1"))
                .as("all of it is erased already")
                .isEqualTo(1);
        assertThat(out).contains("ledger.sqlite").endsWith("Nothing of this person was found\n");
        assertThat(command("erase", "--external-id", "crm-2")).isZero();
        assertThat(command("erase", "--phone", "5550101")).isEqualTo(1);
        assertThat(err).contains("country code").doesNotContain("5550101");
        assertThat(command("erase", "--outbound", "none", "--external-id", "crm-2"))
                .isEqualTo(1);
    }

    /** Former versions took words for nothing as ids, so that many persons share one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anErasureByNumberTakesNobodyElseWhoWasSentUnderAWordForNothing(boolean fileIsThere) throws IOException {
        start();
        bundle.drop("l.csv", "externalId,name,phoneNumber\nNULL,Ann," + number(1) + "\nNULL,Ben," + number(2) + "\n");
        assertThat(bundle.receipt("l.csv").get("accepted").asInt()).isEqualTo(2);
        ledger().awaitDelivered();
        bundle.close();
        ledger().change("UPDATE lead SET external_id = 'NULL', turn = row_no");
        if (!fileIsThere) {
            Files.delete(bundle.done("l.csv"));
        }

        assertThat(command("erase", "--phone", number(1))).isEqualTo(fileIsThere ? 0 : 1);

        assertThat(out)
                .contains("acme: l.csv, 1 row\n")
                .doesNotContain(bundle.done("l.csv").toString() + "\n");
        assertThat(ledger().column("SELECT row_no || coalesce(external_id, '-') FROM lead ORDER BY row_no"))
                .containsExactly("1-", "2NULL");
        if (fileIsThere) {
            assertThat(Bundle.text(bundle.done("l.csv"))).contains("erased,erased,erased\nNULL,Ben," + number(2));
        }
        assertThat(command("erase", "--external-id", "NULL")).isEqualTo(1);
        assertThat(err).contains("that is a word for nothing and nobody's externalId: give the number");
    }

    /** What an erasure needs to know a person by must not go before all else that is found by it. */
    @Test
    void anErasureThatBreaksOffIsCompletedByItsRepetition() throws IOException {
        start();
        bundle.drop("a.csv", csv("crm", 1, 3));
        bundle.receipt("a.csv");
        bundle.drop("b.csv", "externalId,name,phoneNumber\ncrm-1,Ann 1,none\ncrm-9,Ann 9," + number(9) + "\n");
        bundle.receipt("b.csv");
        ledger().awaitDelivered();
        bundle.close();
        Path obstacle = Files.createDirectory(bundle.done("..b.csv.erased.part"));

        assertThat(command("erase", "--phone", number(1))).isEqualTo(1);
        Files.delete(obstacle);
        assertThat(command("erase", "--phone", number(1))).as(() -> out + err).isZero();

        for (String trace : List.of("crm-1", "Ann 1", "2125550101")) {
            assertThat(holding(trace)).as(trace).isEmpty();
        }
        assertThat(command("check")).as(() -> out).isZero();
    }

    @Test
    void anErasureFromAWorkbookLeavesNothingInAnyPartOfIt() throws IOException {
        start();
        byte[] leads = WorkbookFile.of(
                        "Kunden",
                        row("phoneNumber", "externalId", "name", " "),
                        row(number(1), "crm-1", "Ann 1", "Ann 1 is not read"),
                        row(
                                WorkbookFile.raw("", "<v>" + number(2).substring(1) + "</v>"),
                                WorkbookFile.raw("t=\"inlineStr\"", "<is><t>crm-2</t></is>"),
                                WorkbookFile.raw("t=\"str\"", "<f>\"Ann \"&amp;2</f><v>Ann 2</v>"),
                                "kept"),
                        row("555", "crm-3", "Ann 3"),
                        row(number(4), "crm-4", WorkbookFile.raw("t=\"e\"", "<f>1/0</f><v>#DIV/0!</v>")))
                .sheet("Notes", row("Ann 1 of " + number(1) + " wants a visit"))
                .part("xl/comments1.xml", "<comments><t>crm-1</t></comments>")
                .part("docProps/core.xml", "<coreProperties><creator>Ann 1</creator></coreProperties>")
                .bytes();
        bundle.drop("l.xlsx", leads);
        assertThat(bundle.receipt("l.xlsx").get("accepted").asInt()).isEqualTo(2);
        String rejected = Bundle.text(bundle.done("l.xlsx.rejected.csv"));
        ledger().awaitDelivered();
        bundle.close();

        assertThat(command("erase", "--phone", number(1))).as(() -> out + err).isZero();

        for (String trace : List.of("crm-1", "Ann 1", number(1).substring(1))) {
            assertThat(holding(trace)).as(trace).isEmpty();
            assertThat(parts(bundle.done("l.xlsx"))).as(trace).noneMatch(part -> part.contains(trace));
        }
        List<Row> rows = Texts.rows("l.xlsx", bundle.done("l.xlsx"));
        assertThat(rows)
                .extracting(Row::cells)
                .containsExactly(
                        List.of("erased", "erased", "erased", "erased"),
                        List.of(number(2).substring(1), "crm-2", "Ann 2", "kept"),
                        List.of("555", "crm-3", "Ann 3", ""),
                        List.of(number(4), "crm-4", "#DIV/0!", ""));
        assertThat(rows).extracting(Row::line).containsExactly(2L, 3L, 4L, 5L);
        assertThat(rows.get(1).problem()).isNull();
        assertThat(rows.get(3).problem()).contains("has a formula without a result");
        assertThat(Bundle.text(bundle.done("l.xlsx.accepted.csv"))).contains("crm-2");
        assertThat(Bundle.text(bundle.done("l.xlsx.rejected.csv"))).isEqualTo(rejected);
        assertThat(bundle.receipt("l.xlsx").get("sha256").asText()).isEqualTo(Digests.sha256(bundle.done("l.xlsx")));
        assertThat(command("check")).as(() -> out).isZero();
        assertThat(command("erase", "--external-id", "crm-2"))
                .as(() -> out + err)
                .isZero();
        assertThat(parts(bundle.done("l.xlsx"))).noneMatch(part -> part.contains("crm-2") || part.contains("Ann 2"));
    }

    private static List<String> parts(Path archive) throws IOException {
        List<String> parts = new ArrayList<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream part = zip.getInputStream(entry)) {
                    parts.add(new String(part.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return parts;
    }

    @Test
    void anErasureNamesFilesThatCannotBeSearched() throws IOException {
        start();
        byte[] workbook =
                WorkbookFile.of("Leads", row("phoneNumber"), row(number(1))).bytes();
        bundle.drop("broken.xlsx", Arrays.copyOf(workbook, workbook.length - 30));
        bundle.drop("other.xlsx", WorkbookFile.of("Notes", row(number(1))).bytes());
        bundle.drop("sound.xlsx", WorkbookFile.of("Notes", row(number(2))).bytes());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(csv("crm", 1, 9).getBytes(StandardCharsets.UTF_8));
        }
        bundle.drop("cut.csv.gz", Arrays.copyOf(packed.toByteArray(), packed.size() - 20));
        List<String> files = List.of("broken.xlsx", "other.xlsx", "cut.csv.gz", "sound.xlsx");
        files.forEach(bundle::failure);
        bundle.close();

        assertThat(command("erase", "--phone", number(1))).isEqualTo(1);

        assertThat(out.lines().filter(line -> line.contains("look at it yourself: ")))
                .extracting(line -> Path.of(line.substring(line.indexOf(": ") + 2)))
                .containsExactlyInAnyOrder(
                        bundle.failed("broken.xlsx"), bundle.failed("cut.csv.gz"), bundle.failed("other.xlsx"));
    }

    /** A kill between the record of an erasure and the files that it has still to put in their places. */
    @Test
    void anErasureThatIsOnRecordIsCompletedByTheNextStart() throws IOException {
        start();
        bundle.drop("a.csv", csv("crm", 1, 3));
        bundle.receipt("a.csv");
        ledger().awaitDelivered();
        bundle.close();
        Path file = bundle.done("a.csv");
        Path results = bundle.done("a.csv.accepted.csv");
        String before = Bundle.text(file);
        String resultsBefore = Bundle.text(results);
        assertThat(command("erase", "--external-id", "crm-1")).isZero();
        Files.move(file, file.resolveSibling(".a.csv.erased"));
        Files.writeString(file, before);
        Files.writeString(results, resultsBefore);
        ledger().change("UPDATE source SET changed_at = 1");

        start();

        await().until(() -> !Bundle.text(results).contains("crm-1"));
        assertThat(holding("crm-1")).isEmpty();
        assertThat(Bundle.text(file)).contains("erased,erased,erased").contains("crm-3");
        assertThat(file.resolveSibling(".a.csv.erased")).doesNotExist();
    }
}
