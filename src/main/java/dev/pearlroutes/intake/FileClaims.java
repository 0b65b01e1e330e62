package dev.pearlroutes.intake;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.FileNames;
import dev.pearlroutes.files.FileStamp;
import dev.pearlroutes.files.FolderSync;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.files.RejectedDrops;
import dev.pearlroutes.model.Source;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The claims: dropped files that are taken out of an inbox, or stay there for a reason. */
final class FileClaims {
    /** What times of files may be behind the clock: the system takes those of its last tick. */
    private static final Duration LAG_OF_FILE_TIMES = Duration.ofMillis(100);

    private final DataFolders folders;
    private final Sources sources;
    private final QuietFiles quietFiles;
    private final GrownFiles grownFiles;
    private final Clock clock;
    private final RejectedDrops refused;

    /** By inbox: what makes it durable that files left it for their folders at work. */
    private final Map<Path, FolderSync> claims = new ConcurrentHashMap<>();

    /** Claims that may not be durable yet, as changes of their inbox, by source. */
    private final Map<Long, Long> claimed = new ConcurrentHashMap<>();

    /** @param grownFiles is told how each file was when it was claimed */
    FileClaims(DataFolders folders, Sources sources, QuietFiles quietFiles, GrownFiles grownFiles, Clock clock) {
        this.folders = folders;
        this.sources = sources;
        this.quietFiles = quietFiles;
        this.grownFiles = grownFiles;
        this.clock = clock;
        this.refused = new RejectedDrops(clock);
    }

    /** Claims a file; see {@link FileIntake#claim}. */
    Long claim(String outbound, Source.Operation operation, File dropped) throws IOException {
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
        if (!quietFiles.isQuiet(dropped.toPath())) {
            // Others were taken since it was found complete, and it was written again meanwhile.
            return null;
        }
        Instant now = clock.instant();
        Source source = FileNames.first(
                dropped.getName(), now, name -> claim(outbound, operation, name, dropped.getName(), now));
        try {
            if (bring(source, dropped)) {
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

    /** @return false when the file stays in the inbox for now */
    private boolean bring(Source source, File dropped) throws IOException {
        Path from = dropped.toPath();
        Path work = folders.work(source);
        AtomicFiles.makeFolder(work.getParent());
        Files.createDirectories(work);
        FileStamp stamp = FileStamp.of(from);
        try {
            Files.move(from, work.resolve(source.name()), StandardCopyOption.ATOMIC_MOVE);
            grownFiles.claimed(source, stamp);
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            // The inbox is on another file system: the scan copies the original, which stays until nobody writes on.
            return moveAside(source, dropped);
        }
    }

    private boolean moveAside(Source source, File dropped) throws IOException {
        try {
            Files.move(dropped.toPath(), folders.original(source), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            refused.add(
                    dropped,
                    true,
                    "cannot be removed from the inbox, so it was not taken. Let this program write in the folder");
            return false;
        }
    }

    /** Makes it durable that a claimed file is where it was renamed to. */
    void keep(long sourceId) {
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

    /** Says why sound files stay in the inbox for the disk's sake; empty while all are taken. */
    List<String> refusals() {
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
    void recoverAtStart() {
        folders.removeEmptyWork();
        for (Source source : sources.unfinished()) {
            if (source.state() == Source.State.CLAIMED
                    && folders.locate(source) == null
                    && !Files.exists(folders.original(source))
                    && !isSetAside(source)) {
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
                    && !Files.getLastModifiedTime(reason)
                            .toInstant()
                            .isBefore(source.startedAt().minus(LAG_OF_FILE_TIMES));
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
}
