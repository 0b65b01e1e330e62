package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");

    private static String free(String dropped, String... taken) {
        return FileNames.first(dropped, AT, name -> Set.of(taken).contains(name) ? null : name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leads.csv", "Zoë 你好 😀.csv", "-x.csv", "$(touch x).csv", "a?b=c.csv", "no-ending"})
    void keepsANameThatIsFree(String name) {
        assertThat(free(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u001b", "\u0085", "\u2028", "\u202e"})
    void noControlCharacterGetsIntoAName(String control) {
        assertThat(free("a" + control + "b.csv")).isEqualTo("a_b.csv");
    }

    @Test
    void aTakenNameGetsTheTimeAndATakenTimeTheNextOne() {
        assertThat(free("l.csv", "l.csv", "l.20261121T100000Z.csv")).isEqualTo("l.20261121T100000.123Z.csv");
        assertThat(free("l.csv", "l.csv", "l.20261121T100000Z.csv", "l.20261121T100000.123Z.csv"))
                .isEqualTo("l.20261121T100000.124Z.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "kunden.csv, kunden.20261121T100000Z.csv",
        "kunden.csv.gz, kunden.20261121T100000Z.csv.gz",
        "kunden.2026.JSONL, kunden.2026.20261121T100000Z.JSONL",
        "kunden.GZ, kunden.20261121T100000Z.GZ",
        "kunden, kunden.20261121T100000Z",
        "Dr. Meier, Dr. Meier.20261121T100000Z",
        "kunden.v1.xlsx, kunden.v1.20261121T100000Z.xlsx",
    })
    void aTakenNameKeepsItsEnding(String dropped, String second) {
        assertThat(free(dropped, dropped)).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ë", "你", "😀"})
    void aNameTooLongKeepsBeginningAndExtensionAndStaysWhole(String letter) {
        String dropped = letter.repeat(250 / letter.getBytes(StandardCharsets.UTF_8).length) + ".csv.gz";
        String name = free(dropped);
        assertThat(name).startsWith(letter.repeat(20)).endsWith(".csv.gz").doesNotContain("�");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(150, 200);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();

        String longestResult = "." + free(dropped, name, free(dropped, name)) + ".accepted.jsonl.part";
        assertThat(longestResult.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void twoLongNamesThatBeginAlikeStayApart() {
        String one = free("x".repeat(240) + "1.csv");
        String two = free("x".repeat(240) + "2.csv");
        assertThat(one).isNotEqualTo(two);
    }
}
