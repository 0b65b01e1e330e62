package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.docs.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configuration page has every key with its default, and no page speaks of a key that does not exist. */
class KeysInPagesTest {
    private static final Page CONFIGURATION = Page.read(Path.of("src/docs/configuration.md"));

    /** Neither a part of a longer word nor a call in code. */
    private static final Pattern KEY = Pattern.compile("(?<![\\w.-])"
            + "(?:outbound\\.(?:<name>|[a-z]+)|nlpearl|leads|ledger|jms|http|files|results|ops|data)(?:\\.[a-z][a-z-]*+)++"
            + "(?![\\w/(-]|\\.\\w)");

    private static final Pattern VARIABLE =
            Pattern.compile("\\b(?:OUTBOUND|NLPEARL|LEADS|LEDGER|JMS|HTTP|FILES|RESULTS|OPS|DATA)(?:_[A-Z]+)+\\b");

    /** Words in the form of a key: queues, names of files, and a member of events. */
    private static final Pattern OTHER =
            Pattern.compile("nlpearl\\.(leads|results|lead-updates|dead-letter|ops)(\\.[a-z]+)?"
                    + "|[a-z]+\\.(md|csv|json|jsonl|id|mark|sends|sqlite|sqlite-wal|sqlite-shm|tmp|part|camel\\.yaml)(\\..*)?"
                    + "|data\\.outbound");

    @Test
    void theConfigurationPageHasEveryKeyWithItsDefault() {
        assertThat(Keys.ALL)
                .allSatisfy(key -> assertThat(CONFIGURATION.lines())
                        .as(key.name())
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("| `" + key.name() + "` | ")
                                .contains(key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`")));
    }

    @Test
    void noPageSpeaksOfAKeyThatDoesNotExist() {
        Set<String> unknown = new TreeSet<>();
        for (Page page : Page.all()) {
            for (String key : keys(page.text())) {
                if (!exists(key)) {
                    unknown.add(page.path() + ": " + key);
                }
            }
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void noPageSpeaksOfAVariableThatDoesNotExist() {
        Set<String> unknown = new TreeSet<>();
        List<String> variables = Keys.ALL.stream()
                .map(key -> key.name().replace("<name>", "NAME"))
                .map(name -> name.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_"))
                .toList();
        for (Page page : Page.all()) {
            Matcher matcher = VARIABLE.matcher(page.text());
            while (matcher.find()) {
                String variable = matcher.group().replaceFirst("^OUTBOUND_[A-Z]+_", "OUTBOUND_NAME_");
                if (!variables.contains(variable)) {
                    unknown.add(page.path() + ": " + matcher.group());
                }
            }
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void aKeyThatDoesNotExistIsFound() {
        assertThat(keys("`outbound.demo.id`, `outbound.<name>.search-calls.cron` of `nlpearl.leads.demo`, leads.csv"))
                .containsExactlyInAnyOrder("outbound.demo.id", "outbound.<name>.search-calls.cron")
                .allMatch(KeysInPagesTest::exists);
        assertThat(keys("`ledger.retain` and `outbound.demo.ids`")).hasSize(2).noneMatch(KeysInPagesTest::exists);
    }

    private static boolean exists(String key) {
        String name = key.replaceFirst("^outbound\\.[a-z]+\\.", "outbound.<name>.");
        return Keys.ALL.stream().anyMatch(each -> each.name().equals(name));
    }

    private static Set<String> keys(String text) {
        Set<String> keys = new TreeSet<>();
        Matcher matcher = KEY.matcher(text);
        while (matcher.find()) {
            if (!OTHER.matcher(matcher.group()).matches()) {
                keys.add(matcher.group());
            }
        }
        return keys;
    }
}
