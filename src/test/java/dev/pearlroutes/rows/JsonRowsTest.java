package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(rows.subList(0, 5))
                .extracting(row -> row.cells().get(0))
                .as("as it was")
                .containsExactly("1", "[2]", "null", "{\"a\":1,\"a\":2}", deep);
        assertThat(rows.get(5).cells()).as("too long to be kept").isEmpty();
    }

    @Test
    void anElementThatCannotBeUsedKeepsItsText() {
        String broken = "{\"n\": \"Zo\\u00eb \\\"x\\\"\",\n \"a\":1 , \"a\" : 2 }";
        String filler = "{\"n\":\"" + "y".repeat(9_000) + "\"}";
        String text = String.join(" ,\n", filler, broken, "\"te,xt\" ", filler, "[ 1, {} ]", "-17.50", "true ", broken);

        for (String document : List.of("[" + text + "]", "{\"count\":7,\"data\":[" + text + "], \"next\":null}")) {
            assertThat(Texts.rows("a.json", document))
                    .filteredOn(row -> row.problem() != null)
                    .extracting(Row::cells)
                    .containsExactly(
                            List.of(broken),
                            List.of("\"te,xt\""),
                            List.of("[ 1, {} ]"),
                            List.of("-17.50"),
                            List.of("true"),
                            List.of(broken));
        }
        String huge = "\"" + "z".repeat(RowReader.MAX_ROW + 1) + "\"";
        assertThat(Texts.rows("a.json", "[" + huge + ",{\"a\":1}," + huge + "]"))
                .extracting(Row::cells)
                .containsExactly(List.of(), List.of(), List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"a\":1},{\"a\":2},\n{\"a\":3}]",
                "\n\n[{\"a\":1},{\"a\":2},{\"a\":3}]",
                "[\n{\"a\":1},{\"a\":2},\n\n\n{\"a\":3}]",
                "{\"leads\":[{\"a\":1},{\"a\":2},{\"a\":3}]}",
                "{\n\"x\":1,\n\"data\":[{\"a\":1},{\"a\":2},{\"a\":3}]}",
                "{\"a\":1}{\"a\":2}\n\n{\"a\":3}"
            })
    void theLineOfElementsOnOneLineIsTheirNumber(String text) {
        assertThat(Texts.rows("a.json", text)).extracting(Row::line).containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n[{\"a\":1},\n{\"a\":2},{\"a\":3}]",
                "\r\n[{\"a\":1}\r\n,{\"a\":2},{\"a\":3}]",
                "{\"x\":1,\n\"data\":[{\"a\":1},\n{\"a\":2},{\"a\":3}]}",
                "\n{\"a\":1}\n{\"a\":2}{\"a\":3}"
            })
    void theLineOfOtherElementsIsThatOfTheFile(String text) {
        assertThat(Texts.rows("a.json", text)).extracting(Row::line).startsWith(2L, 3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"leads\":[{\"a\":1},{\"a\":2}]}",
                "{\"data\":[{\"a\":1},{\"a\":2}]}\n",
                "{\"count\":2,\"next\":null,\"meta\":{\"leads\":[7]},\"data\":[\n{\"a\":1},\n{\"a\":2}],\n\"links\":[1]}",
                "{\"data\":\"none\",\"leads\":[{\"a\":1},{\"a\":2}],\"data\":1}",
                "[{\"a\":1},{\"a\":2}]",
                "[\n{\"a\":1},\n{\"a\":2}\n]",
                "{\"a\":1}\n{\"a\":2}\n"
            })
    void everyShapeIsReadInEveryFileAndMessage(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("a.json", "a.jsonl", "a.ndjson")) {
            assertThat(Texts.rows(name, text)).extracting(Row::values).containsExactly(Map.of("a", 1), Map.of("a", 2));
            assertThat(Texts.rows(name + ".gz", Texts.gzip(content))).hasSize(2);
        }
        assertThat(RowReader.open(content, Texts.options(StandardCharsets.UTF_8))
                        .next(9))
                .extracting(Row::values)
                .containsExactly(Map.of("a", 1), Map.of("a", 2));
    }

    @Test
    void aLongArrayOfAnObjectIsReadElementByElement() {
        String element = "{\"a\":\"" + "x".repeat(1_000) + "\"},";
        String array = "[" + element.repeat(2_000) + "{\"a\":\"last\"}]";

        for (String name : List.of("a.json", "a.jsonl")) {
            assertThat(Texts.rows(name, "{\"count\":1,\"leads\":" + array + ",\"x\":{\"leads\":[1]}}\n"))
                    .hasSize(2_001);
            assertThatThrownBy(() -> Texts.rows(name, "{\"leads\":" + array + ",\"data\":[]}"))
                    .hasMessageStartingWith("has its rows in two arrays, the second one at line 1");
            assertThatThrownBy(() -> Texts.rows(name, "{\"leads\":" + array + ",\"Phone Number\":1}"))
                    .hasMessageStartingWith("has a 'Phone Number' beside the array of its rows at line 1");
            assertThatThrownBy(() -> Texts.rows(name, "{\"leads\":" + array + "}\n{\"a\":1}"))
                    .hasMessageStartingWith("continues after the end of its JSON object at line 2");
            assertThatThrownBy(() -> Texts.rows(name, "{\"leads\":" + array)).hasMessageContaining("is cut off");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"phoneNumber\":\"+1\",\"data\":[{\"a\":1}]}",
                "{\"data\":[{\"a\":1}],\"phone_number\":\"+1\"}",
                "{\"lead\":[{\"a\":1}]}",
                "{\"data\":{\"leads\":[{\"a\":1}]}}"
            })
    void anObjectThatIsARowItselfWrapsNone(String text) {
        for (String name : List.of("a.json", "a.jsonl")) {
            assertThat(Texts.rows(name, text))
                    .singleElement()
                    .extracting(Row::problem)
                    .isNull();
        }
    }

    @Test
    void objectsOfOneLineEachAreRowsWhateverTheyHold() {
        String line = "{\"leads\":[{\"a\":1},{\"a\":2}]}\n";

        assertThat(Texts.rows("a.json", line + line)).extracting(Row::line).containsExactly(1L, 2L);
        assertThat(Texts.rows("a.json", "{\"a\":1}\nbroken\n{\"a\":2}"))
                .extracting(Row::problem)
                .containsExactly(null, "is not JSON from column 7 on", null);
        assertThat(Texts.rows("a.jsonl", "{\"leads\":[{\"a\":1}\n{\"a\":2}"))
                .as("a line that is cut off")
                .hasSize(2);
        assertThat(Texts.rows("a.json", "{\"leads\":[]}")).isEmpty();
    }

    @Test
    void endlessTextBesideTheRowsIsNeverHeld() throws IOException {
        for (String start : List.of("{\"x\":\"x", "{\"x\":[\"x", "{ ", "{\"leads\":[{\"a\":1}],\"x\":\"x", "[ ")) {
            for (boolean lines : start.length() > 2 ? new boolean[] {false} : new boolean[] {false, true}) {
                char then = start.charAt(start.length() - 1);
                assertThat(outcomes(new CsvRowsTest.Endless(start, then, 1L << 27), lines))
                        .as(start)
                        .hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    /** What becomes of the rows of a text: null for a good one, else the problem; at the end why the text is unreadable. */
    private static List<String> outcomes(Reader text, boolean lines) throws IOException {
        List<String> outcomes = new ArrayList<>();
        try {
            RowReader.RowSource rows = open(text, lines);
            for (Row row = rows.read(); row != null; row = rows.read()) {
                outcomes.add(row.problem());
            }
        } catch (UnreadableSourceException e) {
            outcomes.add(e.getMessage());
        }
        return outcomes;
    }

    private static RowReader.RowSource open(Reader text, boolean lines) throws IOException {
        return JsonRows.open(new BufferedReader(text), lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NaN|has NaN or Infinity where JSON must have null",
                "nan|has NaN or Infinity where JSON must have null",
                "-Infinity|has NaN or Infinity where JSON must have null",
                "Infinity|has NaN or Infinity where JSON must have null",
                "[1,]|has a comma before a closing bracket",
                "{\"b\":1,}|has a comma before a closing bracket",
                "secret|is not JSON",
                "[}|is not JSON",
                "]|is not JSON"
            })
    void namesTheCause(String value, String cause) {
        String element = "{\"a\":" + value + "}";

        for (String text : List.of("[" + element + "]", "{\"leads\":[" + element + "]}", "{\n\"a\":" + value + "}")) {
            assertThatThrownBy(() -> Texts.rows("a.json", text))
                    .hasMessageStartingWith(cause)
                    .hasMessageContaining(" at line ")
                    .hasMessageNotContaining("secret");
        }
        assertThat(Texts.rows("a.jsonl", element))
                .singleElement()
                .satisfies(row -> assertThat(row.problem()).startsWith(cause).contains("column "));
    }

    @Test
    void namesACommaBehindTheLastElement() {
        assertThatThrownBy(() -> Texts.rows("a.json", "[{\"a\":1},\n]"))
                .hasMessage("has a comma before a closing bracket, at line 2, column 2");
    }

    @Property(tries = 100)
    void theElementsOfAnArrayAreReadAlikeHoweverItIsWrapped(@ForAll("elements") List<String> elements) {
        String array = "[" + String.join(", ", elements) + "\n]";
        List<Row> plain = Texts.rows("a.json", array);

        assertThat(plain).hasSameSizeAs(elements);
        for (int i = 0; i < plain.size(); i++) {
            Row row = plain.get(i);
            assertThat(row.problem() == null).isEqualTo(row.cells().isEmpty());
            assertThat(row.cells()).isIn(List.of(), List.of(elements.get(i).strip()));
            assertThat(row.line())
                    .isEqualTo(elements.size() > 1 && !elements.get(0).contains("\n") ? i + 1 : row.line());
        }
        for (String name : List.of("a.json", "a.jsonl")) {
            assertThat(Texts.rows(name, "{\"n\": 1, \"leads\": " + array + "}")).isEqualTo(plain);
        }
    }

    @Provide
    Arbitrary<List<String>> elements() {
        Arbitrary<String> scalars =
                Arbitraries.of("1", "-2.50", "null", "true", "\"\"", "\"a,]}\\\" \"", "\"" + "x".repeat(5_000) + "\"");
        Arbitrary<String> values =
                Arbitraries.oneOf(scalars, scalars.list().ofMaxSize(3).map(Object::toString));
        Arbitrary<String> objects = values.list()
                .ofMaxSize(4)
                .map(list -> list.stream()
                        .map(value -> "\"a" + list.indexOf(value) + "\" :" + value)
                        .collect(Collectors.joining(" ,", "{", " }")));
        return Arbitraries.oneOf(values, objects).list().ofMaxSize(8);
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
                "{\"a\":1}{\"a\":2}secret",
                "{\n\"a\":1}\nsecret",
                "{\"leads\":[{\"a\":1}],\"secret\"}",
                "{\"leads\":[{\"a\":1},secret]}",
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
        assertThatThrownBy(() -> open(new CsvRowsTest.Endless("[{\"a\":\"", 'x', 10L << 30), false)
                        .read())
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
