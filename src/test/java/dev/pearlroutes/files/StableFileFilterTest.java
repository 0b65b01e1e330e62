package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StableFileFilterTest {
    @TempDir
    private Path inbox;

    private boolean accepts(String name, long ageMillis, String content) throws IOException {
        return accepts(Files.writeString(inbox.resolve(name), content), ageMillis);
    }

    private static boolean accepts(Path path, long ageMillis) {
        GenericFile<Object> file = new GenericFile<>();
        file.setFileNameOnly(path.getFileName().toString());
        file.setFile(path.toFile());
        file.setLastModified(System.currentTimeMillis() - ageMillis);
        return new StableFileFilter().accept(file);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1000,false", "2500,true", "86400000,true", "-500,false", "-86400000,true"})
    void letsAFileThroughWhenNobodyWritesItAnyMore(long ageMillis, boolean expected) throws IOException {
        assertThat(accepts("l.csv", ageMillis, "a\n")).isEqualTo(expected);
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
        assertThat(accepts(name, 60_000, "a\n")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-l.csv", "apart", "l.csv", "l.xlsx", "${body}.csv", "temp.csv"})
    void takesEveryOtherName(String name) throws IOException {
        assertThat(accepts(name, 60_000, "a\n")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "l.csv,a,3000,false",
        "l.csv,a,10500,true",
        "l.csv,'',3000,false",
        "L.JSONL,a,3000,false",
        "l.ndjson,a,3000,false",
        "l.json,a,3000,true",
        "l.csv.gz,a,3000,true"
    })
    void waitsLongerForAFileThatEndsWithinALine(String name, String content, long ageMillis, boolean expected)
            throws IOException {
        assertThat(accepts(name, ageMillis, content)).isEqualTo(expected);
    }

    @Test
    void takesNoFolderAndNoPipe() throws Exception {
        Path pipe = inbox.resolve("pipe.csv");
        assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(accepts(pipe, 60_000)).isFalse();
        assertThat(accepts(Files.createDirectory(inbox.resolve("folder.csv")), 60_000))
                .isFalse();
    }

    @Test
    void leavesItToTheClaimToTellOfAFileThatCannotBeFound() {
        assertThat(accepts(inbox.resolve("Zo\ufffd.csv"), 60_000)).isTrue();
    }
}
