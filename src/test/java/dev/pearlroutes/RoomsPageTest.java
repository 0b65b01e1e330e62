package dev.pearlroutes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.docs.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The architecture page has the rooms that there are, and what each may touch. */
class RoomsPageTest {
    private static final Path CODE = Path.of("src/main/java/dev/pearlroutes");

    /** What each room may touch, in the order of the page. */
    private final List<Map.Entry<String, Set<String>>> rows =
            Page.read(Path.of("src/docs/architecture.md")).table("## Rooms").stream()
                    .map(cells -> Map.entry(cells.get(0).replace("`", ""), rooms(cells.get(2))))
                    .toList();

    @Test
    void theTableOfRoomsIsThatOfThePackages() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (var sources = Files.walk(CODE)) {
            sources.filter(path -> path.toString().endsWith(".java"))
                    .map(path -> CODE.relativize(path.getParent()).toString().replace('\\', '/'))
                    .forEach(packages::add);
        }

        assertThat(packages).contains("model", "ledger", "app");
        assertThat(rows.stream().map(Map.Entry::getKey)).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void theTableIsTheOneThatIsHeldAgainstTheClasses() {
        Map<String, Set<String>> ofPage = new TreeMap<>();
        // A package within a room is a part of it.
        rows.forEach(row -> ofPage.computeIfAbsent(room(row.getKey()), any -> new TreeSet<>())
                .addAll(row.getValue().stream()
                        .filter(touched -> !room(touched).equals(room(row.getKey())))
                        .toList()));

        assertThat(ofPage).isEqualTo(RoomsTest.MAY_TOUCH);
    }

    @Test
    void aRoomTouchesOnlyRoomsThatStandAboveIt() {
        Set<String> above = new TreeSet<>();
        for (var row : rows) {
            assertThat(above).as("above " + row.getKey()).containsAll(row.getValue());
            above.add(row.getKey());
        }
    }

    private static Set<String> rooms(String cell) {
        String words = cell.replace("`", "");
        return words.equals("nothing") ? Set.of() : Set.of(words.split(", "));
    }

    private static String room(String name) {
        return name.replaceFirst("/.*", "");
    }
}
