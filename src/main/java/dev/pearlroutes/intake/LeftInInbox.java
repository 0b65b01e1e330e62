package dev.pearlroutes.intake;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.FileEndings;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stays in the folders for dropped files because nothing takes it: each is named once in the log after a while, and counted. A file
 * whose name the file component cannot read, but which is sound, gets a name by which it is taken.
 */
public final class LeftInInbox {
    private static final Logger LOG = LoggerFactory.getLogger(LeftInInbox.class);

    /** Names that are logged, of those that are there at one time. */
    private static final int MOST_NAMED = 1_000;

    /** What the file component passes over, since it makes such files itself for other routes. */
    private static final String CAMEL_LOCK = ".camellock";

    private static final String REPLAY = ".txt";
    private static final List<String> OF_REPLAYS = List.of(".txt.started", ".txt.done", ".txt.failed");

    private static final Set<String> SUBFOLDERS = Stream.of(Source.Operation.values())
            .filter(Source.Operation::dropped)
            .map(Source.Operation::folder)
            .collect(Collectors.toUnmodifiableSet());

    private final DataFolders folders;
    private final List<String> outbounds;
    private final FileIntake fileIntake;
    private final QuietFiles quietFiles;
    private final Set<Path> named = new HashSet<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    public LeftInInbox(
            DataFolders folders, Collection<String> outbounds, FileIntake fileIntake, QuietFiles quietFiles) {
        this.folders = folders;
        this.outbounds = List.copyOf(outbounds);
        this.fileIntake = fileIntake;
        this.quietFiles = quietFiles;
    }

    /** Says why an entry of a folder is not taken; null when it is, or is the program's own. */
    @FunctionalInterface
    private interface Rule {
        String whyLeft(Path entry);
    }

    /** Looks through all folders, from time to time. */
    public synchronized void look() {
        Map<Path, String> left = new HashMap<>();
        // Lists for all outbounds are nobody's own: they are in the total only.
        count("", folders.suppress(), LeftInInbox::inSuppress, left);
        for (String outbound : outbounds) {
            int before = left.size();
            for (Source.Operation operation : Source.Operation.values()) {
                if (operation.dropped()) {
                    inspect(folders.inbox(outbound, operation), entry -> inInbox(operation, entry), left);
                }
            }
            inspect(folders.suppress(outbound), LeftInInbox::inSuppress, left);
            inspect(folders.replay(outbound), LeftInInbox::inReplay, left);
            counts.put(outbound, left.size() - before);
        }
        named.retainAll(left.keySet());
        left.forEach(this::name);
    }

    private void count(String scope, Path folder, Rule rule, Map<Path, String> left) {
        int before = left.size();
        inspect(folder, rule, left);
        counts.put(scope, left.size() - before);
    }

    /** Counts what is left in the folders of an outbound, without asking a disk. */
    public int count(String outbound) {
        return counts.getOrDefault(outbound, 0);
    }

    /** Counts what is left in all folders, without asking a disk. */
    public int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void inspect(Path folder, Rule rule, Map<Path, String> left) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String why = rule.whyLeft(entry);
                if (why != null && quietFiles.isLeftAlone(entry)) {
                    left.put(entry, why);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that cannot be read is reported by whoever takes files out of it.
        }
    }

    private void name(Path entry, String why) {
        if (named.size() < MOST_NAMED && named.add(entry) && !fileIntake.isRefused(entry.toFile())) {
            LOG.warn("{} is left where it is, since it {}", LogText.printable(entry.toString()), why);
        }
    }

    private String inInbox(Source.Operation operation, Path entry) {
        String name = name(entry);
        if (fileIntake.isOriginal(entry)) {
            return null;
        }
        if (Files.isDirectory(entry)) {
            return operation == Source.Operation.ADD && SUBFOLDERS.contains(name)
                    ? null
                    : "is a folder that nothing reads: move its files up, and take it away";
        }
        String why = whyUnusable(entry, name);
        if (why == null && name.toLowerCase(Locale.ROOT).endsWith(CAMEL_LOCK)) {
            return "has the ending of another program's lock: rename it, or take it away";
        }
        return why == null && name.indexOf('\\') >= 0 ? whyNotRenamed(entry, name) : why;
    }

    private static String inSuppress(Path entry) {
        // Whatever else is wrong here stops sending, and says so.
        return FileEndings.isInTheMaking(name(entry)) ? inTheMaking() : null;
    }

    private static String inReplay(Path entry) {
        String name = name(entry);
        if (OF_REPLAYS.stream().anyMatch(name::endsWith)) {
            return null;
        }
        String why = whyUnusable(entry, name);
        return why == null && (!name.endsWith(REPLAY) || Files.isDirectory(entry))
                ? "is no file with the ending .txt: rename it, or take it away"
                : why;
    }

    private static String whyUnusable(Path entry, String name) {
        if (FileEndings.isInTheMaking(name)) {
            return inTheMaking();
        }
        if (!entry.toFile().exists()) {
            return Files.isSymbolicLink(entry)
                    ? "is a link that leads nowhere: fix it, or take it away"
                    : "cannot be opened by this name: rename it, or start under a UTF-8 locale if its name is valid";
        }
        return Files.isRegularFile(entry) || Files.isDirectory(entry) ? null : "is no file: take it away";
    }

    private static String inTheMaking() {
        return "has the name of a file that is still being written: rename it when it is complete, or take it away";
    }

    /** Camel's file component reads a backslash as a separator of folders, on every system. */
    private String whyNotRenamed(Path entry, String name) {
        Path target = entry.resolveSibling(name.replace('\\', '_'));
        if (!quietFiles.isQuiet(entry)) {
            return "holds a backslash in its name: rename it";
        }
        try {
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                AtomicFiles.move(entry, target);
                LOG.info(
                        "{} is now {}: a name with a backslash cannot be taken",
                        LogText.printable(entry.toString()),
                        LogText.printable(name(target)));
                return null;
            }
        } catch (IOException e) {
            return "holds a backslash in its name and cannot be renamed (" + LogText.describe(e) + "): rename it";
        }
        return "holds a backslash in its name, and the name with an underscore is taken: rename it";
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
