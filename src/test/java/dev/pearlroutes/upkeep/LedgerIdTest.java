package dev.pearlroutes.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder is one ledger's: a process that has another one is refused. */
class LedgerIdTest {
    @TempDir
    private Path home;

    @TempDir
    private Path elsewhere;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    private static void sendOne(Bundle bundle, String id, String number) {
        bundle.drop(id + ".csv", "externalId,phoneNumber\n" + id + "," + number + "\n");
        assertThat(bundle.receipt(id + ".csv").get("accepted").asInt()).isEqualTo(1);
    }

    private String url(Path folder) {
        return "ledger.url=jdbc:sqlite:" + folder.resolve("ledger.sqlite");
    }

    private int command(StringWriter out, String... arguments) {
        PrintWriter print = new PrintWriter(out, true);
        return Commands.execute(
                home.resolve("application.properties"), Map.of(), new StringReader(""), print, print, arguments);
    }

    @Test
    void aSecondProcessWithALedgerOfItsOwnIsRefusedAndTheFirstContinues() throws IOException {
        try (Bundle first = Bundle.start(home, api)) {
            Path used = Files.writeString(first.data().resolve("tmp/texts-1.tmp"), "in use");
            List<Path> before = everything(first.data());
            // Nothing was taken yet: the id alone tells.
            assertThatThrownBy(() -> Bundle.start(home, api, url(elsewhere)))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("the data folder " + first.data() + " is of the ledger "
                            + Files.readString(first.data().resolve("ledger.id"))
                                    .strip())
                    .hasMessageContaining(elsewhere.resolve("ledger.sqlite") + " is the ledger ")
                    .hasMessageContaining("Set ledger.url to the ledger of this folder, or data.dir to another folder")
                    .hasMessageContaining("accept-ledger --help");
            assertThat(everything(first.data()))
                    .as("what the first one has there")
                    .containsAll(before);
            assertThat(used).hasContent("in use");
            sendOne(first, "crm-1", "+12125550101");
            assertThat(first.health()).isEqualTo("UP");
        }
        try (Bundle next = Bundle.start(home, api)) {
            assertThat(next.data().resolve("tmp/texts-1.tmp"))
                    .as("left by a process that has ended")
                    .doesNotExist();
        }
    }

    private static List<Path> everything(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aLedgerWithWorkOfItsOwnIsRefusedAndNotHeld() {
        try (Bundle bundle = Bundle.start(home, api)) {
            sendOne(bundle, "crm-1", "+12125550101");
        }
        try (Bundle other = Bundle.start(elsewhere, api)) {
            sendOne(other, "crm-2", "+12125550102");
        }
        assertThatThrownBy(() -> Bundle.start(home, api, url(elsewhere.resolve("data"))))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is of the ledger");
        try (Bundle bundle = Bundle.start(home, api)) {
            sendOne(bundle, "crm-3", "+12125550103");
        }
    }

    @Test
    void aFolderWithoutAnIdGetsItAndARestoredBackupHasIt() throws IOException {
        Path id = home.resolve("data/ledger.id");
        Path copy = home.resolve("copy.sqlite");
        try (Bundle bundle = Bundle.start(home, api)) {
            sendOne(bundle, "crm-1", "+12125550101");
            new LedgerFile(bundle.data()).awaitDelivered();
            assertThat(command(new StringWriter(), "backup", copy.toString())).isZero();
        }
        String text = Files.readString(id);
        assertThat(text).matches("[0-9a-f]{16}\n");
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(home.resolve("data/ledger.sqlite" + suffix));
        }
        Files.copy(copy, home.resolve("data/ledger.sqlite"), StandardCopyOption.REPLACE_EXISTING);
        // As an earlier version, or a crash, has left it.
        Files.delete(id);
        try (Bundle bundle = Bundle.start(home, api)) {
            assertThat(bundle.health()).isEqualTo("UP");
        }
        assertThat(id).hasContent(text);
        Files.writeString(id, "");
        try (Bundle bundle = Bundle.start(home, api)) {
            sendOne(bundle, "crm-2", "+12125550102");
        }
        assertThat(id).hasContent(text);
    }

    @Test
    void aPersonCanGiveTheFolderToAnotherLedger() throws IOException {
        try (Bundle bundle = Bundle.start(home, api)) {
            assertThat(bundle.health()).isEqualTo("UP");
        }
        Files.delete(home.resolve("data/ledger.sqlite"));
        assertThatThrownBy(() -> Bundle.start(home, api)).hasMessageContaining("is of the ledger");
        StringWriter out = new StringWriter();

        assertThat(command(out, "accept-ledger")).as(out::toString).isZero();

        assertThat(out.toString())
                .contains("Accepted, although the data folder")
                .contains("is of the ledger");
        try (Bundle bundle = Bundle.start(home, api)) {
            sendOne(bundle, "crm-1", "+12125550101");
        }
        Files.writeString(home.resolve("data/ledger.id"), "?");
        assertThatThrownBy(() -> Bundle.start(home, api)).hasMessageContaining("does not name rightly");
    }
}
