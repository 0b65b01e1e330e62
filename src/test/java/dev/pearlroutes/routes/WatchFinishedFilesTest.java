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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that pauses longer than a file is waited for has it open while it is taken, and writes on: no row may vanish. */
class WatchFinishedFilesTest {

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    /** Creates a file in the inbox, and leaves it open. */
    private static FileChannel write(Path file, String text) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        add(channel, text);
        return channel;
    }

    private static void add(FileChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static String rows(String prefix, int from, int to) {
        StringBuilder rows = new StringBuilder();
        IntStream.rangeClosed(from, to)
                .forEach(i -> rows.append(prefix)
                        .append('-')
                        .append(i)
                        .append(',')
                        .append(Given.number(i))
                        .append('\n'));
        return rows.toString();
    }

    private static void assertAllTakenUp(Bundle bundle, String counts) {
        await("the rows that were added").untilAsserted(() -> assertReceipt(bundle.receipt("l.csv"), counts));
    }

    @Test
    void rowsThatAreAddedAfterTheFinishAreTakenUp() throws IOException {
        try (Bundle bundle = Bundle.start(home, api);
                FileChannel writer = write(bundle.data().resolve("inbox/acme/l.csv"), csv("crm", 2))) {
            assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");

            add(writer, rows("crm", 3, 4));
            assertAllTakenUp(bundle, "read=4 accepted=4");
            add(writer, rows("crm", 5, 5));
            assertAllTakenUp(bundle, "read=5 accepted=5");

            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 5));
            assertThat(text(bundle.done("l.csv"))).isEqualTo(csv("crm", 5));
            assertThat(text(bundle.done("l.csv.accepted.csv"))).hasLineCount(6);
            assertThat(text(bundle.done("l.csv.outcomes.csv"))).hasLineCount(6);
            await().untilAsserted(() -> assertThat(bundle.health()).isEqualTo("UP"));
            await("an event of each completion")
                    .untilAsserted(() -> assertThat(bundle.events("leads").stream()
                                    .filter(event -> event.path("type").asText().endsWith("file.completed"))
                                    .map(event -> event.path("id").asText())
                                    .distinct())
                            .hasSize(3));
        }
    }

    @Test
    void rowsThatAreAddedWhileTheFileIsSentAreTakenUpBeforeItIsFinished() throws IOException {
        try (Sandbox slow = Bundle.sandbox().latency(Duration.ofMillis(200)).start();
                Bundle bundle = Bundle.start(home, slow, "nlpearl.max-in-flight=1");
                FileChannel writer = write(bundle.data().resolve("inbox/acme/l.csv"), csv("crm", 15))) {
            await().until(() -> slow.requests(Operation.ADD_LEAD) > 0);
            add(writer, rows("crm", 16, 16).stripTrailing());
            await("the finish that waits")
                    .untilAsserted(() ->
                            assertThat(bundle.health()).contains("l.csv of acme is written on after it was taken"));
            assertThat(bundle.done("l.csv.receipt.json")).doesNotExist();
            add(writer, "\n" + rows("crm", 17, 17));

            assertReceipt(bundle.receipt("l.csv"), "read=17 accepted=17");
            assertThat(slow.ringsByExternalId()).isEqualTo(rings("crm", 17));
            assertThat(bundle.health()).isEqualTo("UP");
        }
    }

    @Test
    void rowsThatAreAddedWhileNoProcessRunsAreTakenUpAtTheStart() throws IOException {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 2));
            bundle.receipt("l.csv");
        }
        Files.writeString(home.resolve("data/done/acme/l.csv"), rows("crm", 3, 3), StandardOpenOption.APPEND);
        try (Bundle bundle = Bundle.start(home, api)) {
            assertAllTakenUp(bundle, "read=3 accepted=3");
        }
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 3));
    }

    @Test
    void aFileThatGrowsAboveALimitWaitsForAPerson() throws IOException {
        try (Bundle bundle = Bundle.start(home, api, "outbound.acme.max-leads-per-file=3");
                FileChannel writer = write(bundle.data().resolve("inbox/acme/l.csv"), csv("crm", 2))) {
            bundle.receipt("l.csv");
            add(writer, rows("crm", 3, 7));
            Path notice = bundle.data().resolve("inbox/acme/l.csv.needs-approval");
            await().until(() -> Files.exists(notice));
            assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(2);
            bundle.drop("l.csv.approve", "");
            assertAllTakenUp(bundle, "read=7 accepted=7");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 7));
        }
    }

    @Test
    void whatCannotBeTakenUpIsInFailedAndTheFinishedFileStaysAsItWasRead() throws IOException {
        byte[] packed = gzip(csv("crm", 2).getBytes(UTF_8));
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv.gz", packed);
            assertReceipt(bundle.receipt("l.csv.gz"), "read=2 accepted=2");
            Files.write(bundle.done("l.csv.gz"), gzip(rows("crm", 3, 3).getBytes(UTF_8)), StandardOpenOption.APPEND);

            assertThat(bundle.failure("l.csv.gz")).contains("written on after it had been begun", "a file of its own");
            await().untilAsserted(() -> assertThat(bundle.health()).contains("l.csv.gz of acme", "failed/acme"));
            assertThat(bundle.receipt("l.csv.gz").path("read").asInt()).isEqualTo(2);

            Files.delete(bundle.failed("l.csv.gz"));
            await().untilAsserted(() -> assertThat(bundle.health()).isEqualTo("UP"));
        }
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(2);
    }

    @Test
    void aFinishedFileThatIsRewrittenIsInFailedToo() throws IOException {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 2));
            bundle.receipt("l.csv");
            Files.writeString(bundle.done("l.csv"), csv("other", 3));
            assertThat(bundle.failure("l.csv")).contains("changed after it was taken");
            assertThat(text(bundle.failed("l.csv"))).isEqualTo(csv("other", 3));
        }
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(2);
    }

    /** A link or a mount: no renaming leads out of it, and the writer writes on in the original. */
    @Test
    void rowsThatAreAddedInAnInboxOnAnotherFileSystemAreTakenUp() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(home)));
        Path elsewhere = Files.createTempDirectory(memory, "inbox");
        try {
            Files.createDirectories(home.resolve("data/inbox"));
            Files.createSymbolicLink(home.resolve("data/inbox/acme"), elsewhere);
            try (FileChannel writer = write(elsewhere.resolve("l.csv"), csv("crm", 2))) {
                try (Bundle bundle = Bundle.start(home, api)) {
                    assertReceipt(bundle.receipt("l.csv"), "read=2 accepted=2");
                    add(writer, rows("crm", 3, 3));
                    assertAllTakenUp(bundle, "read=3 accepted=3");
                }
                add(writer, rows("crm", 4, 4));
                try (Bundle bundle = Bundle.start(home, api)) {
                    assertAllTakenUp(bundle, "read=4 accepted=4");
                    assertThat(text(bundle.done("l.csv"))).isEqualTo(csv("crm", 4));
                    assertThat(bundle.healthDetails()).containsEntry("leftInInbox", 0);
                }
            }
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 4));
        } finally {
            try (Stream<Path> files = Files.walk(elsewhere)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void aFinishedFileThatIsOnlyTouchedOrTakenAwayIsNothing() throws IOException {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("touched.csv", csv("a", 1));
            bundle.drop("gone.csv", csv("b", 1));
            bundle.receipt("touched.csv");
            bundle.receipt("gone.csv");
            Files.setLastModifiedTime(bundle.done("touched.csv"), java.nio.file.attribute.FileTime.fromMillis(0));
            Files.delete(bundle.done("gone.csv"));
            await().during(Duration.ofSeconds(3)).untilAsserted(() -> {
                assertThat(bundle.health()).isEqualTo("UP");
                assertThat(bundle.failed("")).isEmptyDirectory();
            });
            assertThat(List.of(bundle.receipt("touched.csv").path("read").asInt()))
                    .containsExactly(1);
        }
    }
}
