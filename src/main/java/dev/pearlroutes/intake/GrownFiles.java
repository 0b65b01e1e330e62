package dev.pearlroutes.intake;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.FileStamp;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that are written on after they were taken, by whoever had them open: into {@code work/} or {@code done/}, where the renaming
 * has brought them, or into the original that stays in an inbox on another file system.
 */
final class GrownFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GrownFiles.class);
    private static final String JSON = ".json";

    private final DataFolders folders;
    private final QuietFiles quietFiles;

    /** Stamps with which files were claimed, by source, until they are scanned. */
    private final Map<Long, FileStamp> claimed = new ConcurrentHashMap<>();

    /** What was logged of files that are being written on, by source. */
    private final Map<Long, String> noticed = new ConcurrentHashMap<>();

    GrownFiles(DataFolders folders, QuietFiles quietFiles) {
        this.folders = folders;
        this.quietFiles = quietFiles;
    }

    /** Remembers a file as it was when it was found complete. */
    void claimed(Source source, FileStamp stamp) {
        claimed.put(source.id(), stamp);
    }

    /** Copies the original of a claimed file out of an inbox on another file system. @return null when there is none */
    Path bring(Source source) throws IOException {
        Path original = folders.original(source);
        if (!Files.exists(original)) {
            return null;
        }
        Path target = folders.work(source).resolve(source.name());
        if (!AtomicFiles.copy(original, target)) {
            throw stillWritten(source);
        }
        AtomicFiles.syncFolder(folders.work(source).getParent());
        return target;
    }

    /** @throws StillWrittenException when a file is another one than was claimed: half a row may be at its end */
    FileStamp asClaimed(Source source, Path file) throws IOException {
        FileStamp now = FileStamp.of(file);
        FileStamp before = claimed.remove(source.id());
        if (before != null && !now.isRenamed(before)) {
            throw stillWritten(source);
        }
        return now;
    }

    /** @throws StillWrittenException when a file was written since */
    void requireSame(Source source, Path file, FileStamp before) throws IOException {
        if (!FileStamp.of(file).equals(before)) {
            throw stillWritten(source);
        }
    }

    /** Tells whether a scanned file is longer than what the scan read. */
    boolean hasGrown(Source source, Path file) throws IOException {
        return source.bytes() != null && Files.size(writtenOn(source, file)) > source.bytes();
    }

    /** Tells whether nobody writes on. */
    boolean isQuiet(Source source, Path file) {
        return quietFiles.isQuiet(writtenOn(source, file));
    }

    /** The file that a writer would write on: its original, where that stays in the inbox. @param file may be null */
    Path writtenOn(Source source, Path file) {
        Path original = folders.original(source);
        return Files.exists(original) ? original : file;
    }

    /**
     * Makes sure that what was added can be taken up, and brings it from the original.
     *
     * @param file of which the bytes that the scan read are unchanged
     * @throws UnreadableSourceException when the rows that were read before would be others, or cannot be told from the new ones
     */
    void prepare(Source source, Path file) throws IOException {
        Path written = writtenOn(source, file);
        if (!Digests.sha256(written, source.bytes()).equals(source.sha256())) {
            throw new UnreadableSourceException("the file was changed after it had been begun");
        }
        if (!isAddedBehindLine(source, written)) {
            throw new UnreadableSourceException(
                    "the file was written on after it had been begun, and not by whole lines:"
                            + " drop what was added as a file of its own");
        }
        if (!written.equals(file) && !AtomicFiles.copy(written, file)) {
            throw stillWritten(source);
        }
    }

    private static boolean isAddedBehindLine(Source source, Path file) throws IOException {
        String name = source.droppedAs().toLowerCase(Locale.ROOT);
        if (name.endsWith(JSON)) {
            return true;
        }
        if (!QuietFiles.isOfLines(Path.of(name.replace('/', '_')))) {
            return false;
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(source.bytes() - 1);
            int last = bytes.read();
            int first = bytes.read();
            return last == '\n' || first == '\n' || first == '\r';
        }
    }

    /** Makes the failure that ends a run of a source whose file is written on. */
    StillWrittenException stillWritten(Source source) {
        return new StillWrittenException(notice(source));
    }

    /** Logs once that a file is written on, and has health say so. @return what is said */
    String notice(Source source) {
        String what = LogText.printable(source.name()) + " of " + source.outbound()
                + " is written on after it was taken: what is added is taken up when the file is unchanged for "
                + LogText.inWords(quietFiles.quiet());
        if (noticed.put(source.id(), what) == null) {
            LOG.error("{}. Let its writer rename it when it is complete", what);
        }
        return what;
    }

    /** Notes that what was added is taken up, or is not going to be. */
    void settled(Source source) {
        noticed.remove(source.id());
    }

    /** Says which files are being written on; empty while none is. */
    List<String> waiting() {
        return noticed.values().stream().map(what -> what + ".").sorted().toList();
    }
}
