package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.docs.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every configuration of the recipes is one that the program starts with. */
class RecipesTest {
    private static final Pattern CONFIGURATION = Pattern.compile("(?s)```properties\\n(.*?)```");
    private static final Pattern MAPPING = Pattern.compile("(?s)`config/(mappings/[^`]+)`:\n\n```\n(.*?)```");
    private static final Pattern BLANK = Pattern.compile("<[a-zA-Z ]+>");

    /** What the recipes have the reader put into the environment. */
    private static final Map<String, String> ENVIRONMENT = Map.of("NLPEARL_TOKEN", "account:key");

    @TempDir
    Path folder;

    @Test
    void everyConfigurationCanBeStartedWith() throws IOException {
        List<String> recipes = CONFIGURATION
                .matcher(Page.read(Path.of("src/docs/recipes.md")).text())
                .results()
                .map(block -> filledIn(block))
                .toList();
        assertThat(recipes).hasSizeGreaterThan(5);
        Files.createDirectories(folder.resolve("mappings"));
        for (MatchResult mapping : MAPPING.matcher(
                        Page.read(Path.of("src/docs/recipes.md")).text())
                .results()
                .toList()) {
            Files.writeString(folder.resolve(mapping.group(1)), mapping.group(2));
        }

        for (String recipe : recipes) {
            Path file = Files.writeString(folder.resolve("application.properties"), recipe);
            Settings settings = Configuration.load(file, ENVIRONMENT);

            assertThat(settings.sandbox()).as(recipe).isFalse();
            assertThat(settings.warnings()).as(recipe).isEmpty();
        }
    }

    /** Each blank with an id of its own. */
    private static String filledIn(MatchResult block) {
        Matcher blank = BLANK.matcher(block.group(1));
        int[] ids = {0};
        return blank.replaceAll(found -> "id" + ids[0]++);
    }
}
