package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a,b|,", "a;b,c;d|;", "'\"x,y,z\";b'|;", "a|,", "'a,b;c'|,", "'\n\na;b'|;"})
    void findsTheDelimiterInTheHeaderOutsideQuotes(String header, char delimiter) throws IOException {
        assertThat(open(header + "\n").dialect().delimiter()).isEqualTo(delimiter);
    }

    @Test
    void findsTabs() throws IOException {
        assertThat(open("a\tb, c\td\n1\t2\t3").dialect().delimiter()).isEqualTo('\t');
        assertThat(open("\tb\n1\t2").columns()).containsExactly("", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|b", "a|b,c|d", "\"x,y,z\"|b"})
    void findsPipes(String header) throws IOException {
        assertThat(open(header + "\n").dialect()).isEqualTo(new CsvDialect('|', false, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "sep=;!;",
                "sep=,!,",
                "sep=|!|",
                "Sep=:!:",
                "SEP=;  !;",
                "\"sep=;\"!;",
                "sep=;;;;!;",
                "\"sep=;\";;!;",
                "`sep=\t`!`\t`",
                "sep=\\t!`\t`",
                "`\n sep=;`!;"
            })
    void aSeparatorLineNamesTheDelimiterAndIsNoHeader(String first, char delimiter) throws IOException {
        for (String end : List.of("\n", "\r\n")) {
            CsvRows rows = open(first + end + "a,x" + delimiter + "b" + end + "1" + delimiter + "2;3,4" + end);
            assertThat(rows.dialect()).isEqualTo(new CsvDialect(delimiter, true, true));
            assertThat(rows.columns().get(rows.columns().size() - 1)).isEqualTo("b");
            assertThat(rows.read().line()).isEqualTo(first.contains("\n") ? 4 : 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=", "sep=ab", "sep=\"", "sep=a;b", "sep;b", "sep=#", "x\nsep=;"})
    void anyOtherFirstLineIsTheHeader(String text) throws IOException {
        assertThat(open(text + "\n").dialect().separatorLine()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=;", "sep=;\n", "sep=;\n;;\n"})
    void aSeparatorLineAloneIsNoHeader(String text) {
        assertThatThrownBy(() -> Texts.rows("a.csv", text)).hasMessageContaining("no header");
    }

    @Test
    void theLinesOfRowsAndFaultsAreThoseOfTheFile() {
        String text = "sep=;\r\n;;\r\na;b\r\n\"1\r\n1\";2\r\n;\r\n3;4\r\n\"open;5\r\n";

        assertThatThrownBy(() -> Texts.rows("a.csv", text)).hasMessageContaining("starts on line 8:");
        assertThat(Texts.rows("a.csv", text.replace("\"open", "open")))
                .extracting(Row::line)
                .containsExactly(4L, 7L, 8L);
    }

    @Test
    void linesOfDelimitersOnlyAreNoRows() {
        List<Row> rows = Texts.rows("a.csv", ";;;\na;b;c\n1;2;3\n;;\n ; ;\t\n;;;;;;;\n;\n\"\";\"\";\"\"\n4;5;6\n;;");

        assertThat(rows).extracting(Row::line).containsExactly(3L, 8L, 9L);
        assertThat(rows).extracting(Row::number).containsExactly(1L, 2L, 3L);
        assertThat(Texts.rows("a.csv", "a\n1\n,,\n2\n")).hasSize(2);
    }

    @Test
    void formulasOfOneTextAreThatText() {
        List<Row> rows = Texts.rows("a.csv", "=\"a\";\"=\"\"b\"\"\";c\n=\"00123\";\"=\"\"00,1;2\"\"\";=1+1\n");

        assertThat(rows.get(0).values()).isEqualTo(Map.of("a", "00123", "b", "00,1;2", "c", "=1+1"));
        assertThat(rows.get(0).cells()).as("as read").containsExactly("=\"00123\"", "=\"00,1;2\"", "=1+1");
    }

    @Test
    void readsQuotedCellsAndCountsPhysicalLines() {
        List<Row> rows = Texts.rows("a.csv", "a, b \r\n\"1\r\n\"\"x\"\"\",2\r\n\r\n   \r\n 3 ,4");

        assertThat(rows)
                .containsExactly(
                        new Row(1, 2, List.of("1\r\n\"x\"", "2"), Map.of("a", "1\r\n\"x\"", "b", "2"), null),
                        new Row(2, 6, List.of(" 3 ", "4"), Map.of("a", " 3 ", "b", "4"), null));
    }

    @Test
    void theTextOfARowHasNoneOfItsCells() {
        assertThat(Texts.rows("a.csv", "phoneNumber\n+12125550123")).hasToString("[Row[number=1, line=2]]");
    }

    @Test
    void aHeaderAloneHasNoRows() {
        assertThat(Texts.rows("a.csv", "phoneNumber,name")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "  \n\n", "\uFEFF"})
    void refusesAFileWithoutAHeader(String text) {
        assertThatThrownBy(() -> Texts.rows("a.csv", text))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("no header");
    }

    @Test
    void refusesTwoColumnsOfOneName() {
        assertThatThrownBy(() -> Texts.rows("a.csv", "x,name, name \n"))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("two columns named 'name'");
    }

    @Test
    void keepsColumnsWithoutANameAsCellsOnly() {
        Row row = Texts.rows("a.csv", "a,,\n1,2,3\n").get(0);

        assertThat(row.cells()).containsExactly("1", "2", "3");
        assertThat(row.values()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void aRowOfAnotherLengthIsABadRowAndNotABadFile() {
        List<Row> rows = Texts.rows("a.csv", "a,b\nx\n1,2,3\n1,2,,\n\"\"\n1,2\n");
        String broken = ": a cell with a line break in it must have quotes around it";

        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(
                        "has 1 cell where the header has 2" + broken,
                        "has 3 cells where the header has 2",
                        null,
                        "has 1 cell where the header has 2" + broken,
                        null);
        assertThat(rows.get(1).cells()).containsExactly("1", "2", "3");
        assertThat(rows.get(2).cells()).containsExactly("1", "2");
        assertThat(rows.get(0).values()).isEmpty();
    }

    @Test
    void aQuoteInsideAnUnquotedCellIsACharacter() {
        List<Row> rows = Texts.rows("a.csv", "a,b\n5\" disk,2\n6\" disk,3\n");

        assertThat(rows).extracting(row -> row.cells().get(0)).containsExactly("5\" disk", "6\" disk");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a,b\n1,2\n\"secret,2\n3,4\n", "a,b\n1,2\n\"secret\" x,2\n3,4\n", "a,b\n1,2\n\"secret,2\n\"x,4\n"
            })
    void refusesQuotesThatDontMatchUp(String text) {
        assertThatThrownBy(() -> Texts.rows("a.csv", text))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("line 3")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void isolatesRowsBeyondABound() {
        String cell = "x".repeat(RowReader.MAX_CELL + 1);
        String wide = ",".repeat(RowReader.MAX_COLUMNS + 1);
        String large = ("y".repeat(RowReader.MAX_CELL) + ",").repeat(20);
        List<Row> rows = Texts.rows("a.csv", "a,b\n" + cell + ",2\n" + wide + "\n" + large + "\n1,2\n");

        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(
                        "has a cell of more than 65536 characters",
                        "has more than 1000 cells",
                        "has more than 1048576 characters",
                        null);
        assertThat(rows).extracting(row -> row.cells().size()).containsExactly(0, 0, 0, 2);
    }

    @Test
    void refusesAHugeLineWithoutHoldingIt() {
        // 10 GB of one line, made while it is read: held, it would not fit the heap.
        assertThatThrownBy(() -> {
                    CsvRows rows = CsvRows.open(new BufferedReader(new Endless("a,b\n", 'x', 10L << 30)));
                    rows.read();
                })
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> CsvRows.open(new BufferedReader(new Endless("", 'x', 10L << 30))))
                .isInstanceOf(UnreadableSourceException.class);
    }

    @Property(tries = 300)
    void readsBackWhateverAWriterWrote(@ForAll("tables") List<List<String>> table, @ForAll("delimiters") char any)
            throws IOException {
        int width = table.get(0).size();
        // A header of one column shows no delimiter, and a comma is taken for it.
        char delimiter = width == 1 ? ',' : any;
        List<String> header = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            header.add("column " + i);
        }
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().fieldSeparator(delimiter).build(text)) {
            writer.writeRecord(header);
            table.forEach(writer::writeRecord);
        }

        CsvRows rows = open(text.toString());
        assertThat(rows.columns()).isEqualTo(header);
        List<List<String>> read = new ArrayList<>();
        for (Row row = rows.read(); row != null; row = rows.read()) {
            assertThat(row.problem()).isNull();
            assertThat(row.values().values())
                    .containsExactlyElementsOf(row.cells().stream()
                            .<Object>map(CellText::unwrapped)
                            .toList());
            read.add(row.cells());
        }
        // An empty cell alone is written as a blank line, and cells that are all blank as delimiters: these are no
        // rows.
        assertThat(read)
                .isEqualTo(table.stream()
                        .filter(cells -> !cells.equals(List.of("")))
                        .filter(cells -> width == 1
                                || !cells.stream().allMatch(cell -> cell.isBlank() && isUnquoted(cell, delimiter)))
                        .toList());
    }

    private static boolean isUnquoted(String cell, char delimiter) {
        return cell.chars().noneMatch(c -> c == delimiter || c == '"' || c == '\n' || c == '\r');
    }

    @Provide
    Arbitrary<Character> delimiters() {
        return Arbitraries.of(',', ';', '\t', '|');
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> nasty = Arbitraries.of(
                "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "", "=", "\u00A0", "\u2028", "😀");
        Arbitrary<String> cells = Arbitraries.oneOf(
                nasty.list().ofMaxSize(5).map(parts -> String.join("", parts)),
                Arbitraries.strings().excludeChars('\0').ofMaxLength(10).filter(CsvRowsTest::wellFormed));
        return Arbitraries.integers()
                .between(1, 5)
                .flatMap(width -> cells.list().ofSize(width).list().ofMinSize(1).ofMaxSize(8));
    }

    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static CsvRows open(String text) throws IOException {
        return CsvRows.open(new BufferedReader(new StringReader(text)));
    }

    /** A text of a given beginning, then one character over and over. */
    static final class Endless extends Reader {
        private final Reader beginning;
        private final char then;
        private long left;

        Endless(String beginning, char then, long length) {
            this.beginning = new StringReader(beginning);
            this.then = then;
            this.left = length;
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int n = beginning.read(target, offset, length);
            if (n > 0 || left <= 0) {
                return n;
            }
            Arrays.fill(target, offset, offset + length, then);
            left -= length;
            return length;
        }

        @Override
        public void close() {}
    }
}
