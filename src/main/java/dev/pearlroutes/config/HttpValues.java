package dev.pearlroutes.config;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Parsers from texts to the settings of the HTTP server; see {@link ValueParsers}. */
final class HttpValues {
    /** The name or address of a machine. */
    static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}");

    private static final int FEWEST_CHARACTERS = 16;

    private HttpValues() {}

    static String host(String text) {
        if (!HOST.matcher(text).matches()) {
            throw new IllegalArgumentException("write an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::");
        }
        return text;
    }

    static Set<String> hosts(String text) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String name : ValueParsers.list(text)) {
            if (!HOST.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "write names without scheme and port, with commas between them, such as pearl.example.org");
            }
            hosts.add(name.toLowerCase(Locale.ROOT));
        }
        return hosts;
    }

    /** Parses a password or token that can be sent in a header and not be guessed. */
    static Secret credential(String text) {
        if (text.length() < FEWEST_CHARACTERS || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("write at least " + FEWEST_CHARACTERS
                    + " letters, digits and signs of ASCII without blanks, such as openssl rand -base64 24 prints");
        }
        return new Secret(text);
    }
}
