package dev.pearlroutes.http;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a source that others may have: those that the program put into {@code done/} or {@code failed/} for it. */
final class SourceFiles {
    /** Stands for the dropped file itself. */
    static final String ORIGINAL = "original";

    private static final Map<String, String> TYPES = Map.of(
            "csv", "text/csv; charset=utf-8",
            "jsonl", "application/x-ndjson",
            "json", "application/json",
            "txt", "text/plain; charset=utf-8");

    private static final List<String> OF_FINISHED = Stream.concat(
                    Stream.of("accepted", "updated", "found", "missing", "rejected", "skipped", "unknown", "outcomes")
                            .flatMap(kind -> Stream.of(kind + ".csv", kind + ".jsonl")),
                    Stream.of("receipt.json"))
            .toList();

    private static final List<String> OF_FAILED = List.of("reason.txt");

    private final DataFolders folders;

    SourceFiles(DataFolders folders) {
        this.folders = folders;
    }

    /** Lists the files that are there, by what they are: {@link #ORIGINAL}, or what stands behind its name and a point. */
    Map<String, Path> of(Source source) {
        Map<String, Path> files = new LinkedHashMap<>();
        if (!source.message() && source.state() != Source.State.CLAIMED) {
            boolean failed = source.state() == Source.State.FAILED;
            Path original = failed ? folders.failed(source) : folders.done(source);
            List<String> names = new ArrayList<>(failed ? OF_FAILED : OF_FINISHED);
            files.put(ORIGINAL, original);
            names.forEach(name -> files.put(name, original.resolveSibling(source.name() + "." + name)));
            // A link would lead out of the folder.
            files.values().removeIf(path -> !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
        }
        return files;
    }

    /** Finds one of them by what it is. */
    Optional<Path> find(Source source, String file) {
        return Optional.ofNullable(of(source).get(file));
    }

    static String type(String file) {
        return TYPES.getOrDefault(file.substring(file.lastIndexOf('.') + 1), "application/octet-stream");
    }

    static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // It was replaced or taken away meanwhile.
            return 0;
        }
    }
}
