package dev.pearlroutes.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadsheetTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '§',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=1+1~'=1+1",
                "+cmd|' /C calc'!A1~'+cmd|' /C calc'!A1",
                "-2+3+cmd~'-2+3+cmd",
                "@SUM(1)~'@SUM(1)",
                "＝1+1~'＝1+1",
                "  =1+1~'  =1+1",
                "yes;=1+1~yes;'=1+1",
                "yes, =1+1~yes,' =1+1",
                "said \"=1+1\"~said \"'=1+1\"",
                "--1~'--1",
                "+1 415 555~'+1 415 555",
                "1,-2,-3~1,'-2,'-3"
            })
    void whatCouldBeginAFormulaDoesNot(String text, String safe) {
        assertThat(SpreadsheetText.safe(text)).isEqualTo(safe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t=1", "\r=1", "\n=1", "\ttext", "one\n=1", "one\r\n-two", "a\t=1"})
    void noLineAndNoCellBehindATabBeginsWithOne(String text) {
        assertThat(SpreadsheetText.safe(text)).doesNotContainPattern("(^|[\\t\\r\\n])[=+\\-@]|^[\\t\\r\\n]");
        assertThat(SpreadsheetText.safe(text).replace("'", "")).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "They talked.",
                "-12.5",
                "-12,5",
                "+14155550100",
                "0",
                "2 + 2 = 4",
                "a-b",
                "x=y",
                "mail@example.com",
                "it's; fine"
            })
    void numbersAndPlainTextStay(String text) {
        assertThat(SpreadsheetText.safe(text)).isEqualTo(text);
    }
}
