package dev.pearlroutes.files;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The files that nobody writes any more. A file is quiet when this process has seen it unchanged for a while, by a clock that nobody sets:
 * what its time stamp says may be the time of the original, or of another machine. It is asked about each file from time to time; what is
 * not asked about any more is forgotten. Safe for several threads.
 */
public final class QuietFiles {
    /** Factor for a file of lines that looks cut off: its writer may have paused within a line. */
    private static final int WITHOUT_LINE_END = 5;

    /** Factor for what may never become a file that can be used. */
    private static final int LEFT_ALONE = 30;

    /** Nanoseconds after the last question. */
    private static final long FORGOTTEN_AFTER = Duration.ofSeconds(60).toNanos();

    /** Files whose last line usually ends in a line feed when it is complete. Compressed files have no such sign. */
    private static final Pattern OF_LINES = Pattern.compile(".*\\.(csv|txt|jsonl|ndjson)", Pattern.DOTALL);

    private final Duration quiet;
    private final LongSupplier nanos;
    private final Map<Path, Seen> seen = new ConcurrentHashMap<>();
    private final AtomicLong swept;

    /** @param quiet how long a file is unchanged that nobody writes any more */
    public QuietFiles(Duration quiet) {
        this(quiet, System::nanoTime);
    }

    /** @param nanos a clock that never goes back, in nanoseconds */
    public QuietFiles(Duration quiet, LongSupplier nanos) {
        this.quiet = quiet;
        this.nanos = nanos;
        this.swept = new AtomicLong(nanos.getAsLong());
    }

    /**
     * What was seen of a file.
     *
     * @param since when it had this stamp first
     * @param asked when it was asked about last
     * @param ends whether its last line ends; null before that was looked at
     */
    private record Seen(FileStamp stamp, long since, long asked, Boolean ends) {
        Seen again(FileStamp now, long at) {
            return now.equals(stamp) ? new Seen(stamp, since, at, ends) : new Seen(now, at, at, null);
        }

        Seen whose(boolean end) {
            return new Seen(stamp, since, asked, end);
        }
    }

    /** Returns how long a file is unchanged that nobody writes any more. */
    public Duration quiet() {
        return quiet;
    }

    /** Returns how long something is left alone that may be renamed yet. */
    public Duration leftAlone() {
        return quiet.multipliedBy(LEFT_ALONE);
    }

    /** Tells whether a file seems to be complete; false for what is no file, and for one that is gone. */
    public boolean isQuiet(Path file) {
        Seen now = look(file);
        if (now == null || !now.stamp().regular()) {
            return false;
        }
        long unchanged = now.asked() - now.since();
        return unchanged >= quiet.toNanos()
                && (unchanged >= quiet.toNanos() * WITHOUT_LINE_END || !isOfLines(file) || endsInLineFeed(file, now));
    }

    /** Tells whether something was unchanged for as long as it is {@link #leftAlone}, file or not. */
    public boolean isLeftAlone(Path path) {
        Seen now = look(path);
        return now != null && now.asked() - now.since() >= leftAlone().toNanos();
    }

    /** Forgets a file that was taken. */
    public void forget(Path file) {
        seen.remove(file);
    }

    /** @return null when it is gone */
    private Seen look(Path path) {
        long now = nanos.getAsLong();
        sweep(now);
        try {
            FileStamp stamp = FileStamp.of(path);
            return seen.compute(
                    path, (key, before) -> before == null ? new Seen(stamp, now, now, null) : before.again(stamp, now));
        } catch (IOException e) {
            seen.remove(path);
            return null;
        }
    }

    private void sweep(long now) {
        long last = swept.get();
        if (now - last >= FORGOTTEN_AFTER && swept.compareAndSet(last, now)) {
            seen.values().removeIf(each -> now - each.asked() >= FORGOTTEN_AFTER);
        }
    }

    /** Counts the files that are remembered. */
    int remembered() {
        return seen.size();
    }

    /** Tells whether a file is one of lines, by its name. */
    public static boolean isOfLines(Path file) {
        return OF_LINES.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT))
                .matches();
    }

    private boolean endsInLineFeed(Path file, Seen now) {
        if (now.ends() != null) {
            return now.ends();
        }
        boolean ends = endsInLineFeed(file, now.stamp().size());
        seen.computeIfPresent(file, (key, latest) -> latest.stamp().equals(now.stamp()) ? latest.whose(ends) : latest);
        return ends;
    }

    private static boolean endsInLineFeed(Path file, long size) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (size == 0) {
                return false;
            }
            bytes.seek(size - 1);
            return bytes.read() == '\n';
        } catch (IOException e) {
            return false;
        }
    }
}
