package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says when it is asked, or cannot start. */
class LauncherIT {
    @TempDir
    Path temp;

    @Test
    void tellsHowToUseIt() throws Exception {
        try (Program program = new Program(temp)) {
            assertThat(program.start("--help").awaitEnd()).isZero();
            assertThat(program.stdout()).contains("CONFIG_DIR", "DATA_DIR", "JAVA_HOME", "JAVA_OPTS");
            assertThat(program.start("--version").awaitEnd()).isZero();
            assertThat(program.stdout()).matches("pearl-routes \\d+\\.\\d+\\.\\d+\\S*\\n");
            assertThat(program.start("leads.csv").awaitEnd()).isEqualTo(2);
            assertThat(program.errorLines()).hasSize(1);
        }
    }

    @Test
    void looksAfterTheLedgerOfAProgramThatRuns() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        try (Program program = new Program(temp).with("HTTP_PORT", "0");
                Program command = new Program(elsewhere)
                        .with("DATA_DIR", temp.resolve("data").toString())) {
            program.start();
            program.receipt(program.data(true).resolve("done").resolve("demo"), "sample-leads.csv");

            assertThat(command.start("check").awaitEnd()).as(command::stdout).isZero();
            assertThat(command.stdout()).startsWith("Sound: 1 file, 240 rows").hasLineCount(1);
            assertThat(command.stderr()).isEmpty();
            assertThat(command.start("backup", "copy").awaitEnd()).isZero();
            assertThat(elsewhere.resolve("copy")).isNotEmptyFile();
            assertThat(command.start("erase", "--external-id", "x").awaitEnd()).isEqualTo(1);
            assertThat(command.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("pearl-routes erase cannot: another pearl-routes process works on the ledger");
            assertThat(program.terminate()).isIn(0, 143);
            assertThat(command.start("erase", "--external-id", "nobody's").awaitEnd())
                    .as("nothing was found")
                    .isEqualTo(1);
            assertThat(command.start("check").awaitEnd()).isZero();
        }
    }

    @Test
    void namesAMissingJava() throws Exception {
        try (Program program = new Program(temp).with("JAVA_HOME", "/nowhere")) {
            assertThat(program.start().awaitEnd()).isEqualTo(1);
            assertThat(program.errorLines())
                    .containsExactly("pearl-routes cannot start: JAVA_HOME has no bin/java: /nowhere");
        }
    }

    @Test
    void saysInOneLineWhatIsWrongWithTheConfiguration() throws Exception {
        Path config = Files.createDirectory(temp.resolve("config"));
        Files.writeString(config.resolve("application.properties"), "outbound.demo.id=x\nnlpearl.max-inflight=3\n");
        try (Program program = new Program(temp).with("CONFIG_DIR", config.toString())) {
            assertThat(program.start().awaitEnd()).isEqualTo(1);
            assertThat(program.stdout()).isEmpty();
            assertThat(program.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("pearl-routes cannot start: nlpearl.max-inflight, ")
                    .contains("line 2", "nlpearl.max-in-flight", "NLPEARL_MAX_IN_FLIGHT");
            assertThat(temp.resolve("data")).doesNotExist();
        }
    }

    @Test
    void saysInOneLineThatTheDataFolderCannotBeUsed() throws Exception {
        Path file = Files.writeString(temp.resolve("a-file"), "");
        try (Program program = new Program(temp).with("DATA_DIR", file.toString())) {
            assertThat(program.start().awaitEnd()).isEqualTo(1);
            assertThat(program.errorLines()).singleElement().asString().startsWith("pearl-routes cannot start: ");
        }
    }

    @Test
    void isPackagedToBeRunAndReadByAnybody() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        Program.PACKAGED.resolve("bin").resolve("pearl-routes"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(Program.PACKAGED).isDirectoryContaining("glob:**/{routes,config,lib}");
    }
}
