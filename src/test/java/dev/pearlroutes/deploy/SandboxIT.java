package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as it comes: on the sandbox, where an operator first meets it. */
class SandboxIT {
    private static final String LEAD = "phoneNumber,externalId,firstName\n+12025550123,first-1,Zoë\n";

    @TempDir
    Path temp;

    @Test
    void worksInTheCLocaleBehindALinkWithSpacesAndRefusesASecondProcess() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("with a space"));
        Path link = folder.resolve("pearl");
        Files.createSymbolicLink(link, Program.PACKAGED.resolve("bin").resolve("pearl-routes"));
        try (Program program = new Program(folder, link)
                .with("DATA_DIR", "data")
                // Where nobody listens: whatever the environment says, the sandbox's leads stay in the sandbox.
                .with("NLPEARL_BASE_URL", "http://127.0.0.1:9")) {
            Path data = program.data(true);
            Program.drop(data.resolve("inbox").resolve("demo"), "Zoë.csv", LEAD);
            program.start();
            finishesTheSample(program, data);

            Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
            try (Program refused = new Program(elsewhere)) {
                refused.with("DATA_DIR", folder.resolve("data").toString()).start();
                assertThat(refused.awaitEnd()).isEqualTo(1);
                assertThat(refused.errorLines())
                        .singleElement()
                        .asString()
                        .startsWith("pearl-routes cannot start: another pearl-routes process works on the ledger ");
            }
            Program.drop(data.resolve("inbox").resolve("demo"), "later.csv", LEAD.replace("first-1", "later-1"));
            assertThat(program.receipt(data.resolve("done").resolve("demo"), "later.csv")
                            .get("accepted")
                            .asLong())
                    .isEqualTo(1);

            assertThat(program.terminate()).isIn(0, 143);
            assertThat(program.stderr()).isEmpty();
        } finally {
            // JUnit would warn of a link that leads out of the folder it clears away.
            Files.deleteIfExists(link);
        }
    }

    @Test
    void worksOnANewerJavaWithoutItsWarnings() throws Exception {
        Optional<Path> newer = Javas.atLeast(21);
        Assumptions.assumeTrue(
                newer.isPresent(), "no Java 21 or newer is installed beside this one; NEWER_JAVA_HOME can name one");
        try (Program program =
                new Program(temp).with("JAVA_HOME", newer.orElseThrow().toString())) {
            Path data = program.data(true);
            Program.drop(data.resolve("inbox").resolve("demo"), "Zoë.csv", LEAD);
            program.start();
            finishesTheSample(program, data);
            assertThat(program.terminate()).isIn(0, 143);
            assertThat(program.stderr()).isEmpty();
            assertThat(program.stdout()).doesNotContain("WARNING");
        }
    }

    private static void finishesTheSample(Program program, Path data) throws IOException {
        Path done = data.resolve("done").resolve("demo");
        assertThat(program.receipt(done, "Zoë.csv").get("accepted").asLong()).isEqualTo(1);
        JsonNode receipt = program.receipt(done, "sample-leads.csv");
        Receipt.assertAddsUp(receipt);
        assertThat(receipt.get("read").asLong()).isEqualTo(240);
        assertThat(receipt.get("accepted").asLong()).isPositive();
        assertThat(receipt.get("unknown").asLong()).isZero();
        assertThat(program.stdout()).contains("SANDBOX: nobody is called");
        // The last line of the start is the page's address.
        assertThat(program.stdout()).containsPattern("Health is at .*\\R.* is at http://127\\.0\\.0\\.1:\\d+/\\R");
        // Nothing of the sandbox lies where real leads would.
        assertThat(data.getParent()).isDirectoryNotContaining("glob:**/inbox");
    }
}
