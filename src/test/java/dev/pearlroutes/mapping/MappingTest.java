package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.mapping.Mapping.Field;
import dev.pearlroutes.mapping.Mapping.Target;
import dev.pearlroutes.mapping.Mapping.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

        assertThat(mapping.target("mobile")).isEqualTo(Target.of(Field.PHONE_NUMBER));
        assertThat(mapping.target("ref._nr")).isEqualTo(Target.of(Field.EXTERNAL_ID));
        assertThat(mapping.target("Age")).isEqualTo(new Target(Field.CALL_DATA, "age", Type.INT));
        assertThat(mapping.target("a=b")).isEqualTo(new Target(Field.CALL_DATA, "x", Type.ANY));
        assertThat(mapping.target("Zoë")).isEqualTo(new Target(Field.CALL_DATA, "z", Type.FLOAT));
        assertThat(mapping.target("notes").field()).isEqualTo(Field.DROPPED);
        assertThat(mapping.target("phoneNumber").field()).isEqualTo(Field.DROPPED);
        assertThat(mapping.requiredColumns()).containsExactly("Mobile", "Ref. Nr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"phoneNumber", "Phone Number", "phone_number", "PHONE-NUMBER"})
    void takesFieldsByNameHoweverTheyAreWritten(String column) {
        assertThat(Mapping.byName().target(column)).isEqualTo(Target.of(Field.PHONE_NUMBER));
    }

    @Test
    void guessesNothingElse() {
        Mapping mapping = Mapping.byName();

        assertThat(mapping.target("phone")).isEqualTo(new Target(Field.CALL_DATA, "phone", Type.ANY));
        assertThat(mapping.target("callData.First Name"))
                .isEqualTo(new Target(Field.CALL_DATA, "First Name", Type.ANY));
        assertThat(mapping.target("line")).isEqualTo(new Target(Field.CALL_DATA, "line", Type.ANY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_line", "_reason", "_raw", "_leadId"})
    void ignoresTheColumnsOfOurOwnResultFiles(String column) throws IOException {
        assertThat(Mapping.byName().target(column).field()).isEqualTo(Field.DROPPED);
        assertThat(load(column + " = callData.x").target(column).field()).isEqualTo(Field.CALL_DATA);
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
                .hasMessageContaining("line 2: columns 'a' and 'b' are both mapped to phoneNumber");
        assertThatThrownBy(() -> load("a = callData.x:int\nb = callData.x")).hasMessageContaining("callData.x");
        assertThatThrownBy(() -> load("a b = phoneNumber\nA_B = externalId")).hasMessageContaining("mapped twice");
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

    private Mapping load(String text) throws IOException {
        return Mapping.load(Files.writeString(folder.resolve("my.mapping"), text));
    }
}
