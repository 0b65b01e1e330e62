package dev.pearlroutes.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the configured outbounds, checked to be usable as folders and in environment variables side by side. */
final class OutboundNames {
    private static final Pattern VARIABLE = Pattern.compile("OUTBOUND_(.+)_ID");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?", Pattern.CASE_INSENSITIVE);

    private OutboundNames() {}

    /** Finds each name with the first key that configures it: those of the file in its order, then those of the environment alone. */
    static Map<String, String> find(PropertiesFile file, Map<String, String> environment) {
        Map<String, String> names = new LinkedHashMap<>();
        file.entries().keySet().forEach(key -> of(key).ifPresent(name -> names.putIfAbsent(name, key)));
        new TreeMap<>(environment).forEach((variable, value) -> {
            Matcher matcher = VARIABLE.matcher(variable);
            boolean taken = names.keySet().stream()
                    .anyMatch(name -> Key.environmentName(Keys.ID.in(name)).equals(variable));
            if (matcher.matches() && !taken && !value.isBlank()) {
                String name = matcher.group(1).toLowerCase(Locale.ROOT);
                names.put(name, Keys.ID.in(name));
            }
        });
        return names;
    }

    /** Finds the outbound's name in a full key; a name may hold dots, so the longest known ending counts. */
    static Optional<String> of(String fullKey) {
        return Keys.ofOutbounds().stream()
                .map(Key::suffix)
                .filter(fullKey::endsWith)
                .max(Comparator.comparingInt(String::length))
                .filter(suffix ->
                        fullKey.startsWith("outbound.") && fullKey.length() > "outbound.".length() + suffix.length())
                .map(suffix -> fullKey.substring("outbound.".length(), fullKey.length() - suffix.length()));
    }

    static void check(Map<String, String> names, ConfigSource source) {
        Map<String, String> byVariable = new HashMap<>();
        names.forEach((name, key) -> {
            if (!NAME.matcher(name).matches()
                    || name.endsWith(".")
                    || name.contains("..")
                    || WINDOWS_DEVICE.matcher(name).matches()) {
                source.refuse(
                        key,
                        "the outbound's name becomes a folder: up to 64 letters, digits, dots, - and _, a letter or digit"
                                + " first, no dot last, no two dots together, and no device name such as con");
            }
            String other = byVariable.putIfAbsent(Key.environmentName(name), name);
            if (other != null && other.equalsIgnoreCase(name)) {
                source.refuse(
                        key,
                        "differs from the outbound " + other
                                + " only in case, which is one folder on some systems: rename one");
            } else if (other != null) {
                source.refuse(
                        key,
                        "has the environment variable " + Key.environmentName(Keys.ID.in(name)) + " in common with "
                                + Keys.ID.in(other) + ": rename one of the outbounds");
            }
        });
        names.forEach((name, key) -> {
            if (!source.isSet(Keys.ID.in(name))) {
                source.require(
                        Keys.ID.in(name),
                        "the outbound " + name + " has no id: write it, or delete its other keys, such as " + key);
            }
        });
    }
}
