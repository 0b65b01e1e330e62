package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRowsTest {
    @Test
    void readsAnArrayOfObjectsWithTheirLines() {
        List<Row> rows = Texts.rows("a.json", "[\n {\"a\": 1, \"b\": {\"c\": [true, null]}},\n\n {}\n]\n");

        assertThat(rows)
                .containsExactly(
                        new Row(1, 2, List.of(), Map.of("a", 1, "b", Map.of("c", Arrays.asList(true, null))), null),
                        new Row(2, 4, List.of(), Map.of(), null));
    }

    @Test
    void readsOneObjectOrObjectsOneAfterAnother() {
        assertThat(Texts.rows("a.json", "{\n\"a\": 1\n}")).hasSize(1);
        assertThat(Texts.rows("a.json", "{\"a\":1}\n{\"a\":2}\n"))
                .extracting(Row::line)
                .containsExactly(1L, 2L);
        assertThat(Texts.rows("a.json", "[]")).isEmpty();
    }

    @Test
    void keepsEveryDigitOfANumber() {
        Map<String, Object> values = Texts.rows(
                        "a.json",
                        "[{\"a\":14155550100,\"b\":123456789012345678901234567890,\"c\":0.10,\"d\":1.41555E+10}]")
                .get(0)
                .values();

        assertThat(values)
                .containsEntry("a", 14155550100L)
                .containsEntry("b", new BigInteger("123456789012345678901234567890"))
                .containsEntry("c", new BigDecimal("0.10"))
                .containsEntry("d", new BigDecimal("1.41555E+10"));
    }

    @Test
    void whatIsWrongWithAnElementStaysWithIt() {
        String deep = "{\"a\":".repeat(RowReader.MAX_DEPTH + 1) + "1" + "}".repeat(RowReader.MAX_DEPTH + 1);
        String large = "{\"a\":[" + ("\"" + "x".repeat(RowReader.MAX_CELL) + "\",").repeat(17) + "1]}";
        List<Row> rows = Texts.rows("a.json", "[1,[2],null,{\"a\":1,\"a\":2}," + deep + "," + large + ",{\"a\":1}]");

        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(
                        "is not a JSON object",
                        "is not a JSON object",
                        "is not a JSON object",
                        "has the name 'a' twice",
                        "is nested deeper than 32 levels",
                        "has more than 1048576 characters",
                        null);
        assertThat(rows.get(3).values()).isEmpty();
    }

    @Test
    void anArrayCutOffAnywhereIsNeverReadAsWhole() {
        String whole = "[{\"phoneNumber\":\"+14155550100\",\"age\":3},\n{\"phoneNumber\":\"+14155550101\"}]";

        for (int length = 1; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> Texts.rows("a.json", cut))
                    .as("cut to %d characters", length)
                    .isInstanceOf(UnreadableSourceException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"a\":secret}]",
                "[{\"a\":1} secret]",
                "[{\"a\":1}]{\"secret\":1}",
                "{\"a\":1}\nsecret",
                "[{'secret':1}]",
                "[{\"a\":1},]"
            })
    void saysWhereItIsBrokenAndNeverWhatStandsThere(String text) {
        assertThatThrownBy(() -> Texts.rows("a.json", text))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("at line ")
                .hasMessageContaining("column ")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {" \n", "\"text\"", "17", "a,b\n1,2"})
    void refusesWhatIsNeitherArrayNorObject(String text) {
        assertThatThrownBy(() -> Texts.rows("a.json", text)).isInstanceOf(UnreadableSourceException.class);
    }

    @Test
    void refusesAHugeStringWithoutHoldingIt() {
        assertThatThrownBy(() ->
                        new JsonRows(new BufferedReader(new CsvRowsTest.Endless("[{\"a\":\"", 'x', 10L << 30))).read())
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("65536");
    }

    @Test
    void aBadJsonLineIsOneBadRow() {
        List<Row> rows = Texts.rows(
                "a.jsonl", "{\"a\":1}\r\n\n{\"a\":secret}\n[1]\n{\"a\":1}{\"a\":2}\n{\"a\":1,\"a\":2}\n  \n{\"a\":2}");

        assertThat(rows).extracting(Row::line).containsExactly(1L, 3L, 4L, 5L, 6L, 8L);
        assertThat(rows).extracting(Row::number).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(
                        null,
                        "is not JSON from column 12 on",
                        "is not a JSON object",
                        "continues after the end of its JSON object",
                        "has the name 'a' twice",
                        null);
        assertThat(rows.get(1))
                .isEqualTo(new Row(
                        2, 3, List.of("{\"a\":secret}"), Map.of(), rows.get(1).problem()));
        assertThat(rows.get(5).values()).isEqualTo(Map.of("a", 2));
    }

    @Test
    void aJsonLineCutOffIsABadRow() {
        String whole = "{\"phoneNumber\":\"+14155550100\"}";

        for (int length = 1; length < whole.length(); length++) {
            assertThat(Texts.rows("a.ndjson", whole.substring(0, length)))
                    .extracting(Row::problem)
                    .doesNotContainNull();
        }
    }

    @Test
    void passesOverAJsonLineThatIsTooLong() throws IOException {
        JsonLinesRows rows = new JsonLinesRows(new CsvRowsTest.Endless("{\"a\":1}\n", 'x', 1L << 30));

        assertThat(rows.read().values()).isEqualTo(Map.of("a", 1));
        Row long1 = rows.read();
        assertThat(long1.problem()).isEqualTo("has more than 1048576 characters");
        assertThat(long1.cells()).isEmpty();
        assertThat(rows.read()).isNull();
    }

    @Test
    void aLongStringInAJsonLineIsABadRow() {
        String text = "{\"a\":\"" + "x".repeat(RowReader.MAX_CELL + 1) + "\"}\n{\"a\":1}\n";

        assertThat(Texts.rows("a.jsonl", text))
                .extracting(row -> row.problem() == null)
                .containsExactly(false, true);
    }
}
