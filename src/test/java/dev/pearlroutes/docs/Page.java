package dev.pearlroutes.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documents in Markdown.
 *
 * @param path seen from the project's folder
 * @param lines of the page as they are
 */
public record Page(Path path, List<String> lines) {
    private static final Pattern FENCE = Pattern.compile("\\s*```.*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** README.md and every page in src/docs. */
    public static List<Page> all() {
        try (Stream<Path> docs = Files.walk(Path.of("src/docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Page read(Path path) {
        try {
            return new Page(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text() {
        return String.join("\n", lines);
    }

    /** Targets of the links, those in code left out. */
    List<String> links() {
        return prose().flatMap(
                        line -> LINK.matcher(line.replaceAll("`[^`]*`", "")).results())
                .map(match -> match.group(1))
                .toList();
    }

    /** What the headings can be linked by: lower case, spaces as dashes, other signs left out, a number behind a repeated one. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        prose().map(HEADING::matcher).filter(heading -> heading.matches()).forEach(heading -> {
            String slug = heading.group(1)
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int before = seen.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        });
        return anchors;
    }

    /** The words set as code within a line. */
    public List<String> code() {
        return prose().flatMap(line -> CODE.matcher(line).results())
                .map(match -> match.group(1))
                .toList();
    }

    /** The first cells of the rows of the first table below a heading. */
    List<String> firstColumn(String heading) {
        return table(heading).stream().map(cells -> cells.get(0)).toList();
    }

    /** The rows of the first table below a heading, as cells. */
    public List<List<String>> table(String heading) {
        List<List<String>> rows = new ArrayList<>();
        int start = lines.indexOf(heading);
        if (start < 0) {
            throw new IllegalArgumentException(path + " has no line '" + heading + "'");
        }
        for (String line : lines.subList(start + 1, lines.size())) {
            if (line.startsWith("|")) {
                rows.add(Stream.of(line.substring(1).split("(?<!\\\\)\\|"))
                        .map(String::strip)
                        .toList());
            } else if (!rows.isEmpty()) {
                break;
            }
        }
        // Without the head and the line below it.
        return rows.subList(2, rows.size());
    }

    private Stream<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean inCode = false;
        for (String line : lines) {
            if (FENCE.matcher(line).matches()) {
                inCode = !inCode;
            } else if (!inCode) {
                prose.add(line);
            }
        }
        return prose.stream();
    }
}
