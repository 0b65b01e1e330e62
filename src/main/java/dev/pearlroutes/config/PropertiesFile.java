package dev.pearlroutes.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A properties file together with the line of each key.
 *
 * @param path the file as it was named
 * @param entries key to where and what it is, in the order of the file
 */
record PropertiesFile(Path path, Map<String, Line> entries) {

    /**
     * @param number from 1, of the key
     * @param value trimmed, perhaps empty
     */
    record Line(int number, String value) {}

    /**
     * Reads a file in UTF-8. A key given twice and a bad escape are added to {@code problems}.
     *
     * @throws ConfigurationException when there is no such file or it can't be read as text
     */
    static PropertiesFile read(Path path, Problems problems) {
        PropertiesFile file = new PropertiesFile(path, new LinkedHashMap<>());
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            int number = i + 1;
            StringBuilder logical = new StringBuilder(lines.get(i));
            while (isContinued(lines.get(i), logical) && i + 1 < lines.size()) {
                logical.append('\n').append(lines.get(++i));
            }
            file.parse(logical.append('\n').toString(), number, problems);
        }
        return file;
    }

    private List<String> lines() {
        try {
            String text = Files.readString(path, StandardCharsets.UTF_8);
            return (text.startsWith("\uFEFF") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("There is no configuration file " + path
                    + ": put application.properties there, or name its folder by the environment variable CONFIG_DIR");
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(path + " is not UTF-8 text: save it in that encoding");
        } catch (IOException e) {
            throw new ConfigurationException("Can't read the configuration file " + path + " ("
                    + e.getClass().getSimpleName() + "): correct its permissions");
        }
    }

    /** Tells whether the next line continues this one: it ends in an odd number of backslashes and is no comment. */
    private static boolean isContinued(String line, StringBuilder logical) {
        String start = logical.toString().stripLeading();
        String body = line.replaceFirst("\\\\+$", "");
        return !start.startsWith("#") && !start.startsWith("!") && (line.length() - body.length()) % 2 == 1;
    }

    /** Parses one logical line by {@link Properties}. */
    private void parse(String logical, int number, Problems problems) {
        Properties parsed = new Properties();
        try {
            parsed.load(new StringReader(logical));
        } catch (IOException | IllegalArgumentException e) {
            problems.add(number, path + " line " + number + ": a \\u needs four hexadecimal digits; write / in paths");
        }
        parsed.stringPropertyNames().forEach(key -> {
            Line earlier = entries.putIfAbsent(
                    key, new Line(number, parsed.getProperty(key).trim()));
            if (earlier != null) {
                problems.add(
                        number,
                        UnknownKeys.display(key) + " is given twice, in " + path + " lines " + earlier.number()
                                + " and " + number + ": delete one of them");
            }
        });
    }
}
