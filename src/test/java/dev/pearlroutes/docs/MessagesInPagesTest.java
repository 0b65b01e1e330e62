package dev.pearlroutes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The troubleshooting page quotes what the program says, and the architecture page names what the program has. */
class MessagesInPagesTest {
    private static final Pattern SYMPTOM = Pattern.compile("`([^`]+)`");
    /** Between two of these a message is said as it stands in the code. */
    private static final Pattern VARIABLE_PART = Pattern.compile("…|<[a-z ]+>|outbound\\.<name>|[0-9]+");

    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z]+(?:[A-Z][a-z]+)+");
    private static final int SHORTEST = 12;

    @Test
    void theTroubleshootingPageQuotesTheProgram() throws IOException {
        String code = code();
        List<String> notSaid = new ArrayList<>();
        for (String line : Page.read(Path.of("src/docs/troubleshooting.md")).lines()) {
            Matcher symptom = SYMPTOM.matcher(line.startsWith("|") ? line.split("(?<!\\\\)\\|")[1] : "");
            while (symptom.find()) {
                VARIABLE_PART
                        .splitAsStream(symptom.group(1))
                        .map(String::strip)
                        .filter(part -> part.length() >= SHORTEST && part.contains(" "))
                        .filter(part -> !code.contains(part))
                        .forEach(notSaid::add);
            }
        }

        assertThat(notSaid).isEmpty();
    }

    @Test
    void theArchitecturePageNamesClassesThatExist() throws IOException {
        Set<String> unknown = new TreeSet<>();
        Set<String> classes = classes();
        for (String word : Page.read(Path.of("src/docs/architecture.md")).code()) {
            if (CLASS.matcher(word).matches() && !classes.contains(word)) {
                unknown.add(word);
            }
        }

        assertThat(unknown).isEmpty();
    }

    /** The code with its texts put together again where they are cut into lines. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files =
                Stream.concat(Files.walk(Path.of("src/main/java")), Files.walk(Path.of("src/deploy")))) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(java|sh)"))
                    .toList()) {
                code.append(Files.readString(file));
            }
        }
        return code.toString().replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("%d", "");
    }

    private static Set<String> classes() throws IOException {
        Set<String> classes = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .forEach(name -> classes.add(name.replace(".java", "")));
        }
        return classes;
    }
}
