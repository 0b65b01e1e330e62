package dev.pearlroutes.receipts;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.FileNames;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sources that cannot be read. Their files are in {@code failed/} with the reason beside them. */
public final class FailedSources {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSources.class);

    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final Sources sources;
    private final Events events;

    public FailedSources(DataFolders folders, AtomicFiles atomicFiles, Sources sources, Events events) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.sources = sources;
        this.events = events;
    }

    /** Sets aside a source that cannot be read, with the reason beside it and how much of it was sent. */
    public void fail(long sourceId, UnreadableSourceException why) throws IOException {
        Source source = sources.find(sourceId).orElseThrow();
        Path failed = folders.failed(source);
        Path reasonFile = beside(failed);
        Path file = folders.locate(source);
        // After a crash the file may be in its place already, with the true reason beside it: that it is gone is none.
        boolean setAside = file == null && Files.exists(failed) && Files.exists(reasonFile);
        String reason = setAside ? Files.readString(reasonFile).strip() : why.getMessage() + "; " + sent(source);
        if (!setAside) {
            if (Files.exists(failed) || !says(reasonFile, reason + "\n")) {
                makeWay(failed, reasonFile);
            }
            atomicFiles.write(reasonFile, reason + "\n");
        }
        if (file != null) {
            AtomicFiles.move(file, failed);
        }
        removeOriginal(source, failed);
        boolean checked = source.operation() == Source.Operation.CHECK;
        sources.failed(sourceId, reason, checked ? null : events.ofFailedFile(source, reason));
        folders.leaveWork(source);
        SourceLog.error(LOG, source)
                .log(
                        "{} of {} cannot be used: {}. It is in {}",
                        source.name(),
                        source.outbound(),
                        reason,
                        failed.getParent());
    }

    /**
     * Copies a file of a finished source that was changed since, with the reason beside it.
     *
     * @param changed where it is, and stays
     * @return the copy
     */
    Path keepCopy(Source source, Path changed, String reason) throws IOException {
        Path failed = folders.failed(source);
        if (Files.exists(failed) && Digests.sha256(failed).equals(Digests.sha256(changed))) {
            // Copied before the process ended last.
            return failed;
        }
        Path reasonFile = beside(failed);
        if (Files.exists(failed) || !says(reasonFile, reason + "\n")) {
            makeWay(failed, reasonFile);
        }
        atomicFiles.write(reasonFile, reason + "\n");
        if (!AtomicFiles.copy(changed, failed)) {
            throw new IOException("it is being written");
        }
        SourceLog.error(LOG, source)
                .log(
                        "{} of {}: {}. A copy is in {}; drop what is to be sent as a file of its own",
                        source.name(),
                        source.outbound(),
                        reason,
                        failed.getParent());
        return failed;
    }

    /** One that somebody has written on since stays in the inbox, where it is reported. */
    private void removeOriginal(Source source, Path failed) throws IOException {
        Path original = folders.original(source);
        if (Files.exists(original) && Files.exists(failed) && Files.size(original) == Files.size(failed)) {
            Files.delete(original);
        }
    }

    /** Tells whether a crash has left the reason of this source and not its file. */
    private static boolean says(Path reasonFile, String reason) throws IOException {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        return Files.exists(reasonFile)
                && Files.size(reasonFile) == bytes.length
                && Arrays.equals(Files.readAllBytes(reasonFile), bytes);
    }

    /** Renames an earlier file of the name with its reason, so that none overwrites another. */
    private static void makeWay(Path failed, Path reasonFile) throws IOException {
        if (Files.exists(failed) || Files.exists(reasonFile)) {
            Path earlier = Files.exists(failed) ? failed : reasonFile;
            Instant at = Files.getLastModifiedTime(earlier).toInstant();
            String name = failed.getFileName().toString();
            Path free = FileNames.first(name, at, each -> {
                Path path = failed.resolveSibling(each);
                return each.equals(name) || Files.exists(path) || Files.exists(beside(path)) ? null : path;
            });
            if (Files.exists(reasonFile)) {
                AtomicFiles.move(reasonFile, beside(free));
            }
            if (Files.exists(failed)) {
                AtomicFiles.move(failed, free);
            }
        }
    }

    private static Path beside(Path failed) {
        return failed.resolveSibling(failed.getFileName() + ".reason.txt");
    }

    private String sent(Source source) {
        if (source.state() == Source.State.CLAIMED || source.operation() == Source.Operation.CHECK) {
            return "nothing of it was sent";
        }
        Map<RowState, Long> counts = sources.counts(source.id());
        RowState success = source.operation().states().get(0);
        return "of its " + LogText.count(source.rows(), "row") + " " + counts.get(success) + " were " + success.word()
                + " and " + counts.get(RowState.UNKNOWN) + " are unknown";
    }
}
