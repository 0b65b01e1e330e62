package dev.pearlroutes.config;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The values of the keys, out of file and environment. The environment wins; an empty value counts as none in both. */
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

    /** Reads the key's value; its default when it has none or was refused; null when there is no default either. */
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

    /** Tells whether the key's own value was refused, so that nothing can be said about it and others together. */
    boolean wasRefused(String fullKey) {
        return refused.contains(fullKey);
    }

    /** Tells whether file or environment has a value of the key. */
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

    /** Reports that a required key has no value. @param fix says what to do */
    void require(String fullKey, String fix) {
        refused.add(fullKey);
        problems.add(
                Problems.MISSING,
                fullKey + " (environment variable " + Key.environmentName(fullKey) + "), not set in " + file.path()
                        + ": " + fix);
    }

    /** Reports a problem of this key. @param fix says what to do and holds no value */
    void refuse(String fullKey, String fix) {
        PropertiesFile.Line line = file.entries().get(fullKey);
        String variable = Key.environmentName(fullKey);
        refused.add(fullKey);
        if (fromEnvironment(fullKey) != null) {
            problems.add(Problems.NO_LINE, fullKey + " (set by the environment variable " + variable + "): " + fix);
        } else if (line != null) {
            problems.add(
                    line.number(),
                    fullKey + " (environment variable " + variable + "), " + file.path() + " line " + line.number()
                            + ": " + fix);
        } else {
            problems.add(
                    Problems.NO_LINE,
                    fullKey + " (environment variable " + variable + "), not set in " + file.path() + ": " + fix);
        }
    }
}
