package dev.pearlroutes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every link of the pages leads somewhere, in the repository and in the unpacked archive, and every page can be found. */
class LinksTest {
    private static final int MOST_LINES = 200;
    private static final int MOST_BYTES = 10 * 1024;

    /** What the archive has at the path that it has in the repository. */
    private static final Set<String> PACKAGED =
            Set.of("README.md", "LICENSE", "src/docs", "src/deploy/monitoring", "routes");

    private final List<Page> pages = Page.all();

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Page page : pages) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*") && !resolves(page, link)) {
                    broken.add(page.path() + " -> " + link);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void aLinkToNothingIsFound() {
        Page page = new Page(Path.of("src/docs/events.md"), List.of("# Some: words", "## Some words", "## Some words"));

        assertThat(resolves(page, "#some-words-1")).isTrue();
        assertThat(resolves(page, "#some-words-2")).isTrue();
        assertThat(resolves(page, "#other-words")).isFalse();
        assertThat(resolves(page, "gone.md")).isFalse();
        assertThat(resolves(page, "../../README.md#no-such-chapter")).isFalse();
        assertThat(resolves(page, "../../README.md")).isTrue();
        assertThat(resolves(page, "../../pom.xml")).as("not in the archive").isFalse();
    }

    @Test
    void everyPageIsLinkedFromTheReadmeOrFromTheListOfItsFolder() {
        Set<Path> linked = new TreeSet<>();
        for (Page page : pages) {
            if (page.path().endsWith("README.md")) {
                page.links().stream()
                        .filter(link -> link.endsWith(".md"))
                        .map(link -> page.path().resolveSibling(link).normalize())
                        .forEach(linked::add);
            }
        }

        assertThat(linked)
                .containsAll(pages.stream()
                        .map(Page::path)
                        .filter(path -> !path.equals(Path.of("README.md")))
                        .toList());
    }

    @Test
    void theReadmeIsTheDoorOnly() throws IOException {
        Path readme = Path.of("README.md");

        assertThat(Files.readAllLines(readme)).hasSizeLessThanOrEqualTo(MOST_LINES);
        assertThat(Files.size(readme)).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void thePagesArePackaged() throws IOException {
        String content = Files.readString(Path.of("src/deploy/content.xml"));

        assertThat(PACKAGED).allSatisfy(path -> assertThat(content).contains(">" + path + "<"));
        assertThat(content).containsPattern("<directory>src/docs</directory>\\s+<outputDirectory>src/docs<");
    }

    private static boolean resolves(Page page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.path()
                : (page.path().getParent() == null
                                ? Path.of(parts[0])
                                : page.path().getParent().resolve(parts[0]))
                        .normalize();
        boolean there = Files.exists(target) && PACKAGED.stream().anyMatch(root -> target.startsWith(root));
        if (parts.length == 1 || !there) {
            return there;
        }
        Page other = target.equals(page.path()) ? page : Page.read(target);
        return other.anchors().contains(parts[1]);
    }
}
