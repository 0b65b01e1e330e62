package dev.pearlroutes.intake;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.FileStamp;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes dropped files and reads them once as a whole before anything of them is sent. */
public final class FileIntake {
    private static final Logger LOG = LoggerFactory.getLogger(FileIntake.class);

    private final DataFolders folders;
    private final Sources sources;
    private final SourceOptions options;
    private final QuietFiles quietFiles;
    private final Clock clock;
    private final GrownFiles grownFiles;
    private final FileClaims claims;
    private volatile Consumer<Source> onFinished = source -> {};

    /** Sources whose rows this process has counted: it always counts alike. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    /** @param options by outbound */
    public FileIntake(
            DataFolders folders,
            Sources sources,
            Mappers mappers,
            Map<String, ReadOptions> options,
            QuietFiles quietFiles,
            Clock clock) {
        this.folders = folders;
        this.sources = sources;
        this.options = new SourceOptions(options, mappers);
        this.quietFiles = quietFiles;
        this.clock = clock;
        this.grownFiles = new GrownFiles(folders, quietFiles);
        this.claims = new FileClaims(folders, sources, quietFiles, grownFiles, clock);
    }

    /**
     * Takes a dropped file out of the inbox: a durable source first, then an atomic rename, so that a crash between the two
     * leaves a claim without a file, which {@link #recoverAtStart} withdraws. The renaming is not durable before {@link #keep}, or the
     * scan, which come to that for many files at once.
     *
     * @return the number of the source; null when the file is gone again or cannot be taken, which is logged once a name
     */
    public Long claim(String outbound, Source.Operation operation, File dropped) throws IOException {
        return claims.claim(outbound, operation, dropped);
    }

    /** Tells whether a dropped file seems to be complete, since nobody has written it for a while. */
    public boolean isComplete(File dropped) {
        return quietFiles.isQuiet(dropped.toPath());
    }

    /** Makes it durable that a claimed file is where it was renamed to. */
    public void keep(long sourceId) {
        claims.keep(sourceId);
    }

    /** Tells whether it was logged that a dropped file cannot be taken. */
    boolean isRefused(File dropped) {
        return claims.isRefused(dropped);
    }

    /** Withdraws the claims whose file never came. Comes before any file is claimed. */
    public void recoverAtStart() {
        claims.recoverAtStart();
    }

    /** Says why sound files stay in the inbox, for health and for people; empty while all are taken. */
    public List<String> refusals() {
        return Stream.concat(claims.refusals().stream(), grownFiles.waiting().stream())
                .toList();
    }

    /** Tells whether the file of an unfinished source can be worked on: nobody writes it. */
    public boolean isReady(long sourceId) {
        Source source = sources.underWay(sourceId).orElse(null);
        if (source == null || !source.operation().dropped()) {
            return true;
        }
        Path file = grownFiles.writtenOn(source, folders.locate(source));
        boolean scanned = source.state() != Source.State.CLAIMED;
        try {
            return file == null
                    || scanned && (source.bytes() == null || Files.size(file) == source.bytes())
                    || quietFiles.isQuiet(file);
        } catch (IOException e) {
            // The scan says what is wrong.
            return true;
        }
    }

    /** Tells whether an entry of an inbox is the original of a source that is not over. */
    boolean isOriginal(Path entry) {
        Long id = DataFolders.sourceOfOriginal(entry.getFileName().toString());
        return id != null
                && sources.find(id)
                        .filter(source -> source.unfinished() || source.state() == Source.State.FINISHED)
                        .isPresent();
    }

    /**
     * Reads the whole source, so that what is broken anywhere is not sent in part. A source that was scanned before a crash is
     * not scanned again.
     *
     * @throws UnreadableSourceException when nothing, or nothing more, of the source can be sent
     */
    public SourceRun scan(long sourceId) throws IOException {
        Source source = sources.underWay(sourceId).orElseThrow();
        Path located = folders.locate(source);
        Path file = located == null ? grownFiles.bring(source) : located;
        if (file == null) {
            throw new UnreadableSourceException("the file was taken away from " + folders.work(source));
        }
        if (source.state() != Source.State.CLAIMED) {
            unchanged(source, file);
            if (grownFiles.hasGrown(source, file)) {
                return run(grownFiles.isQuiet(source, file) ? takeUp(source, file) : source, file, false);
            }
            return run(recounted(source, file), file, false);
        }
        FileStamp before = grownFiles.asClaimed(source, file);
        // Comes before the ledger says that anything of it is being sent.
        keep(sourceId);
        Scan scan = read(source, file);
        String sha256 = Digests.sha256(file);
        grownFiles.requireSame(source, file, before);
        grownFiles.settled(source);
        counted.add(sourceId);
        return run(sources.scanned(sourceId, scan.rows(), sha256, before.size(), scan.sheet()), file, true);
    }

    /** Takes up the rows that were added to a file after its scan; of what was read before nothing is sent again. */
    private Source takeUp(Source source, Path file) throws IOException {
        grownFiles.notice(source);
        FileStamp before;
        long rows;
        try {
            grownFiles.prepare(source, file);
            before = FileStamp.of(file);
            rows = read(source, file).rows();
            if (rows < source.rows()) {
                throw new UnreadableSourceException("the file was changed after it had been begun");
            }
        } catch (UnreadableSourceException e) {
            grownFiles.settled(source);
            throw e;
        }
        String sha256 = Digests.sha256(file);
        grownFiles.requireSame(source, file, before);
        Source grown = sources.grown(source.id(), rows, sha256, before.size());
        counted.add(source.id());
        grownFiles.settled(source);
        SourceLog.warn(LOG, source)
                .log(
                        "{} of {}: {} added after it was taken, and {} taken up",
                        source.name(),
                        source.outbound(),
                        rows - source.rows() == 1 ? "1 row was" : rows - source.rows() + " rows were",
                        rows - source.rows() == 1 ? "is" : "are");
        return grown;
    }

    /**
     * Looks whether a finished file was written on since. Whole rows that were added are taken up: the source is unfinished then.
     *
     * @return whether somebody writes on now, so that it is to be looked at again soon
     * @throws UnreadableSourceException when what is there now cannot be taken up
     */
    public boolean recheck(Source source, Path done) throws IOException {
        boolean grown = grownFiles.hasGrown(source, done);
        if (!grown && matches(source, done)) {
            return false;
        }
        grownFiles.notice(source);
        if (!grownFiles.isQuiet(source, done)) {
            return true;
        }
        if (!matches(source, done)) {
            grownFiles.settled(source);
            throw new UnreadableSourceException("the file was changed after it was taken, and not by rows added to it:"
                    + " what is new in it was not read");
        }
        takeUp(source, done);
        return false;
    }

    /** Returns the file that somebody may write on when a source is finished. */
    public Path writtenOn(Source source, Path done) {
        return grownFiles.writtenOn(source, done);
    }

    /** Does something with the files of a source while it is finished and stays so; nothing when it is unfinished again. */
    public void whileFinished(Source source, Consumer<Source> work) {
        sources.whileFinished(source.id(), work);
    }

    /** Counts the rows of a source that another process has begun: it may have been of a version that read other rows in it. */
    private Source recounted(Source source, Path file) {
        if (counted.contains(source.id())) {
            return source;
        }
        long rows;
        try (RowReader reader = openWhole(source, file)) {
            rows = Scan.of(reader).rows();
        }
        Source recounted = rows == source.rows() ? source : sources.recounted(source, rows);
        counted.add(source.id());
        return recounted;
    }

    private SourceRun run(Source source, Path file, boolean isNew) {
        return new SourceRun(source, file, () -> open(source, file), clock.instant(), isNew);
    }

    /**
     * Makes sure that a file still is what the scan read: the ledger knows the rows by their numbers, which mean nothing in
     * another file, and who kept the file open may have written more leads into it since.
     *
     * @param source scanned before
     * @throws UnreadableSourceException when the bytes differ from those scanned
     */
    public void unchanged(Source source, Path file) {
        if (!matches(source, file)) {
            throw new UnreadableSourceException("the file was changed after it had been begun");
        }
    }

    /**
     * Fixes the time of the finish of a run.
     *
     * @param suppression what the receipt says of the suppression lists, as JSON; null when there are none
     * @throws UnreadableSourceException as {@link #unchanged}
     * @throws StillWrittenException when rows were added, which are taken up first
     */
    public Source finishing(SourceRun run, String suppression) {
        // Whoever still writes into the file would find rows in done/ that were never sent.
        unchanged(run.source(), run.file());
        try {
            if (grownFiles.hasGrown(run.source(), run.file())) {
                throw grownFiles.stillWritten(run.source());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources.finishing(run.source().id(), clock.instant(), suppression);
    }

    /** Records the finish of a source whose file is in {@code done/}. @param event published with it; null for none */
    public void finished(Source source, Event event) {
        sources.finished(source.id(), event);
        counted.remove(source.id());
        folders.leaveWork(source);
        onFinished.accept(source);
    }

    /** Has each source handed over when it is finished. To be called before any is. */
    public void onFinished(Consumer<Source> listener) {
        onFinished = listener;
    }

    /** Tells whether the source's outbound is configured. */
    public boolean knows(Source source) {
        return options.knows(source.outbound());
    }

    /** Tells whether a file is there and is what the scan read. @param source scanned before */
    public boolean isUnchanged(Source source, Path file) {
        return Files.exists(file) && matches(source, file);
    }

    private boolean matches(Source source, Path file) {
        try {
            return completeErasure(source, file)
                    || source.sha256()
                            .equals(
                                    source.bytes() == null
                                            ? Digests.sha256(file)
                                            : Digests.sha256(file, source.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the copy of a lead file in which rows are masked, until an erasure of them is on record. */
    public static Path masked(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".erased");
    }

    /**
     * Puts the masked copy of a source's file in its place, where an erasure came as far as its record and no further.
     *
     * @return false when there is none, or it is of an erasure that is not on record
     */
    public boolean completeErasure(Source source, Path file) throws IOException {
        Path masked = masked(file);
        boolean recorded = Files.exists(masked) && Digests.sha256(masked).equals(source.sha256());
        if (recorded) {
            AtomicFiles.move(masked, file);
        }
        return recorded;
    }

    /** Opens the source's file for another pass over the rows that were scanned. */
    public RowReader open(Source source, Path file) {
        RowReader reader = openWhole(source, file);
        return source.rows() == null ? reader : reader.endingAfter(source.rows());
    }

    private RowReader openWhole(Source source, Path file) {
        return RowReader.open(file, source.droppedAs(), options.of(source));
    }

    private Scan read(Source source, Path file) {
        ReadOptions toScan = options.toScan(source.outbound(), source.operation());
        try (RowReader reader = RowReader.open(file, source.droppedAs(), toScan)) {
            List<String> others = reader.otherSheets();
            if (!others.isEmpty()) {
                SourceLog.info(LOG, source)
                        .log(
                                "{} of {}: of its sheets {} is read, and not {}",
                                LogText.printable(source.name()),
                                source.outbound(),
                                ColumnNames.shown(reader.sheet()),
                                ColumnNames.shown(others));
            }
            return Scan.of(reader);
        }
    }
}
