package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program prints, with the shipped log4j2.properties: lines for people, or JSON by a switch, and the number of the source. */
class LogFormatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NUMBER = "+13055550177";

    @TempDir
    private Path home;

    private Process program;

    @AfterEach
    void stop() throws InterruptedException {
        if (program != null) {
            program.destroyForcibly();
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void linesAreForPeople() throws IOException {
        start(null);
        drop();

        await().until(() -> lines().stream().anyMatch(line -> line.contains("leads.csv of demo: read 2")));

        assertThat(lines())
                .allSatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d) (INFO |WARN |ERROR) .+"))
                .anySatisfy(line -> assertThat(line)
                        .matches(".* INFO  leads.csv of demo: read 2 = accepted 1 .* Receipt: .* \\[source \\d+]"))
                .noneSatisfy(line -> assertThat(line).contains(NUMBER));
    }

    @Test
    void linesAreJsonByASwitchAndThoseAboutASourceCarryItsNumber() throws IOException {
        start("json");
        drop();
        await().until(() -> !of("leads.csv").isEmpty());

        List<JsonNode> all = json();
        assertThat(all).allSatisfy(line -> {
            assertThat(line.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR");
            assertThat(line.path("message").asText()).isNotBlank();
            assertThat(line.path("logger").asText()).isNotBlank();
            assertThat(line.toString()).doesNotContain(NUMBER);
        });
        assertThat(of("leads.csv")).allSatisfy(line -> {
            assertThat(line.path("outbound").asText()).isEqualTo("demo");
            assertThat(line.path("source").asText()).matches("\\d+");
        });
        assertThat(all)
                .filteredOn(line -> line.path("message").asText().startsWith("SANDBOX"))
                .singleElement()
                .satisfies(line -> assertThat(line.has("source")).isFalse());
    }

    @Test
    void anythingElseEndsTheStart() throws IOException, InterruptedException {
        start("jason");

        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(1);
        assertThat(Files.readString(home.resolve("err"))).contains("LOG_FORMAT is text or json");
    }

    private void start(String format) throws IOException {
        Path config = Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("src/deploy/config/log4j2.properties"), config.resolve("log4j2.properties"));
        Files.writeString(
                config.resolve("application.properties"),
                "nlpearl.sandbox=true\nhttp.port=0\njms.broker-url=off\nfiles.quiet-time=100ms\noutbound.demo.id=sandbox-demo\n"
                        + "outbound.demo.default-region=US\n");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dpearl.routes=" + Path.of("routes").toAbsolutePath(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.pearlroutes.app.Main");
        builder.environment().put("CONFIG_DIR", config.toString());
        builder.environment().put("DATA_DIR", home.resolve("data").toString());
        builder.environment().remove("LOG_FORMAT");
        if (format != null) {
            builder.environment().put("LOG_FORMAT", format);
        }
        program = builder.redirectOutput(output())
                .redirectError(home.resolve("err").toFile())
                .start();
    }

    private File output() {
        return home.resolve("out").toFile();
    }

    private void drop() throws IOException {
        Path inbox = home.resolve("data/sandbox/inbox/demo");
        await().until(() -> Files.isDirectory(inbox));
        Path aside = home.resolve("aside.csv");
        Files.writeString(aside, "externalId,phoneNumber\ncrm-1," + NUMBER + "\ncrm-2,none\n");
        Files.move(aside, inbox.resolve("leads.csv"));
    }

    /** Whole lines alone. */
    private List<String> lines() {
        try {
            String text = Files.readString(output().toPath());
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<JsonNode> json() {
        return lines().stream().map(LogFormatTest::parsed).toList();
    }

    private List<JsonNode> of(String file) {
        return json().stream()
                .filter(line -> line.path("message").asText().startsWith(file + " of demo: read"))
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + line, e);
        }
    }
}
