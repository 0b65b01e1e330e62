package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Karaf as its makers publish it: out of Maven's local repository, into which Maven fetches it the first time. */
final class KarafArchive {
    private static final int MINUTES_TO_FETCH = 5;

    private KarafArchive() {}

    /** Without network the test that needs it is skipped and says so; a build server must have it. */
    static Path find() throws IOException, InterruptedException {
        Path archive = Path.of(System.getProperty("karaf.archive"));
        String failure = Files.exists(archive) ? "" : fetch();
        if (Files.notExists(archive)) {
            String missing = "Apache Karaf could not be fetched, so nothing was run in it: " + failure;
            assertThat(System.getenv("CI")).as(missing).isNull();
            Assumptions.abort(missing);
        }
        return archive;
    }

    /** @return what Maven said */
    private static String fetch() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "org.apache.maven.plugins:maven-dependency-plugin:3.10.0:get",
                "-Dtransitive=false",
                "-Dartifact=org.apache.karaf:apache-karaf-minimal:" + System.getProperty("karaf.version") + ":tar.gz"));
        if (System.getProperty("maven.mode").equals("offline true")) {
            command.add("-o");
        }
        Path output = Files.createTempFile("karaf-fetch", ".txt");
        try {
            Process maven = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!maven.waitFor(MINUTES_TO_FETCH, TimeUnit.MINUTES)) {
                maven.destroyForcibly();
            }
            return Files.readString(output).lines().findFirst().orElse("");
        } finally {
            Files.delete(output);
        }
    }
}
