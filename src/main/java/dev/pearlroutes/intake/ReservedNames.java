package dev.pearlroutes.intake;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.model.Source;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The names that a source reserves: its own and those of its result files, so that no result overwrites what somebody dropped. */
final class ReservedNames {
    /** What the names of result files, receipt and reason add to their source's. */
    private static final List<String> BESIDE = Stream.concat(
                    Stream.of(".receipt.json", ".reason.txt", ".outcomes.complete"),
                    Stream.of("accepted", "updated", "found", "missing", "rejected", "skipped", "unknown", "outcomes")
                            .flatMap(kind -> Stream.of("." + kind + ".csv", "." + kind + ".jsonl")))
            .toList();

    private ReservedNames() {}

    /** Tells whether one of the names that a source would have files under is taken in {@code done/}. */
    static boolean onDisk(DataFolders folders, String outbound, Source.Operation operation, String name) {
        File done = folders.done(outbound, operation).toFile();
        return Stream.concat(Stream.of(name), beside(name)).anyMatch(each -> new File(done, each).exists());
    }

    /** Lists the names that no other source may have: those of its files, and those whose files it would be. */
    static List<String> inLedger(String name) {
        List<String> names = new ArrayList<>(List.of(name));
        beside(name).forEach(names::add);
        BESIDE.stream()
                .filter(name::endsWith)
                .forEach(ending -> names.add(name.substring(0, name.length() - ending.length())));
        return names;
    }

    private static Stream<String> beside(String name) {
        return BESIDE.stream().map(ending -> name + ending);
    }
}
