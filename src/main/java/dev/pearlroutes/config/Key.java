package dev.pearlroutes.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One row of the table of keys.
 *
 * @param name the key as in the file; that of an outbound has {@code <name>} in the outbound's place
 * @param defaultText the value of an absent or empty key; empty when there is none
 * @param parser value from trimmed, non-empty text; throws IllegalArgumentException whose message says how to write it
 *     and does not repeat the text, since a secret may have been pasted to the wrong key
 */
record Key<T>(String name, String defaultText, Function<String, T> parser) {

    static final String OUTBOUND = "outbound.<name>.";

    /** Tells whether every outbound has a value of its own. */
    boolean ofOutbound() {
        return name.startsWith(OUTBOUND);
    }

    /** Returns what follows the outbound's name, with the dot. */
    String suffix() {
        return name.substring(OUTBOUND.length() - 1);
    }

    /** Returns the full key for an outbound; the name itself for a key that isn't an outbound's. */
    String in(String outbound) {
        return ofOutbound() ? "outbound." + outbound + suffix() : name;
    }

    /** Returns the environment variable that sets a key: upper case, dots and dashes as underscores. */
    static String environmentName(String fullKey) {
        return fullKey.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
