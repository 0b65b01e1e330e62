package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INV-1",
                "\uFEFFINV-1",
                "INV\u00AD-1",
                "INV-\u200B1",
                " \u00A0INV-1\u2007\t",
                "\u200E \u202AINV-1\u202C \r\n"
            })
    void whatLooksAlikeIsAlike(String text) {
        assertThat(CellText.clean(text)).isEqualTo("INV-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=\"00123\"|00123",
                "=\"a \"\"b\"\"\" |a \"b\"",
                "=\"\"|``",
                "=\"\"\"\"|\"",
                "=\"|=\"",
                "=\"a\"b\"|=\"a\"b\"",
                "=\"a\"&\"b\"|=\"a\"&\"b\"",
                "=\"\"\"|=\"\"\"",
                "=00123|=00123",
                "\"00123\"|\"00123\""
            })
    void theTextOfAFormulaOfOneTextIsWhatThePersonSees(String cell, String text) {
        assertThat(CellText.unwrapped(cell)).isEqualTo(text);
    }

    @Test
    void aLongFormulaIsUnwrappedToo() {
        assertThat(CellText.unwrapped("=\"" + "\"\"".repeat(30_000) + "\"")).isEqualTo("\"".repeat(30_000));
    }

    @Test
    void whatIsSeenStays() {
        assertThat(CellText.clean("Zoë  \uD83D\uDE00 x")).isEqualTo("Zoë  \uD83D\uDE00 x");
        assertThat(CellText.clean("")).isEmpty();
        assertThat(CellText.clean("\u200B\u00A0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NULL", "null", "Null", "nan", "NaN", "#N/A", "N/A", "n/a", "None", "nil", "-"})
    void theseWordsAreNothing(String word) {
        assertThat(CellText.isNothing(word)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "--", "Nullo", "NA-1", "nilsson", "N/A1"})
    void theseAreSomething(String word) {
        assertThat(CellText.isNothing(word)).isFalse();
    }
}
