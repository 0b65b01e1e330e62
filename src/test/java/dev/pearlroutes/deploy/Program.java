package dev.pearlroutes.deploy;

import static dev.pearlroutes.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged program as a process of its own, in an environment that holds nothing of the builder's. */
final class Program implements AutoCloseable {
    /** As {@code mvn package} makes it; the tests run in the project's folder. */
    static final Path PACKAGED = Path.of("target", "pearl-routes").toAbsolutePath();

    /** The programs of the tests live for seconds. */
    static final String JAVA_OPTS = "-Xmx256m -XX:TieredStopAtLevel=1";

    private final Path folder;
    private final Path data;
    private final Path launcher;
    private final Map<String, String> environment = new HashMap<>();
    private Process process;
    private int runs;

    /** @param folder the current folder of the process, empty; its data folder and logs are in it */
    Program(Path folder) {
        this(folder, PACKAGED.resolve("bin").resolve("pearl-routes"));
    }

    Program(Path folder, Path launcher) {
        this.folder = folder;
        this.data = folder.resolve("data");
        this.launcher = launcher;
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS", JAVA_OPTS);
        environment.put("LC_ALL", "C");
        // What tests drop is whole.
        environment.put("FILES_QUIET_TIME", "100ms");
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has it send to an API outside it, by {@code account:secret} and for the outbound demo with the id {@code ob-1}. */
    Program against(URI api) {
        return with("NLPEARL_SANDBOX", "false")
                .with("NLPEARL_BASE_URL", api.toString())
                .with("NLPEARL_TOKEN", "account:secret")
                .with("OUTBOUND_DEMO_ID", "ob-1")
                .with("HTTP_PORT", "0");
    }

    /** The folder of the sandbox's own data, or that of real leads. */
    Path data(boolean sandbox) {
        return sandbox ? data.resolve("sandbox") : data;
    }

    Program start(String... arguments) throws IOException {
        runs++;
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList());
        builder.directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectOutput(log("out").toFile()).redirectError(log("err").toFile());
        process = builder.start();
        return this;
    }

    /** Drops a whole file, as somebody who writes it under another name first. */
    static Path drop(Path inbox, String name, String text) throws IOException {
        return drop(inbox, name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path drop(Path inbox, String name, byte[] content) throws IOException {
        Files.createDirectories(inbox);
        Path aside = Files.write(inbox.resolve(name + ".part"), content);
        return Files.move(aside, inbox.resolve(name));
    }

    /** The receipt, once it is there. */
    JsonNode receipt(Path done, String name) {
        Path receipt = done.resolve(name + ".receipt.json");
        awaitWhileAlive(() -> Files.exists(receipt), receipt.toString());
        try {
            return new ObjectMapper().readTree(receipt.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitWhileAlive(Callable<Boolean> condition, String what) {
        awaitWhileAlive(PATIENCE, condition, what);
    }

    void awaitWhileAlive(Duration atMost, Callable<Boolean> condition, String what) {
        await(what).atMost(atMost).pollInterval(Duration.ofMillis(50)).until(() -> {
            boolean met = condition.call();
            if (!met && !process.isAlive()) {
                throw new AssertionError("the program ended with " + process.exitValue() + " before there was " + what
                        + "\n" + stdout() + stderr());
            }
            return met;
        });
    }

    /** Waits until it ended by itself. @return its exit code */
    int awaitEnd() throws InterruptedException {
        return awaitEnd(PATIENCE);
    }

    int awaitEnd(Duration atMost) throws InterruptedException {
        // Another thread may start the program again meanwhile.
        Process awaited = process;
        if (!awaited.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the program runs on after " + atMost + "\n" + stdout() + stderr());
        }
        return awaited.exitValue();
    }

    /** Waits no longer than that for its end. @return whether it has ended */
    boolean endsWithin(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** SIGTERM. @return the exit code */
    int terminate() throws InterruptedException {
        return terminate(Duration.ofSeconds(30));
    }

    int terminate(Duration atMost) throws InterruptedException {
        process.destroy();
        return awaitEnd(atMost);
    }

    /** SIGKILL: nothing of the program gets to know. @return the exit code, 137 unless it had ended before */
    int kill() throws InterruptedException {
        process.destroyForcibly();
        return awaitEnd();
    }

    /** Sends the process a signal of the system, such as {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        Process sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (sent.waitFor() != 0) {
            throw new IOException("kill -" + name + " did not work");
        }
    }

    String stdout() {
        return read("out");
    }

    String stderr() {
        return read("err");
    }

    List<String> errorLines() {
        return stderr().lines().toList();
    }

    @Override
    public void close() {
        if (process != null) {
            // Without waiting for its end its folder could not be deleted.
            process.destroyForcibly().onExit().join();
        }
    }

    private Path log(String stream) {
        return folder.resolve("run-" + runs + "." + stream);
    }

    private String read(String stream) {
        try {
            return Files.readString(log(stream), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
