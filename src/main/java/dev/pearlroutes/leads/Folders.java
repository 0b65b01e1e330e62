package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders below the data folder. No path is ever made from what a file holds. */
public final class Folders {
    private final Path data;

    public Folders(Path data) {
        this.data = data.toAbsolutePath().normalize();
    }

    public Path data() {
        return data;
    }

    public Path inbox(String outbound) {
        return data.resolve("inbox").resolve(outbound);
    }

    public Path work(Source source) {
        return data.resolve("work").resolve(source.outbound()).resolve(Long.toString(source.id()));
    }

    /** Removes what a crash left of sources whose file was moved on, or never came. To be called before any file is claimed. */
    void removeEmptyWork() {
        Path work = data.resolve("work");
        try (Stream<Path> found = Files.exists(work) ? Files.walk(work, 2) : Stream.empty()) {
            for (Path folder : found.filter(path -> work.relativize(path).getNameCount() == 2)
                    .toList()) {
                if (Files.isDirectory(folder) && isEmpty(folder)) {
                    Files.delete(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder " + data + " cannot be written", e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.findAny().isEmpty();
        }
    }

    public Path done(String outbound) {
        return data.resolve("done").resolve(outbound);
    }

    public Path failed(String outbound) {
        return data.resolve("failed").resolve(outbound);
    }

    public Path results(String outbound) {
        return data.resolve("results").resolve(outbound);
    }

    public Path undelivered(String sink) {
        return data.resolve("undelivered").resolve(sink);
    }

    /** For what libraries unpack; emptied at each start. */
    public Path scratch() {
        return data.resolve("tmp");
    }

    /** Where the source's file is now: at work, or already done; null when somebody took it away. */
    public Path locate(Source source) {
        Path atWork = work(source).resolve(source.name());
        Path done = done(source.outbound()).resolve(source.name());
        return Files.exists(atWork) ? atWork : Files.exists(done) ? done : null;
    }

    /** Makes the folders that an operator expects to find, before anything was dropped. */
    public void make(String outbound) {
        try {
            for (Path folder : List.of(inbox(outbound), done(outbound), failed(outbound), results(outbound))) {
                // A link to a folder is one too, which createDirectories denies.
                if (!Files.isDirectory(folder)) {
                    Files.createDirectories(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder " + data + " cannot be written", e);
        }
    }
}
