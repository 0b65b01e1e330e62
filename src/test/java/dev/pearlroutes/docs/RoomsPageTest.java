package dev.pearlroutes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The architecture page has the rooms that there are. */
class RoomsPageTest {
    private static final Path CODE = Path.of("src/main/java/dev/pearlroutes");

    private final Page page = Page.read(Path.of("src/docs/architecture.md"));

    @Test
    void theTableOfRoomsIsThatOfThePackages() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (var sources = Files.walk(CODE)) {
            sources.filter(path -> path.toString().endsWith(".java"))
                    .map(path -> CODE.relativize(path.getParent()).toString().replace('\\', '/'))
                    .forEach(packages::add);
        }

        assertThat(packages).contains("model", "ledger", "app");
        assertThat(page.firstColumn("## Rooms").stream().map(cell -> cell.replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    /** A layer may touch those below it, so what a room touches must stand above it in the table. */
    @Test
    void aRoomTouchesOnlyRoomsThatStandAboveIt() {
        Set<String> above = new TreeSet<>();
        for (var row : page.table("## Rooms")) {
            String touched = row.get(2).replace("`", "");
            if (!touched.matches("nothing|all.*")) {
                assertThat(above).as("above " + row.get(0)).contains(touched.split(", "));
            }
            above.add(row.get(0).replace("`", ""));
        }
    }
}
