package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PropertiesFileTest {

    @Test
    void linesAreThoseAnEditorShows() throws IOException {
        Map<String, PropertiesFile.Line> entries = read("""
                \uFEFFfirst : 1

                # a comment does not go on \\
                second = two \\
                   and\\
                   # more
                third\\\\=3
                fourth \\u00e9
                """);

        assertThat(entries)
                .isEqualTo(Map.of(
                        "first", new PropertiesFile.Line(1, "1"),
                        "second", new PropertiesFile.Line(4, "two and# more"),
                        "third\\", new PropertiesFile.Line(7, "3"),
                        "fourth", new PropertiesFile.Line(8, "é")));
    }

    /** Keys and values are those of java.util.Properties for any text; where a key is given twice the first stays. */
    @Property(tries = 500)
    void syntaxIsThatOfProperties(@ForAll("text") String text) throws IOException {
        Properties expected = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Object put(Object key, Object value) {
                return putIfAbsent(key, value.toString().trim());
            }
        };
        expected.load(new StringReader(text));

        assertThat(read(text).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().value())))
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.of("a", "b", "=", ":", " ", "\t", "\n", "\r\n", "\\", "\\\n", "#", "!", "é")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts) + "\n");
    }

    private static Map<String, PropertiesFile.Line> read(String text) throws IOException {
        Path file = Files.createTempFile("pearl", ".properties");
        try {
            return PropertiesFile.read(Files.writeString(file, text), new Problems())
                    .entries();
        } finally {
            Files.delete(file);
        }
    }
}
