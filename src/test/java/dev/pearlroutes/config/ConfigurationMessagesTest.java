package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an operator reads about a wrong configuration. The golden file has one block a case: {@code ==} title, the
 * properties file, {@code $} variables of the environment, {@code >} the lines of the message with FILE in the path's place.
 */
class ConfigurationMessagesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/configuration/messages.txt");

    /** Stands wherever an operator could have pasted a secret. */
    private static final String MARKER = "s3cretMARKER";

    @TempDir
    Path folder;

    record Case(String title, String properties, Map<String, String> environment, String message) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> golden() throws IOException {
        return Pattern.compile("(?m)^== ")
                .splitAsStream(Files.readString(GOLDEN))
                .skip(1)
                .map(ConfigurationMessagesTest::block);
    }

    private static Case block(String block) {
        List<String> lines = block.lines().toList();
        StringBuilder properties = new StringBuilder();
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> message = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("$ ")) {
                environment.put(line.substring(2, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            } else if (line.startsWith("> ")) {
                message.add(line.substring(2));
            } else {
                properties.append(line).append('\n');
            }
        }
        return new Case(lines.get(0), properties.toString(), environment, String.join("\n", message));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isRefusedInTheseWords(Case wrong) throws IOException {
        String message = refusal(wrong.properties, wrong.environment);

        assertThat(message).isEqualTo(wrong.message).doesNotContain(MARKER);
    }

    @Test
    void oneProblemIsOneLine() throws IOException {
        assertThat(golden().filter(wrong -> !wrong.message.contains("settings are wrong")))
                .hasSizeGreaterThan(50)
                .allSatisfy(wrong -> assertThat(wrong.message).doesNotContain("\n"));
    }

    static Stream<Key<?>> keys() {
        return Keys.ALL.stream();
    }

    /** A secret pasted to any key, in any shape, stays out of message and warnings. */
    @ParameterizedTest
    @MethodSource("keys")
    void neverRepeatsAValue(Key<?> key) throws IOException {
        for (String shape : List.of(
                "%s", "a:%s", "a:b:%s", "https://u:%s@h", "http://h/?%s", "%s,%s", "%s/x", "%s %s", "\\u0000%s")) {
            String value = shape.replace("%s", MARKER);
            String name = key.in("demo");
            refusal("outbound.x.id=x\n" + name + "=" + value + "\nnlpearl.nothing=1", Map.of());
            refusal("outbound.x.id=x\nnlpearl.nothing=1", Map.of(Key.environmentName(name), value));
            refusal("outbound.x.id=x\n" + name + "x=" + value, Map.of());
            refusal(name + "=" + value + "\n" + name + "=" + value, Map.of());
            refusal(value, Map.of());
            refusal(value + "\n" + value, Map.of());
        }
    }

    private String refusal(String properties, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("application.properties"), properties);
        String message = assertThrows(ConfigurationException.class, () -> Configuration.load(file, environment))
                .getMessage();
        assertThat(message).doesNotContain(MARKER);
        return message.replace(file.toString(), "FILE").replace(folder.toString(), "FOLDER");
    }
}
