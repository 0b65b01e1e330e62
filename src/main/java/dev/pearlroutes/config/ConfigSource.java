package dev.pearlroutes.config;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What file and environment say about a key. The environment wins; an empty value, in either, is as if it weren't there.
 */
final class ConfigSource {
    private final PropertiesFile file;
    private final Map<String, String> environment;
    private final Problems problems;
    private final Set<String> refused = new HashSet<>();

    ConfigSource(PropertiesFile file, Map<String, String> environment, Problems problems) {
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** The key's value; its default when it has none or was refused; null when there is no default either. */
    <T> T read(Key<T> key, String outbound) {
        String fullKey = key.in(outbound);
        String text = text(fullKey);
        try {
            if (text != null) {
                return key.parser().apply(text);
            }
        } catch (IllegalArgumentException e) {
            refuse(fullKey, e.getMessage());
        }
        return key.defaultText().isEmpty() ? null : key.parser().apply(key.defaultText());
    }

    /** Whether the key's own value was refused, so that nothing can be said about it and others together. */
    boolean wasRefused(String fullKey) {
        return refused.contains(fullKey);
    }

    boolean isSet(String fullKey) {
        return text(fullKey) != null;
    }

    private String text(String fullKey) {
        String overriding = fromEnvironment(fullKey);
        PropertiesFile.Line line = file.entries().get(fullKey);
        return overriding != null ? overriding : line == null || line.value().isEmpty() ? null : line.value();
    }

    private String fromEnvironment(String fullKey) {
        String value =
                environment.getOrDefault(Key.environmentName(fullKey), "").trim();
        return value.isEmpty() ? null : value;
    }

    /** Adds a problem of this key; {@code mend} says what to do and holds no value. */
    void refuse(String fullKey, String mend) {
        PropertiesFile.Line line = file.entries().get(fullKey);
        String variable = Key.environmentName(fullKey);
        refused.add(fullKey);
        if (fromEnvironment(fullKey) != null) {
            problems.add(Problems.NO_LINE, fullKey + " (set by the environment variable " + variable + "): " + mend);
        } else if (line != null) {
            problems.add(
                    line.number(),
                    fullKey + " (environment variable " + variable + "), " + file.path() + " line " + line.number()
                            + ": " + mend);
        } else {
            problems.add(
                    Problems.NO_LINE,
                    fullKey + " (environment variable " + variable + "), not set in " + file.path() + ": " + mend);
        }
    }
}
