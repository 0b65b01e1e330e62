package dev.pearlroutes.leads;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietFilesTest {
    private static boolean accepts(String name, long ageMillis, boolean directory) {
        GenericFile<Object> file = new GenericFile<>();
        file.setFileNameOnly(name);
        file.setDirectory(directory);
        file.setLastModified(System.currentTimeMillis() - ageMillis);
        return new QuietFiles().accept(file);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1000,false", "2500,true", "86400000,true", "-500,false", "-86400000,true"})
    void letsAFileThroughWhenNobodyWritesItAnyMore(long ageMillis, boolean expected) {
        assertThat(accepts("l.csv", ageMillis, false)).isEqualTo(expected);
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
    void leavesFilesInTheMaking(String name) {
        assertThat(accepts(name, 60_000, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-l.csv", "apart", "l.csv", "l.xlsx", "${body}.csv", "temp.csv"})
    void takesEveryOtherName(String name) {
        assertThat(accepts(name, 60_000, false)).isTrue();
        assertThat(accepts(name, 60_000, true)).as("a folder").isFalse();
    }
}
