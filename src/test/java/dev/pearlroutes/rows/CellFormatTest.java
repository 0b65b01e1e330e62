package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Format code, stored number, and what a person sees. */
class CellFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "General | 4.9301234567E11 | 493012345670",
                "General | 42 | 42",
                "General | 42.50 | 42.5",
                "General | 0.30000000000000004 | 0.3",
                "General | 123456789012345 | 123456789012345",
                "General | -0.0 | 0",
                "General | 1E-7 | 0.0000001",
                "0.00E+00 | 493012345670 | 493012345670",
                "@ | 493012345670 | 493012345670",
                "0 | 493012345670.4 | 493012345670",
                "00000 | 1067 | 01067",
                "00000 | 0 | 00000",
                "# | 493012345670 | 493012345670",
                "+0 | 493012345670 | +493012345670",
                "\"+\"0 | 493012345670 | +493012345670",
                "\\+00\\ 00\\ 00000000 | 493012345670 | +49 30 12345670",
                "[<=9999999]###-####;(###) ###-#### | 4155550100 | (415) 555-0100",
                "[<=9999999]###-####;(###) ###-#### | 5550100 | 555-0100",
                "000-00-0000 | 12345678 | 012-34-5678",
                "\"K-\"0 | 17 | K-17",
                "0;[Red]-0 | -17 | -17",
                "0;[Red](0) | -17 | (17)",
                "0.00 | 1234.5 | 1234.50",
                "0.00 | 1234.567 | 1234.57",
                "0.0# | 2.5 | 2.5",
                "0.0# | 2 | 2.0",
                "000.0 | 2 | 002.0",
                "#,##0 | 1234567 | 1234567",
                "#,##0.00 [$€-407] | 1234.5 | 1234.50",
                "_-* #,##0.00\\ \"€\"_-;-* #,##0.00\\ \"€\"_-;_-* \"-\"??\\ \"€\"_-;_-@_- | 0 | 0.00",
                "_-* #,##0.00\\ \"€\"_-;-* #,##0.00\\ \"€\"_-;_-* \"-\"??\\ \"€\"_-;_-@_- | -3.5 | -3.50",
                "0% | 0.25 | 25%",
                "0.0% | 0.255 | 25.5%",
                "0.0,, | 12000000 | 12000000",
                "# ?/? | 0.5 | 0.5",
                "yyyy-mm-dd | 46356 | 2026-11-30",
                "dd.mm.yyyy | 46356 | 2026-11-30",
                "[$-407]d. mmmm yyyy;@ | 46356 | 2026-11-30",
                "dd.mm.yyyy hh:mm | 46356.604166666664 | 2026-11-30T14:30",
                "dd.mm.yyyy | 46356.604224537 | 2026-11-30T14:30:05",
                "mmm-yy | 46356 | 2026-11-30",
                "h:mm AM/PM | 0.604166666666667 | 14:30",
                "h:mm:ss | 0.999999999 | 1900-01-01",
                "[h]:mm | 1.10416666666667 | 26:30:00",
                "mm:ss.0 | 0.0104166666666667 | 00:15",
                "yyyy-mm-dd | 59 | 1900-02-28",
                "yyyy-mm-dd | 61 | 1900-03-01",
                "yyyy-mm-dd | -1 | -1",
                "yyyy-mm-dd | 2958466 | 2958466",
            })
    void showsWhatAPersonSees(String code, double value, String shown) {
        assertThat(CellFormat.of(164, code).text(value, false)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "14,46356,2026-11-30",
        "22,46356.5,2026-11-30T12:00",
        "20,0.5,12:00",
        "30,46356,2026-11-30",
        "2,3,3.00",
        "49,7,7",
        "99,7,7"
    })
    void knowsTheCodesThatHaveNumbersOnly(int id, double value, String shown) {
        assertThat(CellFormat.of(id, null).text(value, false)).isEqualTo(shown);
    }

    @Test
    void countsDaysFrom1904WhereTheWorkbookDoes() {
        assertThat(CellFormat.of(14, null).text(44894, true)).isEqualTo("2026-11-30");
        assertThat(CellFormat.of(14, null).text(0, true)).isEqualTo("1904-01-01");
    }

    @Test
    void aDateThatRefersToAnEmptyCellIsNone() {
        assertThat(CellFormat.of(14, null).text(0, false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"General", "0", "00000", "#", "0.00", "yyyy-mm-dd"})
    void digitsThatAreLostAreNeverMadeUp(String code) {
        assertThat(CellFormat.of(164, code).text(1234567890123456789d, false)).isEqualTo("1.23456789012346E+18");
        assertThat(CellFormat.of(164, code).text(1e15, false)).isEqualTo("1E+15");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"\"", "[", "\\", "_", "*", ";;;;;;", "[$", "[$]0", "''", "0\"", "[<]0"})
    void readsACodeThatIsBroken(String code) {
        assertThat(CellFormat.of(164, code).text(7, false)).contains("7");
    }
}
