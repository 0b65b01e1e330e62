package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A column has the name that people see, in CSV and in JSON, or the source is refused and the character is shown. */
class ColumnNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFexternalId",
                "external\u00ADId",
                "externalId\u200B",
                "\u200E\u202AexternalId\u202C",
                "\u00A0externalId ",
                "\u2060 externalId"
            })
    void whatNobodySeesIsNoPartOfAName(String written) {
        Row csv = Texts.rows("a.csv", "phoneNumber," + written + "\n+1,ZM-1\n").get(0);
        Row json = Texts.rows("a.json", "[{\"phoneNumber\":\"+1\",\"" + written + "\":\"ZM-1\"}]")
                .get(0);

        assertThat(csv.values()).isEqualTo(Map.of("phoneNumber", "+1", "externalId", "ZM-1"));
        assertThat(json.values()).isEqualTo(csv.values());
        assertThat(json.formerly()).isEqualTo(csv.formerly());
        assertThat(ColumnNames.key(written)).isEqualTo("externalid");
    }

    @Test
    void aColumnIsRenamedWhenItHadAnotherNameBefore() {
        Row row = Texts.rows("a.csv", "\u00A0a,b \t,c\u200B,d\n1,2,3,4\n").get(0);

        assertThat(row.formerly()).isEqualTo(Map.of("c", ""));
        assertThat(Texts.rows("a.csv", "a,\" b\"\n1,2\n").get(0).formerly()).isEmpty();
    }

    @Test
    void aJoinerThatShowsStays() {
        String persian = "\u0646\u0627\u0645\u200C\u0647\u0627";

        assertThat(CellText.clean("\u200C" + persian + "\u200C")).isEqualTo(persian);
        assertThat(CellText.clean("INV\u200D-1\u200C2")).isEqualTo("INV-12");
        assertThat(ColumnNames.key(persian)).isEqualTo(ColumnNames.key(persian.replace("\u200C", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "ext\u0007ernalId,U+0007",
        "externalId\u009F,U+009F",
        "externalId\uFFFE,U+FFFE",
        "\u00A0\"externalId\",U+00A0",
        "\uFEFF\"externalId\",U+FEFF"
    })
    void aHeaderWithAnUnusableCharacterIsRefusedAndTheCharacterShown(String name, String shown) {
        assertThatThrownBy(() -> Texts.rows("a.csv", "phoneNumber," + name + "\n+1,x\n"))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("has the character " + shown + " in the name of column 2 in its first line: take it out");
    }

    @Test
    void namesThatLookAlikeAreTwoOfOneName() {
        assertThatThrownBy(() -> Texts.rows("a.csv", "name,na\u200Bme\n"))
                .hasMessageContaining("two columns named 'name'");
        assertThat(Texts.rows("a.json", "[{\"name\":1,\"na\u200Bme\":2}]")
                        .get(0)
                        .problem())
                .isEqualTo("has the name 'name' twice");
    }

    @Test
    void anUnusableCharacterInANameOfJsonIsThatRowsProblem() {
        List<Row> rows = Texts.rows("a.jsonl", "{\"a\\u0007\":1}\n{\"callData\":{\"a\\u0000\":1}}\n{\"a\\tb\":1}\n");

        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly(
                        "has the character U+0007 in a name: take it out",
                        "has the character U+0000 in a name: take it out",
                        null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "l"})
    void halfACharacterIsNoCharacter(String kind) {
        String ending = kind.equals("l") ? ".jsonl" : ".json";
        String objects = """
                {"externalId":"S-1","firstName":"Ann \\ud83d"}
                {"externalId":"S-2\\udc00","firstName":"x"}
                {"callData":{"nick":"\\ud83d\\ud83d\\ude00"}}
                {"list":["\\udfff"]}
                {"firstName":"Ann \\ud83d\\ude00"}
                """;
        String text = kind.equals("[]") ? "[" + objects.strip().replace("\n", ",\n") + "]" : objects;

        assertThat(Texts.rows("a" + ending, text))
                .extracting(Row::problem)
                .containsExactly(
                        "has half a character (U+D83D) in 'firstName': write all of it, or leave it out",
                        "has half a character (U+DC00) in 'externalId': write all of it, or leave it out",
                        "has half a character (U+D83D) in 'nick': write all of it, or leave it out",
                        "has half a character (U+DFFF) in a list: write all of it, or leave it out",
                        null);
    }

    @Test
    void halfACharacterInANameIsSaidToBeThat() {
        String half = "{\"ni\\udc00ck\":\"x\"}";

        assertThat(Texts.rows("a.jsonl", "{}\n" + half + "\n{}\n"))
                .extracting(Row::problem)
                .containsExactly(
                        null, "has half a character in a name: write all of it, or leave it out, at column 11", null);
        assertThatThrownBy(() -> Texts.rows("a.json", "[{},\n{\"callData\":" + half + "}]"))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageStartingWith("has half a character in a name: write all of it, or leave it out, at line 2");
    }

    @Test
    void spacesBeforeQuotesAreReadAsTheHeaderHasThem() {
        String text = "phoneNumber, \"externalId\", \"firstName\", \"timeZoneId\"\n"
                + "+14155800011, \"SQ-1\", \"Ann, \"\"A\"\"\", \"Pacific Standard Time\"\n"
                + "+14155800012, \"SQ-2\" , \"Bob\nBo\", \"\"\n"
                + "+14155800013, SQ-3, plain \"x\",\n";

        List<Row> rows = Texts.rows("a.csv", text);
        assertThat(rows)
                .extracting(Row::cells)
                .containsExactly(
                        List.of("+14155800011", "SQ-1", "Ann, \"A\"", "Pacific Standard Time"),
                        List.of("+14155800012", "SQ-2", "Bob\nBo", ""),
                        List.of("+14155800013", " SQ-3", " plain \"x\"", ""));
        assertThat(rows).extracting(Row::line).containsExactly(2L, 3L, 5L);
        assertThat(rows.get(0).values()).containsEntry("externalId", "SQ-1");
        assertThat(rows.get(0).formerly()).containsOnlyKeys("externalId", "firstName", "timeZoneId");
        assertThat(Texts.rows("a.csv", "\"externalId\"; \"name\"\n\"x\"; \"y\"\n")
                        .get(0)
                        .formerly())
                .containsOnlyKeys("name");
    }

    @Test
    void theHeaderBelowASeparatorLineMayHaveSpacesBeforeQuotesToo() {
        assertThat(Texts.rows("a.csv", "sep=;\na; \"b\"\n1; \"2;3\"\n").get(0).values())
                .isEqualTo(Map.of("a", "1", "b", "2;3"));
    }

    @Test
    void otherwiseAQuoteBehindASpaceIsACharacter() {
        assertThat(Texts.rows("a.csv", "a,b\n1, \"x\"\n2, \"\n").get(1).cells()).containsExactly("2", " \"");
        assertThat(Texts.rows("a.csv", "a, \"b\" c\n1, \"\n2,3\n")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a, \"b\"\n1, \"x\n2, \"y\"\n", "a, \"b\"\n1, \"x\" y\n", "a, \"b\"\n1, \"x\n2,3\n"})
    void quotesThatDontMatchUpSwallowNoRow(String text) {
        assertThatThrownBy(() -> Texts.rows("a.csv", text))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("the quotes don't match up in the row that starts on line 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Name,Phone 1 - Type,Phone 1 - Value/Ann,Mobile,+14155810001|Phone 1 - Value",
                "Customer Number,Cancelled,Kontakt/10012345,2024-01-02,030 1234567|Kontakt",
                "Hotel,Mobil,Telefon/Ritz,,0151 12345678/Plaza,-,0151 12345679|Telefon",
                "Telefax,Handy/030 1234567,0151 12345678|Handy",
                "Id,Contact/1,(415) 555-0100/2,none|Contact",
                "Customer Number,Cancelled,Phone 1 - Type/10012345,2024-01-02,Mobile|",
                "Cell,Telefon/A1,+49 30 1234567/B2,x/C3,y|",
                "Fax/+14155550100|",
                "Mobile|"
            })
    void theColumnSuggestedHoldsNumbers(String text, String column) {
        String csv = text.replace("/", "\n") + "\n";
        try (RowReader reader =
                RowReader.open(csv.getBytes(StandardCharsets.UTF_8), Texts.options(StandardCharsets.UTF_8))) {
            assertThat(ColumnNames.likelyPhone(reader.columns(), reader.peek(50)))
                    .isEqualTo(Optional.ofNullable(column));
        }
    }
}
