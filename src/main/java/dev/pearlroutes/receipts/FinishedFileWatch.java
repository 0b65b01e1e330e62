package dev.pearlroutes.receipts;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.FileStamp;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.intake.StillWrittenException;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished files, watched for a while: whoever had one open when it was taken may write on, and its rows must not vanish in
 * {@code done/}. Whole rows are taken up; of a file that was changed otherwise a copy goes to {@code failed/}.
 */
public final class FinishedFileWatch {
    private static final Logger LOG = LoggerFactory.getLogger(FinishedFileWatch.class);

    private static final Duration FIRST = Duration.ofSeconds(1);

    /** Longest time between two looks. Each is twice as long as the one before: they are over after 1 h 8 min. */
    private static final Duration LONGEST = Duration.ofMinutes(40);

    /** Age of the files that are looked at once more at a start: they may have been written on while no process ran. */
    private static final Duration OF_EARLIER_RUNS = Duration.ofHours(24);

    private final DataFolders folders;
    private final Sources sources;
    private final FileIntake fileIntake;
    private final FailedSources failedSources;
    private final Clock clock;
    private final LongSupplier nanos;
    private final PriorityQueue<Watched> queue = new PriorityQueue<>(Comparator.comparingLong(Watched::due));
    private final Map<Path, String> changed = new ConcurrentHashMap<>();

    /** Watches each file that finishes from now on. */
    public FinishedFileWatch(
            DataFolders folders, Sources sources, FileIntake fileIntake, FailedSources failedSources, Clock clock) {
        this(folders, sources, fileIntake, failedSources, clock, System::nanoTime);
    }

    /** @param nanos a clock that never goes back, in nanoseconds */
    FinishedFileWatch(
            DataFolders folders,
            Sources sources,
            FileIntake fileIntake,
            FailedSources failedSources,
            Clock clock,
            LongSupplier nanos) {
        this.folders = folders;
        this.sources = sources;
        this.fileIntake = fileIntake;
        this.failedSources = failedSources;
        this.clock = clock;
        this.nanos = nanos;
        fileIntake.onFinished(this::begin);
    }

    /**
     * A file and when to look at it.
     *
     * @param stamp of the file when it was found as it should be; null when that is not known
     * @param due when to look, by the clock that never goes back
     * @param interval time since the last look
     */
    private record Watched(Source source, Path file, FileStamp stamp, long due, Duration interval) {}

    /** Watches a file from its finish on. */
    private void begin(Source source) {
        if (source.bytes() != null) {
            Path file = folders.done(source);
            try {
                FileStamp stamp = FileStamp.of(file);
                again(new Watched(source, file, stamp.size() == source.bytes() ? stamp : null, 0, null), FIRST);
            } catch (IOException e) {
                // Whoever took it away has it.
            }
        }
    }

    /** Watches the files that finished lately, from a start on. */
    public void recoverAtStart() {
        sources.finishedSince(clock.instant().minus(OF_EARLIER_RUNS)).forEach(this::begin);
    }

    private synchronized void again(Watched watched, Duration wait) {
        queue.add(new Watched(
                watched.source(), watched.file(), watched.stamp(), nanos.getAsLong() + wait.toNanos(), wait));
    }

    /** Looks at the files whose time has come. */
    public void look() {
        for (Watched next = due(); next != null; next = due()) {
            try {
                look(next);
            } catch (IOException | RuntimeException e) {
                // The others must not wait for this one, which is looked at again.
                LOG.warn(
                        "{} cannot be looked at: {}",
                        LogText.printable(next.file().toString()),
                        LogText.describe(e));
                later(next, null);
            }
        }
    }

    private synchronized Watched due() {
        Watched first = queue.peek();
        return first == null || first.due() - nanos.getAsLong() > 0 ? null : queue.poll();
    }

    private void look(Watched watched) throws IOException {
        Path file = watched.file();
        if (!Files.exists(file)) {
            // Whoever took it away has it.
            return;
        }
        FileStamp now = FileStamp.of(file);
        if (now.equals(watched.stamp())
                && fileIntake.writtenOn(watched.source(), file).equals(file)) {
            later(watched, now);
            return;
        }
        Source source = sources.find(watched.source().id()).orElse(null);
        if (source == null || source.state() != Source.State.FINISHED || source.bytes() == null) {
            // It is unfinished again, and watched from its next finish on.
            return;
        }
        if (isBeingWritten(source, file)) {
            again(watched, FIRST);
        } else {
            later(watched, now);
        }
    }

    private boolean isBeingWritten(Source source, Path file) throws IOException {
        try {
            return fileIntake.recheck(source, file);
        } catch (StillWrittenException e) {
            return true;
        } catch (UnreadableSourceException e) {
            Path copy = failedSources.keepCopy(source, fileIntake.writtenOn(source, file), e.getMessage());
            changed.put(
                    copy,
                    LogText.printable(source.name()) + " of " + source.outbound() + ": " + e.getMessage()
                            + ". Its copy is " + copy);
            return false;
        }
    }

    /** Looks once more after twice the time; after the last time nothing more is expected, and the original can go. */
    private void later(Watched watched, FileStamp stamp) {
        Duration wait = watched.interval().multipliedBy(2);
        if (wait.compareTo(LONGEST) <= 0) {
            again(new Watched(watched.source(), watched.file(), stamp, 0, null), wait);
        } else {
            removeOriginal(watched);
        }
    }

    private void removeOriginal(Watched watched) {
        Path original = folders.original(watched.source());
        try {
            if (Files.exists(original) && Files.size(original) == Files.size(watched.file())) {
                Files.delete(original);
            }
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be removed: {}. Its copy is in done/, so take it away",
                    LogText.printable(original.toString()),
                    LogText.describe(e));
        }
    }

    /** Says which files were changed in a way that nothing could be made of, while their copies are there; empty when none was. */
    public List<String> problems() {
        changed.keySet().removeIf(copy -> !Files.exists(copy));
        return changed.values().stream().map(what -> what + ".").sorted().toList();
    }
}
