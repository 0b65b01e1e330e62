package dev.pearlroutes.intake;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.FileNames;
import dev.pearlroutes.files.FolderSync;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.files.RejectedDrops;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes dropped files and reads them once as a whole before anything of them is sent. */
public final class FileIntake {
    private final DataFolders folders;
    private final Sources sources;
    private final Mappers mappers;
    private final Map<String, Charset> charsets;
    private final QuietFiles quietFiles;
    private final Clock clock;
    private final RejectedDrops refused;

    /** By inbox: what makes it durable that files left it for their folders at work. */
    private final Map<Path, FolderSync> claims = new ConcurrentHashMap<>();

    /** Sources whose rows this process has counted: it always counts alike. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    /** Claims that may not be durable yet, as changes of their inbox, by source. */
    private final Map<Long, Long> claimed = new ConcurrentHashMap<>();

    /** @param charsets by outbound */
    public FileIntake(
            DataFolders folders,
            Sources sources,
            Mappers mappers,
            Map<String, Charset> charsets,
            QuietFiles quietFiles,
            Clock clock) {
        this.folders = folders;
        this.sources = sources;
        this.mappers = mappers;
        this.charsets = charsets;
        this.quietFiles = quietFiles;
        this.clock = clock;
        this.refused = new RejectedDrops(clock);
    }

    /**
     * Takes a dropped file out of the inbox: a durable source first, then an atomic rename, so that a crash between the two
     * leaves a claim without a file, which {@link #recoverAtStart} withdraws. The renaming is not durable before {@link #keep}, or the
     * scan, which come to that for many files at once.
     *
     * @return the number of the source; null when the file is gone again or cannot be taken, which is logged once a name
     */
    public Long claim(String outbound, Source.Operation operation, File dropped) throws IOException {
        if (refused.isSkipped(dropped)) {
            return null;
        }
        if (!dropped.exists()) {
            String[] listed = dropped.getParentFile().list();
            if (listed != null && Arrays.asList(listed).contains(dropped.getName())) {
                refused.add(
                        dropped,
                        false,
                        "cannot be opened by this name. Rename it, or start under a UTF-8 locale if its name is valid;"
                                + " if it is a link, fix what it leads to");
            }
            return null;
        }
        if (!isComplete(dropped)) {
            // Others were taken since it was found complete, and it was written again meanwhile.
            return null;
        }
        Instant now = clock.instant();
        Source source = FileNames.first(
                dropped.getName(), now, name -> claim(outbound, operation, name, dropped.getName(), now));
        try {
            if (bring(dropped, folders.work(source).resolve(source.name()))) {
                refused.taken(dropped);
                quietFiles.forget(dropped.toPath());
                claimed.put(source.id(), claims(source).changed());
                return source.id();
            }
            withdraw(source);
            return null;
        } catch (IOException e) {
            withdraw(source);
            if (dropped.exists()) {
                refused.add(
                        dropped,
                        true,
                        "cannot be taken (" + LogText.printable(e.toString()) + "). Let this program write in "
                                + folders.work(source).getParent());
            }
            return null;
        } catch (RuntimeException e) {
            withdraw(source);
            throw e;
        }
    }

    /** Tells whether a dropped file seems to be complete, since nobody has written it for a while. */
    public boolean isComplete(File dropped) {
        return quietFiles.isQuiet(dropped.toPath());
    }

    /** @return false when the file stays in the inbox for now */
    private boolean bring(File dropped, Path target) throws IOException {
        Path from = dropped.toPath();
        Path work = target.getParent().getParent();
        AtomicFiles.makeFolder(work);
        Files.createDirectories(target.getParent());
        try {
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            // The inbox is on another file system. After a crash between the copy and the deletion both are worked on:
            // the claimed one, and the original as a second source, all of whose rows are duplicates.
            if (!AtomicFiles.copy(from, target)) {
                return false;
            }
            AtomicFiles.syncFolder(work);
        }
        try {
            Files.delete(from);
        } catch (NoSuchFileException e) {
            // Somebody else removed it; its content is here.
        } catch (IOException e) {
            Files.delete(target);
            refused.add(
                    dropped,
                    true,
                    "cannot be removed from the inbox, so it was not taken. Let this program write in the folder");
            return false;
        }
        AtomicFiles.syncFolder(from.getParent());
        return true;
    }

    /** Makes it durable that a claimed file is where it was renamed to. */
    public void keep(long sourceId) {
        Source source = sources.underWay(sourceId).orElseThrow();
        AtomicFiles.syncFolder(folders.work(source));
        FolderSync claims = claims(source);
        Long change = claimed.remove(sourceId);
        // Most often the sync for one file comes after the claims of many that wait for their turn. Of these it says
        // that they left the inbox, and so where they went: a renaming is one entry in the journal of ext4, XFS, Btrfs.
        claims.await(change == null ? claims.changed() : change);
    }

    private FolderSync claims(Source source) {
        Path work = folders.work(source).getParent();
        return claims.computeIfAbsent(
                folders.inbox(source.outbound(), source.operation()),
                inbox -> new FolderSync(() -> {
                    AtomicFiles.syncFolder(work);
                    AtomicFiles.syncFolder(inbox);
                }));
    }

    private void withdraw(Source source) {
        sources.withdraw(source.id());
        folders.leaveWork(source);
    }

    /** Tells whether it was logged that a dropped file cannot be taken. */
    boolean isRefused(File dropped) {
        return refused.isNamed(dropped);
    }

    /** Says why sound files stay in the inbox, for health and for people; empty while all are taken. */
    public List<String> refusals() {
        return refused.reasons();
    }

    /** Enters a claim under a name. @return null when the name is taken */
    private Source claim(String outbound, Source.Operation operation, String name, String droppedAs, Instant at) {
        return ReservedNames.onDisk(folders, outbound, operation, name)
                ? null
                : sources.claimUnless(ReservedNames.inLedger(name), outbound, operation, name, droppedAs, at)
                        .orElse(null);
    }

    /** Withdraws the claims whose file never came. Comes before any file is claimed. */
    public void recoverAtStart() {
        folders.removeEmptyWork();
        for (Source source : sources.unfinished()) {
            if (source.state() == Source.State.CLAIMED && folders.locate(source) == null && !isSetAside(source)) {
                forget(source);
            }
        }
    }

    /** Tells whether a crash came between the setting aside of a file and its record; an earlier file may have had the name. */
    private boolean isSetAside(Source source) {
        Path failed = folders.failed(source);
        Path reason = failed.resolveSibling(failed.getFileName() + ".reason.txt");
        try {
            return Files.exists(failed)
                    && Files.exists(reason)
                    && !Files.getLastModifiedTime(reason).toInstant().isBefore(source.startedAt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Withdraws a claim, with half a copy that a crash may have left: it must not stay for good where nobody looks. */
    private void forget(Source source) {
        try {
            Files.deleteIfExists(AtomicFiles.aside(folders.work(source).resolve(source.name())));
            sources.withdraw(source.id());
            folders.leaveWork(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the whole source, so that what is broken anywhere is not sent in part. A source that was scanned before a crash is
     * not scanned again.
     *
     * @throws UnreadableSourceException when nothing, or nothing more, of the source can be sent
     */
    public SourceRun scan(long sourceId) throws IOException {
        Source source = sources.underWay(sourceId).orElseThrow();
        Path file = folders.locate(source);
        if (file == null) {
            throw new UnreadableSourceException("the file was taken away from " + folders.work(source));
        }
        if (source.state() != Source.State.CLAIMED) {
            unchanged(source, file);
            return run(recounted(source, file), file, false);
        }
        // Comes before the ledger says that anything of it is being sent.
        keep(sourceId);
        long size;
        long rows;
        String sha256;
        do {
            // Whoever had the file open when it was claimed may still be writing into it.
            size = Files.size(file);
            rows = countRows(source, file);
            sha256 = Digests.sha256(file);
        } while (size != Files.size(file));
        counted.add(sourceId);
        return run(sources.scanned(sourceId, rows, sha256), file, true);
    }

    /** Counts the rows of a source that another process has begun: it may have been of a version that read other rows in it. */
    private Source recounted(Source source, Path file) {
        if (counted.contains(source.id())) {
            return source;
        }
        long rows;
        try (RowReader reader = open(source, file)) {
            rows = count(reader);
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
     */
    public Source finishing(SourceRun run, String suppression) {
        // Whoever still writes into the file would find rows in done/ that were never sent.
        unchanged(run.source(), run.file());
        return sources.finishing(run.source().id(), clock.instant(), suppression);
    }

    /** Records the finish of a source whose file is in {@code done/}. @param event published with it; null for none */
    public void finished(Source source, Event event) {
        sources.finished(source.id(), event);
        counted.remove(source.id());
        folders.leaveWork(source);
    }

    /** Tells whether the source's outbound is configured. */
    public boolean knows(Source source) {
        return charsets.containsKey(source.outbound());
    }

    /** Tells whether a file is there and is what the scan read. @param source scanned before */
    public boolean isUnchanged(Source source, Path file) {
        return Files.exists(file) && matches(source, file);
    }

    private boolean matches(Source source, Path file) {
        try {
            return completeErasure(source, file) || Digests.sha256(file).equals(source.sha256());
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

    /** Opens the source's file for another pass. */
    public RowReader open(Source source, Path file) {
        return RowReader.open(file, source.droppedAs(), charsets.get(source.outbound()), charsetKey(source));
    }

    private static String charsetKey(Source source) {
        return "outbound." + source.outbound() + ".charset";
    }

    private long countRows(Source source, Path file) {
        Charset charset = charsets.get(source.outbound());
        try (RowReader reader = RowReader.openToJudge(file, source.droppedAs(), charset, charsetKey(source))) {
            if (reader.csv()) {
                mappers.checkColumns(source.outbound(), source.operation(), reader.columns());
            }
            return count(reader);
        }
    }

    private static long count(RowReader reader) {
        long rows = 0;
        while (reader.hasNext()) {
            reader.next();
            rows++;
        }
        return rows;
    }
}
