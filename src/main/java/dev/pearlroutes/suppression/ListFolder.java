package dev.pearlroutes.suppression;

import dev.pearlroutes.files.FileEndings;
import dev.pearlroutes.files.FileStamp;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The lists of one folder. A file is read again only when it has changed. One thread at a time. */
final class ListFolder {
    private final Path folder;
    private final String prefix;
    private final String region;
    private final Set<String> subfolders;
    private final ListReader reader;
    private final QuietFiles quietFiles;
    private Map<String, Held> held = Map.of();

    /**
     * @param prefix of the names of its lists in messages
     * @param region of numbers without a country code; null for none
     * @param subfolders that it may have
     */
    ListFolder(
            Path folder,
            String prefix,
            String region,
            Set<String> subfolders,
            ListReader reader,
            QuietFiles quietFiles) {
        this.folder = folder;
        this.prefix = prefix;
        this.region = region;
        this.subfolders = Set.copyOf(subfolders);
        this.reader = reader;
        this.quietFiles = quietFiles;
    }

    /** A list as it was read last. */
    private record Held(FileStamp stamp, SuppressionList list) {}

    /**
     * All lists, in the order of their names.
     *
     * @param changing is run before the first of them that has changed is read
     * @throws UnreadableListException when one of them cannot be relied on
     */
    List<SuppressionList> read(Runnable changing) throws UnreadableListException {
        Map<String, Held> now = new HashMap<>();
        List<SuppressionList> lists = new ArrayList<>();
        for (Path file : files()) {
            String name = prefix + LogText.printable(file.getFileName().toString());
            try {
                FileStamp stamp = FileStamp.of(file);
                Held before = held.get(name);
                if (before == null || !before.stamp().equals(stamp)) {
                    changing.run();
                    before = new Held(stamp, readQuiet(file, name, stamp));
                }
                now.put(name, before);
                lists.add(before.list());
            } catch (IOException e) {
                throw new UnreadableListException(name + " cannot be read ("
                        + e.getClass().getSimpleName() + "): let this program read it, or take it away");
            }
        }
        held = now;
        return lists;
    }

    private SuppressionList readQuiet(Path file, String name, FileStamp stamp)
            throws IOException, UnreadableListException {
        if (!stamp.regular()) {
            throw new UnreadableListException(name + " is no file: take it away");
        }
        SuppressionList list = quietFiles.isQuiet(file) ? reader.read(file, name, region) : null;
        if (list == null || !FileStamp.of(file).equals(stamp)) {
            throw new UnreadableListException(
                    name + " is being written, or new to this process: it is read when it is unchanged for "
                            + LogText.inWords(quietFiles.quiet()),
                    true);
        }
        quietFiles.forget(file);
        return list;
    }

    private List<Path> files() throws UnreadableListException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path path : found.sorted().toList()) {
                String name = path.getFileName().toString();
                if (Files.isDirectory(path)) {
                    requireKnown(path, name);
                } else if (!FileEndings.isInTheMaking(name)) {
                    files.add(path);
                }
            }
        } catch (IOException e) {
            throw new UnreadableListException("the folder " + folder + " cannot be read ("
                    + e.getClass().getSimpleName() + "): put it back and let this program read it");
        }
        return files;
    }

    /** Lists in a folder that is misspelled would let their numbers through. */
    private void requireKnown(Path path, String name) throws IOException, UnreadableListException {
        try (Stream<Path> found = Files.list(path)) {
            if (!subfolders.contains(name) && found.findAny().isPresent()) {
                throw new UnreadableListException(prefix + LogText.printable(name)
                        + "/ is named like no outbound: rename it, or take its lists away");
            }
        }
    }
}
