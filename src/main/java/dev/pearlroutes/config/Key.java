package dev.pearlroutes.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One row of the table of keys.
 *
 * @param name the key as in the file; that of an outbound has {@code <name>} in the outbound's place
 * @param defaultText the value of an absent or empty key; empty when there is none
 * @param parser value from trimmed, non-empty text; throws IllegalArgumentException whose message says how to mend it
 *     and does not repeat the text, since a secret may have been pasted to the wrong key
 * @param meaning what it does and what is allowed, word for word as in the shipped file
 */
record Key<T>(String name, String defaultText, Function<String, T> parser, String meaning) {

    static final String OUTBOUND = "outbound.<name>.";

    boolean ofOutbound() {
        return name.startsWith(OUTBOUND);
    }

    /** What follows the outbound's name, with the dot. */
    String suffix() {
        return name.substring(OUTBOUND.length() - 1);
    }

    /** The full key for an outbound; the name itself for a key that isn't an outbound's. */
    String in(String outbound) {
        return ofOutbound() ? "outbound." + outbound + suffix() : name;
    }

    static String environmentName(String fullKey) {
        return fullKey.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
