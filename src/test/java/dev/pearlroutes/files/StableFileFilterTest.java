package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a real folder, and a clock that the test moves. */
class StableFileFilterTest {
    @TempDir
    private Path inbox;

    private long nanos;
    private final QuietFiles quietFiles = new QuietFiles(Duration.ofSeconds(2), () -> nanos);
    private final StableFileFilter filter = new StableFileFilter(quietFiles);

    private boolean accepts(Path path) {
        GenericFile<Object> file = new GenericFile<>();
        file.setFileNameOnly(path.getFileName().toString());
        file.setFile(path.toFile());
        return filter.accept(file);
    }

    /** Tells whether a file is accepted that was seen first so long ago, and asked about each half second since. */
    private boolean acceptsAfter(long millis, Path path) {
        boolean accepted = accepts(path);
        for (long passed = 500; passed <= millis; passed += 500) {
            nanos += Duration.ofMillis(500).toNanos();
            accepted = accepts(path);
        }
        return accepted;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(inbox.resolve(name), content);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1500,false", "2000,true", "86400,true"})
    void letsAFileThroughWhenItWasSeenUnchangedForAWhile(long millis, boolean expected) throws IOException {
        assertThat(acceptsAfter(millis, write("l.csv", "a\n"))).isEqualTo(expected);
    }

    /** As a share keeps the original's time while it copies, or as one whose clock is off. */
    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3600, -3, 0, 3, 3600})
    void whatTheTimeStampSaysDoesNotCount(long off) throws IOException {
        FileTime time = FileTime.from(Instant.now().plusSeconds(off));
        Path file = write("l.csv", "id\n");
        for (int i = 0; i < 6; i++) {
            Files.writeString(file, "row " + i + "\n", StandardOpenOption.APPEND);
            Files.setLastModifiedTime(file, time);
            assertThat(acceptsAfter(1500, file)).as("piece " + i).isFalse();
        }
        assertThat(acceptsAfter(2000, file)).isTrue();
    }

    @Test
    void anotherFileOfTheSameNameSizeAndTimeBeginsAnew() throws IOException {
        FileTime time = FileTime.from(Instant.now().minusSeconds(3600));
        Path file = Files.setLastModifiedTime(write("l.csv", "a\n"), time);
        acceptsAfter(1500, file);
        Path other = Files.setLastModifiedTime(write("other", "b\n"), time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(acceptsAfter(1500, file)).isFalse();
        assertThat(acceptsAfter(500, file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".hidden.csv",
                "..csv",
                "~$l.csv",
                "l.csv~",
                "l.csv.part",
                "L.CSV.FILEPART",
                "l.tmp",
                "l.csv.crdownload"
            })
    void leavesFilesInTheMaking(String name) throws IOException {
        assertThat(acceptsAfter(120_000, write(name, "a\n"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-l.csv, true",
        "l.csv, true",
        "L.CSV.GZ, true",
        "${body}.json, true",
        "temp.jsonl, true",
        "l.xlsx, true",
        "l.xls, true",
        "l.ods, true",
        "l.txt, true",
        "l.zip, true",
        "l.csv.approve, true",
        "l.csv.cancel, true",
        "l.csv.pause, true",
        "outbound.resume, true",
        "l.csv.6eBc1F3a, false",
        "l.csv.1, false",
        "apart, false",
        "Dr. Smith, false",
    })
    void aNameWithAnUnknownEndingIsLeftAloneForAMinute(String name, boolean known) throws IOException {
        Path file = write(name, "a\n");
        assertThat(acceptsAfter(59_500, file)).isEqualTo(known);
        assertThat(acceptsAfter(500, file)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "l.csv,a,9500,false",
        "l.csv,a,10000,true",
        "l.csv,'',9500,false",
        "L.JSONL,a,3000,false",
        "l.ndjson,a,3000,false",
        "l.json,a,2000,true",
        "l.csv.gz,a,2000,true"
    })
    void waitsLongerForAFileThatEndsWithinALine(String name, String content, long millis, boolean expected)
            throws IOException {
        assertThat(acceptsAfter(millis, write(name, content))).isEqualTo(expected);
    }

    @Test
    void takesNoFolderAndNoPipe() throws Exception {
        Path pipe = inbox.resolve("pipe.csv");
        assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(acceptsAfter(120_000, pipe)).isFalse();
        assertThat(acceptsAfter(120_000, Files.createDirectory(inbox.resolve("folder.csv"))))
                .isFalse();
    }

    @Test
    void leavesItToTheClaimToTellOfAFileThatCannotBeFound() {
        assertThat(accepts(inbox.resolve("Zo\ufffd.csv"))).isTrue();
    }

    @Test
    void waitsForThousandsOfFilesSideBySide() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            write(i + ".csv", "a\n");
        }
        assertThat(IntStream.range(0, 5_000).filter(i -> accepts(inbox.resolve(i + ".csv"))))
                .isEmpty();
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(IntStream.range(0, 5_000).filter(i -> accepts(inbox.resolve(i + ".csv"))))
                .hasSize(5_000);
    }

    @Test
    void whatIsGoneIsForgotten() throws IOException {
        Path taken = write("taken.csv", "a\n");
        Path deleted = write("deleted.csv", "a\n");
        Path left = write("left.csv", "a\n");
        accepts(taken);
        accepts(deleted);
        accepts(left);
        assertThat(quietFiles.remembered()).isEqualTo(3);
        quietFiles.forget(taken);
        Files.delete(deleted);
        assertThat(quietFiles.remembered()).isEqualTo(2);
        assertThat(acceptsAfter(61_000, left)).isTrue();
        assertThat(quietFiles.remembered()).isEqualTo(1);
    }
}
