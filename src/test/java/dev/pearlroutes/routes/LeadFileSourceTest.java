package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.gzip;
import static dev.pearlroutes.routes.Given.rings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeadFileSourceTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void takesAFileOutOfTheInboxAndPutsItUnchangedIntoDone() {
        String content = csv("crm", 2);
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", content);
            assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
            assertThat(text(bundle.done("l.csv"))).isEqualTo(content);
            assertThat(bundle.receipt("l.csv").path("file").asText()).isEqualTo("l.csv");
            assertThat(bundle.receipt("l.csv").path("outbound").asText()).isEqualTo("acme");
            assertThat(bundle.receipt("l.csv").path("sha256").asText()).hasSize(64);
            await().until(() -> below(bundle.data().resolve("work")).noneMatch(Files::isRegularFile));
            assertThat(left(bundle.data().resolve("inbox/acme"))).isEmpty();
        }
    }

    @Test
    void aSecondFileOfTheSameNameOverwritesNothing() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("a", 1));
            bundle.receipt("l.csv");
            bundle.drop("l.csv", csv("b", 2));
            await().until(() -> below(bundle.done(""))
                    .anyMatch(file ->
                            file.getFileName().toString().matches("l\\.\\d{8}T\\d{6}Z\\.csv\\.receipt\\.json")));
            assertReceipt(bundle.receipt("l.csv"), "read=1 accepted=1");
            assertThat(text(bundle.done("l.csv"))).isEqualTo(csv("a", 1));
            assertThat(api.ringsByExternalId()).containsOnlyKeys("a-1", "b-1", "b-2");
        }
    }

    /** What only failed was not sent under the name, so the mended file has it. */
    @Test
    void aFileAfterOneThatFailedHasItsNameAndNeitherOverwritesTheOther() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", "no header");
            String reason = bundle.failure("l.csv");
            bundle.drop("l.csv", csv("a", 1));
            assertReceipt(bundle.receipt("l.csv"), "read=1 accepted=1");
            assertThat(text(bundle.failed("l.csv"))).isEqualTo("no header");
            assertThat(text(bundle.failed("l.csv.reason.txt"))).isEqualTo(reason);
        }
    }

    @Test
    void aFileThatFailsAgainHasItsNameAndTheEarlierOneIsKept() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", "no header");
            bundle.failure("l.csv");
            bundle.drop("l.csv", "nor this");
            await().until(() ->
                    below(bundle.failed("")).filter(Files::isRegularFile).count() == 4);
            assertThat(text(bundle.failed("l.csv"))).isEqualTo("nor this");
            assertThat(below(bundle.failed("")).map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.matches("l\\.\\d{8}T\\d{6}Z\\.csv(\\.reason\\.txt)?"))
                    .hasSize(2);
        }
    }

    @Test
    void aSecondFileOfTheSameNameIsTakenWhileTheFirstIsSent() {
        try (Sandbox slow = Bundle.sandbox().latency(Duration.ofMillis(300)).start();
                Bundle bundle = Bundle.start(home, slow, "nlpearl.max-in-flight=2")) {
            bundle.drop("l.csv", csv("big", 200));
            await().until(() -> slow.requests(Operation.ADD_LEAD) > 0);
            bundle.drop("l.csv", "no header");
            await().until(() ->
                    below(bundle.failed("")).anyMatch(file -> file.toString().endsWith(".reason.txt")));
            assertThat(bundle.done("l.csv.receipt.json")).doesNotExist();
            assertThat(slow.requests(Operation.ADD_LEAD)).isLessThan(200);
        }
    }

    /** A link or a mount: no renaming leads out of it. */
    @Test
    void takesFilesOutOfAnInboxOnAnotherFileSystem() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(home)));
        Path elsewhere = Files.createTempDirectory(memory, "inbox");
        try {
            Files.createDirectories(home.resolve("data/inbox"));
            Files.createSymbolicLink(home.resolve("data/inbox/acme"), elsewhere);
            try (Bundle bundle = Bundle.start(home, api)) {
                // A move from another file system is a copy that keeps the time.
                bundle.drop("l.csv", csv("crm", 2));
                assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
                assertThat(text(bundle.done("l.csv"))).isEqualTo(csv("crm", 2));
                // The original stays for a while, under a name that nothing takes: its writer may write on.
                assertThat(left(elsewhere)).containsExactly(".l.csv.1.taken");
                await().until(() -> below(bundle.data().resolve("work")).noneMatch(Files::isRegularFile));
            }
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 2));
        } finally {
            for (Path path : below(elsewhere).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Who drops a file named like another's result file must get neither overwritten. */
    @Test
    void aFileNamedLikeAResultFileIsNotOverwrittenByIt() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv.accepted.csv", csv("a", 1));
            bundle.receipt("l.csv.accepted.csv");
            bundle.drop("l.csv.reason.txt", "no leads");
            bundle.failure("l.csv.reason.txt");
            bundle.drop("l.csv", csv("b", 1));
            await().until(() -> api.ringsByExternalId().containsKey("b-1"));
            await().until(() -> below(bundle.done(""))
                            .filter(file -> file.toString().endsWith("receipt.json"))
                            .count()
                    == 2);
            assertThat(text(bundle.done("l.csv.accepted.csv"))).isEqualTo(csv("a", 1));
            assertThat(text(bundle.failed("l.csv.reason.txt"))).isEqualTo("no leads");
        }
    }

    /** As a share keeps the original's time while it copies, or as one whose clock is off. */
    @ParameterizedTest
    @ValueSource(longs = {-3600, -2, 0, 2, 3600})
    void aFileThatIsStillBeingWrittenIsWaitedForWhateverItsTimeStampSays(long off) throws IOException {
        try (Bundle bundle = Bundle.start(home, api, "files.quiet-time=1s")) {
            Path file = bundle.data().resolve("inbox/acme/l.csv");
            Instant until = Instant.now().plusSeconds(3);
            try (Writer writer = Files.newBufferedWriter(file)) {
                writer.write("externalId,phoneNumber\n");
                int[] i = {0};
                await().pollInterval(Duration.ofMillis(250)).until(() -> {
                    i[0]++;
                    writer.write("crm-" + i[0] + "," + Given.number(i[0]) + "\n");
                    writer.flush();
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(off)));
                    assertThat(file).exists();
                    return Instant.now().isAfter(until);
                });
                assertThat(api.requests(Operation.ADD_LEAD)).isZero();
            }
            int rows = (int) text(file).lines().count() - 1;
            assertThat(rows).isGreaterThan(8);
            assertReceipt(bundle.receipt("l.csv"), "read=" + rows + " accepted=" + rows);
        }
    }

    @Test
    void aFileThatCannotBeReadIsSetAsideWithTheReasonAndNothingOfItIsSent() {
        byte[] bom = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        byte[] latin = "externalId,phoneNumber,firstName\na-1,+12125550101,Zo\u00eb\n"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] packed = gzip(csv("cut", 500).getBytes(UTF_8));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("empty.csv", new byte[0]);
        files.put("empty.json", new byte[0]);
        files.put("bom-only.csv", bom);
        files.put("broken-utf8.csv", latin);
        files.put(
                "cut-off.json",
                ("[{\"externalId\":\"a-2\",\"phoneNumber\":\"+12125550102\"}," + "{\"externalId\":\"a-3\",\"phone")
                        .getBytes(UTF_8));
        files.put("cut-off.csv.gz", Arrays.copyOf(packed, packed.length - 20));
        files.put("no-gzip.csv.gz", csv("a", 3).getBytes(UTF_8));
        files.put(
                "bomb.csv.gz",
                gzip(("externalId,phoneNumber\n" + "a,+12125550101\n".repeat(3_000_000)).getBytes(UTF_8)));
        files.put("no-phone.csv", "externalId,name\na-4,Zoë\n".getBytes(UTF_8));
        files.put("no-header.csv", "a-5,+12125550105\na-6,+12125550106\n".getBytes(UTF_8));
        files.put("sheet.xlsx", csv("a", 3).getBytes(UTF_8));
        files.put("no-ending", csv("a", 3).getBytes(UTF_8));
        files.put("open-quote.csv", "externalId,phoneNumber\na-7,\"+12125550107\na-8,+12125550108\n".getBytes(UTF_8));
        try (Bundle bundle = Bundle.start(home, api)) {
            files.forEach(bundle::drop);
            for (String file : files.keySet()) {
                assertThat(bundle.failure(file))
                        .as(file)
                        .isNotBlank()
                        .hasLineCount(1)
                        .doesNotContain("Exception")
                        .doesNotContain("+1212555");
                assertThat(bundle.failed(file)).hasBinaryContent(files.get(file));
                assertThat(bundle.done(file)).doesNotExist();
            }
            assertThat(bundle.failure("no-phone.csv")).contains("phoneNumber").contains("name");
            assertThat(bundle.failure("sheet.xlsx")).contains("is no Excel workbook");
            assertThat(api.requests(Operation.ADD_LEAD)).isZero();

            bundle.drop("good.csv", csv("good", 1));
            assertReceipt(bundle.receipt("good.csv"), "read=1 accepted=1");
            await().until(() -> bundle.events("leads").stream()
                            .filter(event -> event.path("type").asText().equals("ai.nlpearl.file.failed"))
                            .count()
                    == files.size());
        }
    }

    @Test
    void hostileNamesDoNoHarm() {
        List<String> names = List.of(
                "$(touch x).csv",
                "`touch x`.csv",
                "Zoë 你好 😀.csv",
                "x".repeat(246) + ".csv",
                "-rf.csv",
                "new\nline.csv",
                "{{x}}.csv",
                "${body}.csv",
                "$simple{exchangeId}.csv",
                "%2e%2e%2fx.csv",
                "a?b=c&noop=false.csv",
                "'; DROP TABLE lead; --.csv",
                " .csv",
                "back\\slash.csv");
        try (Bundle bundle = Bundle.start(home, api)) {
            for (int i = 0; i < names.size(); i++) {
                bundle.drop(names.get(i), csv("n" + i, 1));
            }
            bundle.drop("..csv", csv("hidden", 1));
            for (String name : names) {
                if (name.length() < 200) {
                    String shown = name.replace('\n', '_').replace('\\', '_');
                    assertReceipt(bundle.receipt(shown), "read=1 accepted=1");
                    assertThat(bundle.receipt(shown).path("file").asText()).isEqualTo(shown);
                }
            }
            await().until(() -> below(bundle.done(""))
                            .filter(file -> file.toString().endsWith(".receipt.json"))
                            .count()
                    == names.size());
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(names.size());
            assertThat(bundle.data().resolve("inbox/acme/..csv")).exists();
            assertThat(below(home).map(file -> file.getFileName().toString())).doesNotContain("x");
            assertThat(Path.of("x")).doesNotExist();
        }
    }

    @Test
    void whatCannotBeOpenedStaysAndHoldsUpNothing() throws Exception {
        try (Bundle bundle = Bundle.start(home, api)) {
            Path inbox = bundle.data().resolve("inbox/acme");
            String drop = "mkfifo p.csv && touch -d '1 hour ago' p.csv \"$(printf 'Zo\\353.csv')\"";
            assumeTrue(new ProcessBuilder("sh", "-c", drop)
                            .directory(inbox.toFile())
                            .start()
                            .waitFor()
                    == 0);
            bundle.drop("l.csv", csv("crm", 1));
            assertReceipt(bundle.receipt("l.csv"), "read=1 accepted=1");
            assertThat(left(inbox)).hasSize(2);
            assertThat(bundle.failed("")).isEmptyDirectory();
            await().untilAsserted(() -> assertThat(bundle.healthDetails())
                    .containsEntry("leftInInbox", 2)
                    .containsEntry("leftInInbox.acme", 2));
            assertThat(bundle.health()).isEqualTo("UP");
        }
    }

    /** No path is made from content. */
    @Test
    void hostileContentMakesNoPath() {
        try (Bundle bundle = Bundle.start(home, api)) {
            List<Path> before = below(home).filter(Files::isDirectory).toList();
            bundle.drop("l.csv", """
                    externalId,phoneNumber,firstName
                    ../../../evil,+12125550101,${body}
                    /etc/evil,+12125550102,{{data.dir}}
                    a?b=c#d,+12125550103,$(touch evil)
                    %2e%2e%2fevil,+12125550104,"'; DROP TABLE lead; --"
                    """);
            assertReceipt(bundle.receipt("l.csv"), "read=4 accepted=4");
            assertThat(api.leads("ob-1"))
                    .extracting(
                            lead -> lead.externalId() + " " + lead.callData().get("firstName"))
                    .containsExactlyInAnyOrder(
                            "../../../evil ${body}",
                            "/etc/evil {{data.dir}}",
                            "a?b=c#d $(touch evil)",
                            "%2e%2e%2fevil '; DROP TABLE lead; --");
            assertThat(api.received(Operation.ADD_LEAD))
                    .allMatch(request -> request.path().equals("/v1/Outbound/ob-1/Lead"));
            await().until(() -> bundle.events("leads").size() == 5);
            assertThat(below(home).filter(Files::isDirectory).filter(folder -> !before.contains(folder)))
                    .allMatch(folder -> folder.startsWith(bundle.data().resolve("work")));
            assertThat(below(home).map(Path::toString)).noneMatch(name -> name.contains("evil"));
        }
    }

    @Test
    void duplicatesAreSentOnceWithinAFileAcrossFilesAndAfterARestart() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop(
                    "a.csv",
                    csv("crm", 3) + "crm-1," + Given.number(1)
                            + "\ncrm-2,+12125550999\n,+12125550777\n,(212) 555-0777\n");
            assertReceipt(bundle.receipt("a.csv"), "read=7 accepted=4 duplicate=3");
            bundle.drop("b.csv", csv("crm", 4));
            assertReceipt(bundle.receipt("b.csv"), "read=4 accepted=1 duplicate=3");
        }
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("c.csv", csv("crm", 5) + ",2125550777\n");
            assertReceipt(bundle.receipt("c.csv"), "read=6 accepted=1 duplicate=5");
            assertThat(text(bundle.done("a.csv.skipped.csv"))).isEqualTo("""
                    externalId,phoneNumber,_line,_reason
                    crm-1,+12125550101,5,same lead as line 2
                    crm-2,+12125550999,6,"changed: same externalId as line 3, but the number or the data differ"
                    ,(212) 555-0777,8,same lead as line 7
                    """);
        }
        assertThat(api.ringsByExternalId()).hasSize(6).containsAllEntriesOf(rings("crm", 5));
        assertThat(api.ringsByExternalId().values()).containsOnly(1);
    }

    /** What lies in a folder beside the folders of updates, look-ups and checks. */
    private static List<String> left(Path folder) {
        return Stream.of(folder.toFile().list())
                .filter(name -> !Set.of("updates", "lookups", "check").contains(name))
                .toList();
    }
}
