package speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/** A process that sends leads, and the folder that it works in, which is deleted in the end. */
final class Client implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final Instant started = Instant.now();

    /** @param builder its working folder is the client's */
    Client(ProcessBuilder builder) throws IOException {
        this.folder = builder.directory().toPath();
        this.process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    Path folder() {
        return folder;
    }

    /** In seconds since 1970. */
    double startedAt() {
        return started.getEpochSecond() + started.getNano() / 1e9;
    }

    /** @throws IllegalStateException when the process has ended; with what it logged */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("it has ended:\n" + Files.readString(folder.resolve("log")));
        }
    }

    /** User and system together, so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory it has had so far, in MB; 0 where the system does not say. */
    long peakMegabytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
