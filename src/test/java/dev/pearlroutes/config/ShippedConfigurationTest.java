package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The shipped file is the documentation of the keys, so it must hold what the table of keys holds. */
class ShippedConfigurationTest {
    private static final Path SHIPPED = Path.of("src/deploy/config/application.properties");

    /** The keys whose line is not commented out, with the sandbox demo's values. */
    private static final Map<String, String> ACTIVE = Map.of(
            "nlpearl.sandbox", "true",
            "outbound.demo.id", "sandbox-demo",
            "outbound.demo.default-region", "US",
            "outbound.demo.search-calls.cron", "0/10 * * * * ?");

    /** Keys whose bound is so far off that the file does not name it. */
    private static final Set<String> BOUND_UNNAMED = Set.of(
            "ledger.retention",
            "outbound.<name>.identity-window",
            "outbound.<name>.max-leads-per-file",
            "outbound.<name>.max-leads-per-day");

    private static final Pattern BOUNDS = Pattern.compile("from (\\d+ to \\d+)|at most (\\d+[a-z]+)");

    private static final Pattern PARAGRAPH = Pattern.compile("(?m)((?:^# .*\\n)+)^(#?)([a-z][a-z.-]*)=(.*)$");

    /** @param meaning its comment, as one line */
    private record Line(boolean active, String value, String meaning) {}

    private static Map<String, Line> lines() throws IOException {
        Map<String, Line> lines = new LinkedHashMap<>();
        Matcher matcher = PARAGRAPH.matcher(Files.readString(SHIPPED));
        while (matcher.find()) {
            String comment = matcher.group(1).replaceAll("(?m)^# ", "").replaceAll("\\s+", " ");
            lines.put(matcher.group(3), new Line(matcher.group(2).isEmpty(), matcher.group(4), comment.trim()));
        }
        return lines;
    }

    @Test
    void hasEveryKeyWithItsMeaningAndDefaultAndNoOther() throws IOException {
        Map<String, Line> lines = lines();

        assertThat(lines.keySet())
                .containsExactlyElementsOf(
                        Keys.ALL.stream().map(key -> key.in("demo")).toList());
        Keys.ALL.forEach(key -> {
            String name = key.in("demo");
            Line line = lines.get(name);
            assertThat(line.value()).as(name).isEqualTo(ACTIVE.getOrDefault(name, key.defaultText()));
            assertThat(line.active()).as(name).isEqualTo(ACTIVE.containsKey(name));
            assertThat(line.meaning()).as(name).matches("(?s).{20,}[.*?]");
        });
        assertThat(lines.get("outbound.demo.search-calls.cron").meaning()).contains(Keys.CRON.defaultText());
    }

    @Test
    void namesTheBoundsOfEachKey() throws IOException {
        Map<String, Line> lines = lines();
        Map<String, String> bounds = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> bounds.put(key.name(), bounds(key)));

        assertThat(bounds.values().stream().filter(bound -> !bound.isEmpty())).hasSizeGreaterThan(15);
        Keys.ALL.stream()
                .filter(key -> !BOUND_UNNAMED.contains(key.name()))
                .forEach(key -> assertThat(lines.get(key.in("demo")).meaning())
                        .as(key.name())
                        .contains(bounds.get(key.name())));
    }

    /** What its parser says of a value that fits no number and no duration; empty when it speaks of no bounds. */
    private static String bounds(Key<?> key) {
        try {
            key.parser().apply("-");
            return "";
        } catch (IllegalArgumentException e) {
            Matcher matcher = BOUNDS.matcher(e.getMessage());
            if (!matcher.find()) {
                return "";
            }
            return matcher.group(1) != null ? matcher.group(1) : "up to " + matcher.group(2);
        }
    }

    @Test
    void noOtherLineIsActive() throws IOException {
        assertThat(PropertiesFile.read(SHIPPED, new Problems()).entries().keySet())
                .isEqualTo(ACTIVE.keySet());
    }

    @Test
    void startsTheDemo() {
        Settings settings = Configuration.load(SHIPPED, Map.of());

        assertThat(settings.sandbox()).isTrue();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.outbounds())
                .singleElement()
                .extracting(Outbound::id)
                .isEqualTo("sandbox-demo");
    }

    /** The three steps that its head names for real calls. */
    @Test
    void callsRealPeopleByTheThreeStepsItNames() {
        Settings settings = Configuration.load(
                SHIPPED, Map.of("NLPEARL_TOKEN", "acct:key", "NLPEARL_SANDBOX", "false", "OUTBOUND_DEMO_ID", "real"));

        assertThat(settings.sandbox()).isFalse();
    }

    @Test
    void everyDefaultIsAcceptedByItsOwnKey() {
        assertThat(Keys.ALL)
                .filteredOn(key -> !key.defaultText().isEmpty())
                .allSatisfy(
                        key -> assertThat(key.parser().apply(key.defaultText())).isNotNull());
    }
}
