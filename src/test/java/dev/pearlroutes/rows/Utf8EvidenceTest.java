package dev.pearlroutes.rows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UTF-8 is not read as text of a charset of one byte, which would speak {@code ZoÃ«}. */
class Utf8EvidenceTest {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    Path folder;

    private List<Object> names(String name, byte[] content, Charset charset) throws IOException {
        Path file = Files.write(folder.resolve("f"), content);
        List<Object> names = new ArrayList<>();
        try (RowReader reader =
                RowReader.open(file, name, Texts.options(charset).judging(columns -> {}))) {
            reader.forEachRemaining(row -> names.add(row.values().get("name")));
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.csv.gz", "a.jsonl", "a.json"})
    void aFileInUtf8IsRefusedWhereTheKeySaysOtherwise(String name) {
        String text = name.contains("csv") ? "name\n" + "x\n".repeat(100_000) + "Zoë\n" : "{\"name\":\"Zoë\"}\n";
        byte[] bytes = text.getBytes(UTF_8);

        assertThatThrownBy(() -> names(name, name.endsWith("gz") ? Texts.gzip(bytes) : bytes, WINDOWS))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage(
                        "is UTF-8, though outbound.demo.charset says windows-1252: take that key out, or save the file"
                                + " with a byte order mark (as CSV UTF-8)");
    }

    @Test
    void aByteThatTheCharsetDoesNotHaveGivesTheSameReason() {
        // Á in UTF-8 is C3 81, and windows-1252 has no 81.
        assertThatThrownBy(() -> names("a.csv", "name\nÁrpád\n".getBytes(UTF_8), WINDOWS))
                .hasMessageStartingWith("is UTF-8, though outbound.demo.charset says windows-1252");
        assertThatThrownBy(() -> names("a.csv", "name\nZoë\n".getBytes(UTF_8), US_ASCII))
                .hasMessageStartingWith("is UTF-8, though");
    }

    @Test
    void whatIsNotUtf8IsReadAsTheKeySays() throws IOException {
        assertThat(names("a.csv", "name\nZoë\n".getBytes(WINDOWS), WINDOWS)).containsExactly("Zoë");
        assertThat(names("a.csv", "name\nZoe\n".getBytes(UTF_8), WINDOWS)).containsExactly("Zoe");
        assertThat(names("a.csv", "name\nZoÃ«\nZoë\n".getBytes(ISO_8859_1), ISO_8859_1))
                .containsExactly("ZoÃ«", "Zoë");
        assertThat(names("a.csv", "\uFEFFname\nZoë\n".getBytes(UTF_8), WINDOWS)).containsExactly("Zoë");
        assertThat(names("a.csv", "name\nZoë\n".getBytes(UTF_16LE), UTF_16LE)).containsExactly("Zoë");
    }

    @Test
    void aFileThatWasBegunIsReadAsItWas() throws IOException {
        Path file = Files.write(folder.resolve("f"), "name\nZoë\n".getBytes(UTF_8));

        try (RowReader reader = RowReader.open(file, "a.csv", Texts.options(WINDOWS))) {
            assertThat(reader.next().values()).containsEntry("name", "ZoÃ«");
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Property(tries = 500)
    void knowsUtf8AsItsDecoderDoes(@ForAll("bytes") byte[] bytes) {
        Utf8Evidence evidence = new Utf8Evidence();
        evidence.take(bytes, 0, bytes.length);

        String decoded = new String(bytes, UTF_8);
        boolean valid = decoded.indexOf('\uFFFD') < 0;
        boolean beyondAscii = decoded.chars().anyMatch(c -> c >= 0x80);
        if (valid) {
            assertThat(evidence.isShown()).isEqualTo(beyondAscii);
        } else if (evidence.isShown()) {
            assertThat(decoded).as("only the end may be cut off").matches("(?s)[^\uFFFD]*\uFFFD");
        }
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> any = Arbitraries.of(
                (byte) 'a',
                (byte) 0x80,
                (byte) 0xBF,
                (byte) 0xC1,
                (byte) 0xC3,
                (byte) 0xE0,
                (byte) 0xA0,
                (byte) 0xED,
                (byte) 0x9F,
                (byte) 0xF0,
                (byte) 0x90,
                (byte) 0xF4,
                (byte) 0x8F,
                (byte) 0xF5);
        return any.array(byte[].class).ofMaxSize(6);
    }
}
