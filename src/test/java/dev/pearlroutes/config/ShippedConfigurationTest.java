package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The shipped file is the documentation of the keys, so it must be the table of keys. */
class ShippedConfigurationTest {
    private static final Path SHIPPED = Path.of("src/deploy/config/application.properties");

    /** The keys whose line is not commented out, with the sandbox demo's values. */
    private static final Map<String, String> ACTIVE = Map.of(
            "nlpearl.sandbox", "true",
            "outbound.demo.id", "sandbox-demo",
            "outbound.demo.default-region", "US",
            "outbound.demo.search-calls.cron", "0/10 * * * * ?");

    private static final Pattern PARAGRAPH = Pattern.compile("(?m)((?:^# .*\\n)+)^(#?)([a-z][a-z.-]*)=(.*)$");

    @Test
    void hasEveryKeyWithItsMeaningAndDefaultAndNoOther() throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        Matcher matcher = PARAGRAPH.matcher(Files.readString(SHIPPED));
        while (matcher.find()) {
            String comment = matcher.group(1).replaceAll("(?m)^# ", "").replaceAll("\\s+", " ");
            boolean active = matcher.group(2).isEmpty();
            assertThat(active).as(matcher.group(3)).isEqualTo(ACTIVE.containsKey(matcher.group(3)));
            lines.put(matcher.group(3), matcher.group(4) + " | " + comment.trim());
        }

        assertThat(lines.keySet())
                .containsExactlyElementsOf(
                        Keys.ALL.stream().map(key -> key.in("demo")).toList());
        Keys.ALL.forEach(key -> {
            String name = key.in("demo");
            String value = ACTIVE.getOrDefault(name, key.defaultText());
            assertThat(lines.get(name)).as(name).startsWith(value + " | ").contains(" | " + key.meaning());
        });
        assertThat(lines.get("outbound.demo.search-calls.cron")).contains(Keys.CRON.defaultText());
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
        assertThat(Keys.ALL).filteredOn(key -> !key.defaultText().isEmpty()).allSatisfy(key -> assertThat(
                        key.parser().apply(key.defaultText()))
                .isNotNull());
    }
}
