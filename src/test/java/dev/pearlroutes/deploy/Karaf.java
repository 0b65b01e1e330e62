package dev.pearlroutes.deploy;

import static dev.pearlroutes.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An unmodified Apache Karaf in a folder of its own, listening on this machine only and fetching nothing. */
final class Karaf implements AutoCloseable {
    private static final Path BUNDLE = Path.of("target", "pearl-routes-" + version() + "-karaf.jar");

    private final Path home;
    private Process process;

    /** Unpacks and configures it. */
    Karaf(Path archive, Path home) throws IOException, InterruptedException {
        this.home = home;
        assertThat(new ProcessBuilder("tar", "-xzf", archive.toString(), "--strip-components=1", "-C", home.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .as("tar")
                .isZero();
        change(
                "etc/org.apache.karaf.shell.cfg",
                Map.of("sshHost", "127.0.0.1", "sshPort", Integer.toString(Ports.free())));
        change(
                "etc/org.ops4j.pax.url.mvn.cfg",
                Map.of(
                        "org.ops4j.pax.url.mvn.repositories",
                        "",
                        "org.ops4j.pax.url.mvn.localRepository",
                        home.resolve("repository").toString()));
        Path installed = home.resolve("repository/dev/pearlroutes/pearl-routes").resolve(version());
        Files.createDirectories(installed);
        Files.copy(BUNDLE, installed.resolve(BUNDLE.getFileName()));
        Files.copy(
                Path.of("target", "karaf", "features.xml"),
                installed.resolve("pearl-routes-" + version() + "-features.xml"));
        Path logging = home.resolve("etc/org.ops4j.pax.logging.cfg");
        Files.writeString(
                logging,
                Files.readString(logging) + Files.readString(Path.of("src/deploy/karaf/log-levels.properties")));
        Path users = home.resolve("etc/users.properties");
        Files.writeString(users, Files.readString(users).replaceAll("(?m)^#(karaf|_g_)", "$1"));
    }

    Path home() {
        return home;
    }

    Karaf start(String javaOptions) throws IOException {
        // As a daemon the script is replaced by Java, so that the process is the one to be stopped.
        ProcessBuilder builder =
                new ProcessBuilder("setsid", home.resolve("bin/karaf").toString(), "daemon");
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", System.getenv("PATH"),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "EXTRA_JAVA_OPTS", javaOptions));
        builder.redirectErrorStream(true).redirectOutput(home.resolve("out.txt").toFile());
        process = builder.start();
        return this;
    }

    /** Puts the bundle into the folder deploy, as a whole and under one name, so that a second time is an update. */
    void deployBundle() throws IOException {
        Path aside = Files.copy(BUNDLE, home.resolve("pearl-routes.jar"));
        Files.move(aside, home.resolve("deploy/pearl-routes.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    void undeployBundle() throws IOException {
        Files.delete(home.resolve("deploy/pearl-routes.jar"));
    }

    void installFeature() throws IOException, InterruptedException {
        run("feature:repo-add mvn:dev.pearlroutes/pearl-routes/" + version() + "/xml/features");
        run("feature:install pearl-routes");
    }

    /** A command of its shell. @return what it printed */
    String run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(home.resolve("bin/client").toString(), "-u", "karaf", "-p", "karaf", command);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", System.getenv("PATH"), "JAVA_HOME", System.getProperty("java.home")));
        // Its input is a pipe that stays open: at the end of its input the client ends without having run anything.
        Path output = home.resolve("client.txt");
        Process client = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended && client.exitValue() == 0)
                    .as(Files.readString(output))
                    .isTrue();
        } finally {
            client.destroyForcibly();
        }
        return Files.readString(output);
    }

    /** Waits until this many lines of the log have the text. */
    void awaitLog(String text, int times) {
        await(text).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("Karaf ended with " + process.exitValue());
            }
            return log().filter(line -> line.contains(text)).count() >= times;
        });
    }

    /** Lines of its log so far. */
    Stream<String> log() {
        Path log = home.resolve("data/log/karaf.log");
        try {
            return Files.exists(log) ? Files.readString(log).lines() : Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of its Java threads. */
    Set<String> threads() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        String dump = new String(jcmd.getInputStream().readAllBytes());
        assertThat(jcmd.waitFor()).as(dump).isZero();
        return dump.lines()
                .filter(line -> line.startsWith("\"") && line.contains(" #"))
                .map(line -> line.substring(1, line.indexOf('"', 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Files it has open, deleted ones included. */
    List<String> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return descriptors.map(Karaf::target).toList();
        }
    }

    /** Its resident memory in MiB. */
    long memory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** SIGTERM, and the end of the process. */
    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ended").isTrue();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    private static String version() {
        return System.getProperty("pearl.routes.version");
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    /** Keys of a properties file, of which the lines before go. */
    private void change(String file, Map<String, String> values) throws IOException {
        Path path = home.resolve(file);
        String text = Files.readString(path);
        for (Map.Entry<String, String> value : values.entrySet()) {
            String key = value.getKey().replace(".", "\\.");
            // A value may go on in the next lines, each marked by a backslash.
            text = text.replaceAll("(?m)^ *" + key + " *=(.*\\\\\\R)*.*$", "") + "\n" + value.getKey() + " = "
                    + value.getValue();
        }
        Files.writeString(path, text + "\n");
    }
}
