package dev.pearlroutes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The monitoring page has every metric and every health check that the program makes, and no other. */
class MonitoringPageTest {
    private static final Pattern METER = Pattern.compile("\"(pearl(?:\\.[a-z]+)+)\"");
    private static final Pattern HEALTH_CHECK = Pattern.compile("super\\(\"pearl-routes\", \"([a-z-]+)\"\\)");

    private final Page page = Page.read(Path.of("src/docs/monitoring.md"));

    @Test
    void hasEveryMetricAndNoOther() throws IOException {
        Set<String> made = found(METER).stream()
                .map(meter -> meter.replace('.', '_'))
                // Which folder the routes are in is no metric.
                .filter(meter -> !meter.equals("pearl_routes"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(made).hasSizeGreaterThanOrEqualTo(5);
        assertThat(words(page.firstColumn("## Metrics"), "`(pearl_[a-z_]+)`")).isEqualTo(made);
    }

    @Test
    void hasEveryHealthCheckAndNoOther() throws IOException {
        Set<String> made = found(HEALTH_CHECK);

        assertThat(made).contains("lines", "sinks");
        assertThat(words(page.firstColumn("## Health checks"), "`([a-z-]+)`"))
                .containsAll(made)
                // Camel's own.
                .isSubsetOf(plus(made, "context"));
    }

    private static Set<String> plus(Set<String> words, String word) {
        Set<String> all = new TreeSet<>(words);
        all.add(word);
        return all;
    }

    private static Set<String> words(Iterable<String> cells, String pattern) {
        Set<String> words = new TreeSet<>();
        for (String cell : cells) {
            Matcher matcher = Pattern.compile(pattern).matcher(cell);
            while (matcher.find()) {
                words.add(matcher.group(1));
            }
        }
        return words;
    }

    private static Set<String> found(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (var sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = pattern.matcher(Files.readString(source));
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }
}
