import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Counts what the house is made of: {@code java src/bench/House.java} in the project's folder prints the table. */
public final class House {
    private static final Path MAIN = Path.of("src/main/java/dev/pearlroutes");
    private static final Pattern WRITES =
            Pattern.compile("(?:INSERT INTO|UPDATE|DELETE FROM) (source|lead|call|call_outcome|event|sink_position"
                    + "|sink_file|wave|cursor|silence|clock_jump|meta)\\b");
    private static final Pattern SETTER = Pattern.compile("\\.set(?:String|Long|Int|Boolean|Bytes|Object|Null)\\(\\w+,");
    private static final Pattern REQUEST = Pattern.compile("uri: \"?\\{\\{nlpearl\\.base-url}}");

    private House() {}

    public static void main(String[] arguments) {
        Map<String, List<Path>> rooms = new TreeMap<>();
        files(MAIN, ".java").forEach(file -> rooms.computeIfAbsent(room(file), any -> new ArrayList<>())
                .add(file));
        System.out.printf("%-14s %5s %6s%n", "room", "files", "lines");
        rooms.forEach((room, files) -> System.out.printf("%-14s %5d %6d%n", room, files.size(), lines(files)));
        List<Path> all = rooms.values().stream().flatMap(List::stream).toList();
        row("main Java, lines", lines(all));
        row(
                "packages above 2,400 lines or 25 files",
                rooms.entrySet().stream()
                        .filter(each -> !Set.of("config", "sandbox").contains(each.getKey()))
                        .filter(each -> lines(each.getValue()) > 2_400 || each.getValue().size() > 25)
                        .map(Map.Entry::getKey)
                        .toList());
        row(
                "packages without a contract",
                rooms.entrySet().stream()
                        .filter(each -> each.getValue().stream().noneMatch(file -> file.endsWith("package-info.java")))
                        .map(Map.Entry::getKey)
                        .toList());
        writers(all).forEach((table, writers) -> row("writers of table " + table, writers));
        row("prepareStatement by hand", count(all, Pattern.compile("\\.prepareStatement\\(")));
        row("setters by index", count(all, SETTER));
        row("constructors above 6 parameters", all.stream().filter(House::crowded).map(House::name).toList());
        row("request blocks in the routes", count(files(Path.of("routes"), ".yaml"), REQUEST));
        row("README, lines and bytes", text(Path.of("README.md")).lines().count() + ", " + size(Path.of("README.md")));
        walk(text(Path.of("src/docs/architecture.md")));
    }

    /** Counts the stations of the table "The walk of a row": each names its room and whether it is YAML or Java. */
    private static void walk(String page) {
        Matcher station = Pattern.compile("(?m)^\\| *\\d+ *\\| *`?([\\w.]+)`? *\\| *(YAML|Java) *\\|").matcher(page);
        List<String> rooms = new ArrayList<>();
        List<String> languages = new ArrayList<>();
        while (station.find()) {
            rooms.add(station.group(1));
            languages.add(station.group(2));
        }
        row("stations of an accepted row", rooms.size());
        row("changes of room", changes(rooms));
        row("crossings between YAML and Java", changes(languages));
    }

    private static int changes(List<String> stations) {
        int changes = 0;
        for (int i = 1; i < stations.size(); i++) {
            changes += stations.get(i).equals(stations.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    private static Map<String, Set<String>> writers(List<Path> files) {
        Map<String, Set<String>> writers = new TreeMap<>();
        for (Path file : files) {
            WRITES.matcher(text(file)).results().map(match -> match.group(1)).forEach(table ->
                    writers.computeIfAbsent(table, any -> new TreeSet<>()).add(name(file)));
        }
        return writers;
    }

    private static boolean crowded(Path file) {
        Matcher constructor = Pattern.compile("(?m)^    (?:public |private |protected )?" + name(file) + "\\(([^{;]*?)\\)\\s*(?:throws [\\w, ]+)?\\{")
                .matcher(text(file));
        return constructor.results().map(MatchResult::group).anyMatch(each -> parameters(each) > 6);
    }

    private static long parameters(String constructor) {
        String list = constructor.substring(constructor.indexOf('(') + 1, constructor.lastIndexOf(')'));
        String plain = list;
        while (plain.contains("<")) {
            plain = plain.replaceAll("<[^<>]*>", "");
        }
        return plain.isBlank() ? 0 : plain.chars().filter(c -> c == ',').count() + 1;
    }

    private static long count(List<Path> files, Pattern pattern) {
        return files.stream()
                .mapToLong(file -> pattern.matcher(text(file)).results().count())
                .sum();
    }

    private static void row(String what, Object figure) {
        System.out.println(what + ": " + figure);
    }

    private static String room(Path file) {
        return MAIN.relativize(file).getParent().toString().replace('/', '.');
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static long lines(List<Path> files) {
        return files.stream().mapToLong(file -> text(file).lines().count()).sum();
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
