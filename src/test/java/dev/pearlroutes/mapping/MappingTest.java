package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.mapping.Mapping.Field;
import dev.pearlroutes.mapping.Mapping.Required;
import dev.pearlroutes.mapping.Mapping.Target;
import dev.pearlroutes.mapping.Mapping.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
    @TempDir
    Path folder;

    @Test
    void readsLines() throws IOException {
        Mapping mapping = load("\uFEFF# ours\n\nMobile = phoneNumber\r\nRef. Nr=externalId\nAge = callData.age:int\n"
                + "a=b = callData.x\nZoë = callData.z : float\nnotes =\nPhone Number =\n");

        assertThat(mapping.targets("mobile")).containsExactly(Target.of(Field.PHONE_NUMBER));
        assertThat(mapping.targets("ref._nr")).containsExactly(Target.of(Field.EXTERNAL_ID));
        assertThat(mapping.targets("Age")).containsExactly(new Target(Field.CALL_DATA, "age", Type.INT));
        assertThat(mapping.targets("a=b")).containsExactly(new Target(Field.CALL_DATA, "x", Type.ANY));
        assertThat(mapping.targets("Zoë")).containsExactly(new Target(Field.CALL_DATA, "z", Type.FLOAT));
        assertThat(mapping.targets("notes")).isEmpty();
        assertThat(mapping.targets("phoneNumber")).isEmpty();
        assertThat(mapping.required()).containsExactly(new Required("Mobile", 3), new Required("Ref. Nr", 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"phoneNumber", "Phone Number", "phone_number", "PHONE-NUMBER"})
    void takesFieldsByNameHoweverTheyAreWritten(String column) {
        assertThat(Mapping.byName().targets(column)).containsExactly(Target.of(Field.PHONE_NUMBER));
    }

    @Test
    void guessesNothingElse() {
        Mapping mapping = Mapping.byName();

        assertThat(mapping.targets("phone")).containsExactly(variable("phone"));
        assertThat(mapping.targets("callData.First Name")).containsExactly(variable("First Name"));
        assertThat(mapping.targets("line")).containsExactly(variable("line"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_line", "_reason", "_raw", "_leadId"})
    void ignoresTheColumnsOfOurOwnResultFiles(String column) throws IOException {
        assertThat(Mapping.byName().targets(column)).isEmpty();
        assertThat(load(column + " = callData.x").targets(column)).containsExactly(variable("x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = phonenumber|did you mean phoneNumber?",
                "a = extrenalId|did you mean externalId?",
                "a = timezone|did you mean timeZoneId?",
                "a = callData|did you mean callData.<id>?",
                "a = calldata.age|did you mean callData.age?",
                "a = callData.age:integer|did you mean callData.age:int?",
                "a = callData.age:float_comma|did you mean callData.age:float-comma?",
                "a = drop|did you mean dropped?",
                "a = callData.|did you mean callData.<id>?",
                "a = callData.x:int:int|callData.x:int",
                "just words|`column = field`",
                "= phoneNumber|`column = field`"
            })
    void refusesALineWithFileLineAndMend(String line, String message) {
        assertThatThrownBy(() -> load("# first\n" + line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("my.mapping, line 2: ")
                .hasMessageContaining(message)
                .hasMessageContaining("allowed are phoneNumber, externalId");
    }

    @Test
    void refusesTwoColumnsForOneField() {
        assertThatThrownBy(() -> load("a = phoneNumber\nb = phoneNumber"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 2: 'a' and 'b' are both mapped to phoneNumber");
        assertThatThrownBy(() -> load("a = callData.x:int\nb = callData.x")).hasMessageContaining("callData.x");
        assertThatThrownBy(() -> load("a = callData.x\ncallData.x = {b}"))
                .hasMessageContaining("line 2: 'a' and `{b}` are both mapped to callData.x");
    }

    @Test
    void oneColumnMayBeSeveralFields() throws IOException {
        Mapping mapping = load("First Name = callData.firstName\nfirst_name = callData.nickName:string");

        assertThat(mapping.targets("FirstName"))
                .containsExactly(variable("firstName"), new Target(Field.CALL_DATA, "nickName", Type.STRING));
        assertThatThrownBy(() -> load("a = callData.x\nA ="))
                .hasMessageContaining("line 2: column 'A' is mapped twice and dropped");
        assertThatThrownBy(() -> load("a =\nA = callData.x")).hasMessageContaining("'A' is mapped twice");
        assertThatThrownBy(() -> load("a = externalId\nA = externalId"))
                .hasMessageContaining("line 2: column 'A' is mapped twice (case");
    }

    /** Lines that were valid before there were templates, constants and patterns; each with the one column it is about. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{First} = callData.name~{First}~callData.name",
                "callData.name = {First} =~callData.name = {First}~",
                "callData.name = {First} = phoneNumber~callData.name = {First}~phoneNumber",
                "callData.a = \"Autumn\" = callData.b~callData.a = \"Autumn\"~callData.b",
                "callData.a = phoneNumber~callData.a~phoneNumber",
                "\"Name\" = externalId~\"Name\"~externalId",
                "internal_* =~internal_*~",
                "* =~*~",
                "Tel* = phoneNumber~Tel*~phoneNumber",
                "a | b = callData.a~a | b~callData.a",
                "a, b = callData.a~a, b~callData.a",
                "a = callData.a, callData.b~a~callData.a, callData.b",
                "a = callData.{First} {Last}~a~callData.{First} {Last}",
                "a = callData.{b}:int~a~callData.{b}:int",
                "a = callData.\"Autumn\"~a~callData.\"Autumn\"",
                "a = callData.x default \"there\"~a~callData.x default \"there\"",
                "dropped = callData.dropped~dropped~callData.dropped",
                "a = callData.dropped~a~callData.dropped",
                "a==phoneNumber~a=~phoneNumber",
                "phoneNumber = callData.phone~phoneNumber~callData.phone",
                "phoneNumber =~phoneNumber~"
            })
    void aLineThatWasValidKeepsItsMeaning(String line, String column, String field) throws IOException {
        Mapping mapping = load(line);

        assertThat(mapping.targets(column).stream()
                        .map(target -> target.name() + (target.type() == Type.INT ? ":int" : "")))
                .containsExactlyElementsOf(field == null ? List.of() : List.of(field));
        assertThat(mapping.composed()).isEmpty();
        assertThat(mapping.slots()).isZero();
        assertThat(mapping.targets("internal_x")).containsExactly(variable("internal_x"));
        assertThat(mapping.targets("Telephone")).containsExactly(variable("Telephone"));
        assertThat(mapping.targets("First")).containsExactly(variable("First"));
        assertThat(mapping.isUnmapped("First")).isTrue();
    }

    @Test
    void readsTemplatesAndConstants() throws IOException {
        Mapping mapping = load("callData.name = {First} {Last|you}\ncallData.url = https://a.example/?id={Id}&x={{1}}\n"
                + "callData.campaign = \"Autumn \"\"24\"\"\"\ntimeZoneId=\"Europe/Berlin\"\n"
                + "callData.sum:float = {Sum}\ncallData.c = \"{a||b} =\"");

        assertThat(mapping.composed().stream()
                        .map(field -> field.line() + " " + field.target().name()
                                + field.target().type().word + " "
                                + field.template().columns() + " "
                                + field.template().source()))
                .containsExactly(
                        "1 callData.name [First, Last] {First} {Last|you}",
                        "2 callData.url [Id] https://a.example/?id={Id}&x={{1}}",
                        "3 callData.campaign [] Autumn \"24\"",
                        "4 timeZoneId [] Europe/Berlin",
                        "5 callData.sumfloat [Sum] {Sum}",
                        "6 callData.c [a|b] {a||b} =");
        assertThat(mapping.required()).contains(new Required("Last", 1), new Required("Id", 2));
        assertThat(mapping.slot("LAST")).isEqualTo(1);
        assertThat(mapping.slot("other")).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "callData.a = {First|line 1: a { has no }",
                "callData.a = {First {Last}|line 1: a { stands within {…}",
                "callData.a = First} {Last}|line 1: a } has no {",
                "callData.a = { }|line 1: {…} must name a column",
                "callData.a = \"Autumn|line 1: a text in quotes must end with a quote",
                "callData.a = \"{A}\" and \"{B}\"|line 1: a text in quotes",
                "callData.a = \" \"|line 1: the text between the quotes is empty",
                "callData.a = Autumn|line 1: 'Autumn' is no field: a template names its columns in braces",
                "Name = {First}|line 1: 'Name' is no field, did you mean",
                "Name = \"x\"|line 1: 'Name' is no field, did you mean",
                "phoneNumber = \"+14155550100\"|line 1: each lead without a cell would have the same phoneNumber",
                "callData.a:int = \"x\"|line 1: callData.a must be a whole number",
                "callData.a:boolean = \"yes\"|line 1: callData.a must be true or false"
            })
    void refusesATemplateOrConstantWithLineAndMend(String line, String message) {
        assertThatThrownBy(() -> load(line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("my.mapping, " + message);
    }

    @Test
    void anIdOrANumberMustNotBeTheSameForAll() {
        assertThatThrownBy(() -> load("externalId = {Id|none}")).hasMessageContaining("have the same externalId");
        assertThatNoException().isThrownBy(() -> load("externalId = {Source|web}-{Id}"));
        assertThatNoException().isThrownBy(() -> load("phoneNumber = {Prefix|+49}{Number}"));
    }

    @Test
    void aColumnOfATemplateIsNoVariableOfItsOwn() throws IOException {
        Mapping mapping = load("callData.name = {First} {Last} {phoneNumber} {callData.x} {Kept}\n"
                + "Kept = callData.kept\nexternalId = {Source}-{external_id}\ncallData.y = {callData.y|none}");

        assertThat(mapping.targets("first")).isEmpty();
        assertThat(mapping.isUnmapped("first")).isFalse();
        assertThat(mapping.isPartOnly("first")).isTrue();
        assertThat(mapping.targets("Kept")).as("by its line").containsExactly(variable("kept"));
        assertThat(mapping.targets("phoneNumber")).as("by its name").containsExactly(Target.of(Field.PHONE_NUMBER));
        assertThat(mapping.targets("callData.x")).containsExactly(variable("x"));
        assertThat(mapping.targets("externalId")).as("the field is made of it").isEmpty();
        assertThat(mapping.targets("callData.y")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"lead-files.md, 4", "recipes.md, 4"})
    void thePagesHaveFilesThatCanBeUsed(String page, int most) throws IOException {
        List<String> files = Arrays.stream(
                        Files.readString(Path.of("src/docs", page)).split("```"))
                .filter(block -> block.startsWith("\n") && block.contains("= phoneNumber\n"))
                .toList();

        assertThat(files).isNotEmpty();
        int fields = 0;
        for (String file : files) {
            fields = Math.max(fields, load(file).composed().size());
        }
        assertThat(fields).as("fields that are composed").isEqualTo(most);
    }

    @Test
    void dropsColumnsByPattern() throws IOException {
        Mapping mapping = load("int_* = dropped\n* note = dropped\n*debug* = dropped\nint_keep = callData.keep\n"
                + "callData.n = {int_part}\nNotes = dropped\n*Number = dropped\nexternal* = dropped");

        for (String column : List.of("int_x", "INT-x", "Int x", "our_note", "a debug b", "Notes", "shoe number")) {
            assertThat(mapping.targets(column)).as(column).isEmpty();
        }
        assertThat(mapping.droppedBy("Int x").source()).isEqualTo("int_*");
        assertThat(mapping.targets("interest")).as("the _ is not left out").containsExactly(variable("interest"));
        assertThat(mapping.targets("int_keep")).as("a line wins").containsExactly(variable("keep"));
        assertThat(mapping.slot("int_part")).as("a template has it").isZero();
        assertThat(mapping.targets("phoneNumber"))
                .as("a pattern drops no field of a lead")
                .containsExactly(Target.of(Field.PHONE_NUMBER));
        assertThat(mapping.targets("external_id")).containsExactly(Target.of(Field.EXTERNAL_ID));
        assertThat(load("* = dropped\nage = callData.age").targets("First")).isEmpty();
    }

    @Test
    void refusesAFileThatCantBeRead() throws IOException {
        Path file =
                Files.writeString(folder.resolve("latin.mapping"), "Zoë = phoneNumber", StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Mapping.load(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Mapping.load(folder.resolve("none")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none can't be read");
    }

    private static Target variable(String id) {
        return new Target(Field.CALL_DATA, id, Type.ANY);
    }

    private Mapping load(String text) throws IOException {
        return Mapping.load(Files.writeString(folder.resolve("my.mapping"), text));
    }
}
