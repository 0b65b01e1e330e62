package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    private Path folder;

    private final AtomicFiles atomicFiles = new AtomicFiles(PosixFilePermissions.fromString("rw-r-----"));

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writesAFileWholeWithItsMode() throws IOException {
        Path file = folder.resolve("new/Zoë.txt");
        atomicFiles.write(file, "Grüße 😀");
        assertThat(file).hasContent("Grüße 😀");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void aDraftShowsNothingBeforeItIsFinished() throws IOException {
        Path file = folder.resolve("f");
        Files.writeString(file, "old");
        try (AtomicFiles.Draft draft = atomicFiles.draft(file)) {
            draft.writer().write("new");
            assertThat(file).hasContent("old");
            draft.finish();
            assertThat(file).hasContent("new");
        }
        assertThat(names()).containsExactly("f");
    }

    @Test
    void aDraftThatIsGivenUpLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("f");
        try (AtomicFiles.Draft draft = atomicFiles.draft(file)) {
            draft.writer().write("half");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aDraftLeftByACrashIsWrittenOver() throws IOException {
        Files.writeString(folder.resolve(".f.part"), "a long rest of what a crash left behind");
        atomicFiles.write(folder.resolve("f"), "new");
        assertThat(folder.resolve("f")).hasContent("new");
        assertThat(names()).containsExactly("f");
    }

    @Test
    void movesIntoAFolderThatIsNotThereYet() throws IOException {
        Files.writeString(folder.resolve("f"), "x");
        AtomicFiles.move(folder.resolve("f"), folder.resolve("a/b/f"));
        assertThat(folder.resolve("a/b/f")).hasContent("x");
        assertThatThrownBy(() -> AtomicFiles.move(folder.resolve("f"), folder.resolve("c/f")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
