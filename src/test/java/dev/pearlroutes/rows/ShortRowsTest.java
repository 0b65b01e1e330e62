package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortRowsTest {
    private static final String HEADER = "phoneNumber;externalId;name;city\n";

    @Test
    void missingCellsAtTheEndAreEmpty() {
        List<Row> rows = Texts.rows(
                "a.csv",
                HEADER + "+14155550101;A-1\n+14155550102;A-2;Bob\n+14155550103;A-3;Cy;Rome\n+14155550104;A-4\n");

        assertThat(rows).extracting(Row::problem).containsOnlyNulls();
        assertThat(rows.get(0).cells()).containsExactly("+14155550101", "A-1", "", "");
        assertThat(rows.get(1).values()).containsEntry("name", "Bob").containsEntry("city", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phoneNumber,name\n+14155550101\n+14155550102\n",
                "name,phoneNumber,city\nAnn,+14155550101\nBob,(415) 555-0102\n,+14155550103\n",
                "externalId,status,note\nA-1,Completed\nA-2,New\n",
                "phoneNumber;name\r\n=\"4155550101\"\r\n4155550102\r\n",
                "phoneNumber;name;city\n+14155550101;Ann\n\n;;\n+14155550102;Bob\n"
            })
    void rowsThatBeginAlikeAreWhole(String text) {
        assertThat(Texts.rows("a.csv", text))
                .isNotEmpty()
                .extracting(Row::problem)
                .containsOnlyNulls();
        assertThat(RowReader.open(text.getBytes(StandardCharsets.UTF_8), Texts.options(StandardCharsets.UTF_8))
                        .next(9))
                .extracting(Row::problem)
                .containsOnlyNulls();
    }

    /** Marks: {@code ok} for a row that is taken, {@code -} for one that is not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in the third cell|+14155550101;A-1;An/n;Rome/+14155550102;A-2;Bob;Rome|- - ok",
                "twice|+14155550101;A-1;A/n/n;Rome/+14155550102;A-2|- - - ok",
                "an empty line|+14155550101;A-1;An//n;Rome/+14155550102;A-2;Bob;Rome|- - ok",
                "in the second and third cell|+14155550101;A/1;An/n;Rome/+14155550102;A-2;Bob;Rome|- - - ok",
                "what follows is short too|+14155550101;A-1;An/n/+14155550102;A-2|- - ok",
                "a number in the last cell|+14155550101;A-1;An;Call/+14155550109/+14155550102;A-2;Bob|ok - ok",
                "two numbers in the first cell|+1 415/5550101;A-1;Ann;Rome/+14155550102;A-2;Bob|- ok ok"
            })
    void whatALineBreakHasCutIsNoRow(String how, String lines, String expected) {
        String marks = Texts.rows("a.csv", HEADER + lines.replace("/", "\n") + "\n").stream()
                .map(row -> row.problem() == null ? "ok" : "-")
                .collect(Collectors.joining(" "));

        assertThat(marks).as(how).isEqualTo(expected);
    }

    @Test
    void aNumberThatMayBeOfALaterColumnIsNoBeginning() {
        String text = "name;phone;note;phone 2;city\nAnn;+14155550101;likes\ntea;+14155550109;Rome\n";

        assertThat(Texts.rows("a.csv", text)).extracting(Row::problem).doesNotContainNull();
        assertThat(Texts.rows("a.csv", text.replace("phone 2", "street")))
                .extracting(Row::problem)
                .containsOnlyNulls();
    }

    @Test
    void aRowWithoutAnyNumberIsNoneAndWhatFollowsIsItsRest() {
        String text = "name;note;phone;city\nAnn;tea\nmore;+14155550101;Rome\nBob;x;+14155550102;Rome\n";

        assertThat(Texts.rows("a.csv", text))
                .extracting(row -> row.problem() == null)
                .containsExactly(false, false, true);
    }

    @Test
    void aBrokenRowBehindAShortOneIsSaidWhenItIsAskedFor() {
        byte[] text = (HEADER + "+14155550101;A-1\n\"open").getBytes(StandardCharsets.UTF_8);

        try (RowReader reader =
                RowReader.open(text, Texts.options(StandardCharsets.UTF_8)).endingAfter(1)) {
            assertThat(reader.next().problem()).isNotNull();
            assertThat(reader.hasNext()).isFalse();
        }
        try (RowReader reader = RowReader.open(text, Texts.options(StandardCharsets.UTF_8))) {
            reader.next();
            assertThatThrownBy(reader::hasNext).hasMessageContaining("starts on line 3");
        }
    }

    @Test
    void saysWhatMayBeWrong() {
        assertThat(Texts.rows("a.csv", HEADER + "+14155550101;A-1;An\nn;Rome\n+141555501"))
                .extracting(Row::problem)
                .containsExactly(
                        "has 3 cells where the header has 4: a cell with a line break in it must have quotes around it",
                        "has 2 cells where the header has 4: a cell with a line break in it must have quotes around it",
                        "has 1 cell where the header has 4, and no line end: it may be cut off");
    }

    @Property(tries = 200)
    void noPieceOfARowIsTaken(
            @ForAll("tables") List<List<String>> table,
            @ForAll @IntRange(max = 1) int phoneAt,
            @ForAll @IntRange(min = 2, max = 4) int brokenAt,
            @ForAll @IntRange(max = 9) int row) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            List<String> cells = new ArrayList<>(table.get(i));
            cells.replaceAll(cell -> phoneAt == 0 && cell.equals("12") ? "4155559999" : cell);
            cells.add(phoneAt, "+1415555" + (1000 + i));
            rows.add(cells);
        }
        List<String> broken = rows.get(row % rows.size());
        broken.set(brokenAt, "tea\nand" + broken.get(brokenAt));
        String header = phoneAt == 0 ? "phoneNumber;name;b;c;d;e\n" : "name;phoneNumber;b;c;d;e\n";
        String text = header + rows.stream().map(ShortRowsTest::trimmed).collect(Collectors.joining());

        rows.remove(broken);
        List<List<String>> taken = taken(text);
        assertThat(rows).containsAll(taken);
        // A single cell may be the rest of the last one of the row before.
        assertThat(taken)
                .containsAll(rows.stream()
                        .filter(cells ->
                                cells.stream().filter(cell -> !cell.isEmpty()).count() > 1)
                        .toList());
    }

    @Property(tries = 200)
    void noRowOfAFileThatIsCutOffIsTakenButWholeOnes(
            @ForAll("tables") List<List<String>> table, @ForAll @IntRange(max = 400) int length) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            List<String> cells = new ArrayList<>(table.get(i));
            cells.add(0, "+1415555" + (1000 + i));
            cells.set(5, "end.");
            rows.add(cells);
        }
        String text = rows.stream().map(cells -> String.join(";", cells) + "\n").collect(Collectors.joining());
        String cut = text.substring(0, Math.min(length, text.length()));

        Set<List<String>> whole = Set.copyOf(rows);
        assertThat(taken("phoneNumber;a;b;c;d;e\n" + cut))
                .allSatisfy(cells -> assertThat(whole)
                        .anySatisfy(row -> assertThat(cells.subList(0, 5)).isEqualTo(row.subList(0, 5))));
    }

    private static List<List<String>> taken(String text) {
        return Texts.rows("a.csv", text).stream()
                .filter(row -> row.problem() == null)
                .map(Row::cells)
                .toList();
    }

    /** Writes a row as spreadsheets do, without the empty cells at its end. */
    private static String trimmed(List<String> cells) {
        return String.join(";", cells).replaceFirst(";+$", "") + "\n";
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        return Arbitraries.of("", "", "Ann", "two words", "A-1", "12", "x5")
                .list()
                .ofSize(5)
                .list()
                .ofMinSize(1)
                .ofMaxSize(9);
    }
}
