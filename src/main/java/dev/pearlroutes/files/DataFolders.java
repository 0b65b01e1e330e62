package dev.pearlroutes.files;

import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders below the data folder. No path is made from the content of a file. */
public final class DataFolders {
    private static final String ORIGINAL = ".taken";
    private static final Pattern ORIGINAL_NAME = Pattern.compile("\\..+\\.([0-9]{1,18})\\" + ORIGINAL, Pattern.DOTALL);

    private final Path data;
    /** Null where no other process has the folder. */
    private final String node;

    private final Map<Path, FolderSync> syncs = new ConcurrentHashMap<>();

    public DataFolders(Path data) {
        this(data, null);
    }

    /** @param node name of this process among those that share the folder; null where no other one has it */
    public DataFolders(Path data, String node) {
        this.data = data.toAbsolutePath().normalize();
        this.node = node;
    }

    public Path data() {
        return data;
    }

    public Path inbox(String outbound) {
        return inbox(outbound, Source.Operation.ADD);
    }

    public Path inbox(String outbound, Source.Operation operation) {
        return data.resolve("inbox").resolve(outbound).resolve(operation.folder());
    }

    public Path work(Source source) {
        return data.resolve("work").resolve(source.outbound()).resolve(Long.toString(source.id()));
    }

    /** Makes new names in a folder durable, by one sync for many files. For folders of an outbound, not for those of a single file. */
    public void sync(Path folder) {
        FolderSync sync = syncs.computeIfAbsent(folder, path -> new FolderSync(() -> AtomicFiles.syncFolder(path)));
        sync.await(sync.changed());
    }

    /** Removes empty folders that a crash left in {@code work/}. To be called before any file is claimed. */
    public void removeEmptyWork() {
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

    /** Removes the work folder of a source whose file was moved. */
    public void leaveWork(Source source) {
        try {
            Files.deleteIfExists(work(source));
        } catch (IOException e) {
            // Other files are in it, or the next start removes it.
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.findAny().isEmpty();
        }
    }

    public Path done(String outbound) {
        return done(outbound, Source.Operation.ADD);
    }

    public Path done(String outbound, Source.Operation operation) {
        return data.resolve("done").resolve(outbound).resolve(operation.folder());
    }

    /** Returns the path of the source's file when it is finished. */
    public Path done(Source source) {
        return done(source.outbound(), source.operation()).resolve(source.name());
    }

    public Path failed(String outbound, Source.Operation operation) {
        return data.resolve("failed").resolve(outbound).resolve(operation.folder());
    }

    /** Returns the path of the source's file when it cannot be used. */
    public Path failed(Source source) {
        return failed(source.outbound(), source.operation()).resolve(source.name());
    }

    /** Returns the folder of the suppression lists of all outbounds. */
    public Path suppress() {
        return data.resolve("suppress");
    }

    /** Returns the folder of the suppression lists of one outbound. */
    public Path suppress(String outbound) {
        return suppress().resolve(outbound);
    }

    /** Returns the folder of the control files that ask for events of an outbound again. */
    public Path replay(String outbound) {
        return data.resolve("replay").resolve(outbound);
    }

    public Path results(String outbound) {
        return data.resolve("results").resolve(outbound);
    }

    public Path undelivered(String sink) {
        return data.resolve("undelivered").resolve(sink);
    }

    /** Returns the folder for what libraries unpack; it is emptied at each start. */
    public Path scratch() {
        Path all = data.resolve("tmp");
        return node == null ? all : all.resolve(node);
    }

    /** Returns the file of this process's send journal. */
    public Path sends() {
        return data.resolve(node == null ? "ledger.sends" : "ledger." + node + ".sends");
    }

    /**
     * Returns where the dropped file of a source stays for a while when no renaming leads out of its inbox, which is on another file
     * system: {@code .F.<number>.taken}.
     */
    public Path original(Source source) {
        return inbox(source.outbound(), source.operation()).resolve("." + source.name() + "." + source.id() + ORIGINAL);
    }

    /** Answers with the number of the source whose {@link #original} has a name; null when it is none. */
    public static Long sourceOfOriginal(String name) {
        Matcher matcher = ORIGINAL_NAME.matcher(name);
        return matcher.matches() ? Long.valueOf(matcher.group(1)) : null;
    }

    /** Finds the source's file in {@code work/} or {@code done/}; null when somebody took it away. */
    public Path locate(Source source) {
        Path atWork = work(source).resolve(source.name());
        Path done = done(source);
        return Files.exists(atWork) ? atWork : Files.exists(done) ? done : null;
    }

    /** Makes the folders of an outbound, so that an operator finds them before anything is dropped. */
    public void make(String outbound) {
        try {
            for (Source.Operation operation : Source.Operation.values()) {
                if (operation.dropped()) {
                    AtomicFiles.makeFolder(inbox(outbound, operation));
                }
            }
            AtomicFiles.makeFolder(done(outbound, Source.Operation.ADD));
            AtomicFiles.makeFolder(failed(outbound, Source.Operation.ADD));
            AtomicFiles.makeFolder(results(outbound));
            AtomicFiles.makeFolder(suppress(outbound));
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder " + data + " cannot be written", e);
        }
    }
}
