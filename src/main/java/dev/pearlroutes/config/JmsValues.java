package dev.pearlroutes.config;

import java.util.Locale;

/** Parsers of values that only messaging has; see {@link ValueParsers}. */
final class JmsValues {
    private static final String QUEUE = "[A-Za-z0-9._:/-]{1,200}";

    private JmsValues() {}

    static String brokerUrl(String text) {
        if (text.equals(Jms.EMBEDDED) || text.equals(Jms.OFF) || text.matches(Jms.BEAN + "[A-Za-z][A-Za-z0-9]*")) {
            return text;
        }
        if (!text.matches("\\(?tcp://[^\\s]+")) {
            throw new IllegalArgumentException(
                    "write embedded, off, an address such as tcp://broker:61616, or bean: and the"
                            + " name of a ConnectionFactory of camel.beans");
        }
        if (text.contains("@") || text.toLowerCase(Locale.ROOT).contains("password")) {
            throw new IllegalArgumentException(
                    "write no password into the address: those of the broker are jms.username and"
                            + " jms.password, and certificates in PEM files need none");
        }
        return text;
    }

    static String queue(String text) {
        if (text.matches(QUEUE)) {
            return text;
        }
        throw new IllegalArgumentException("write the name of a queue: letters, digits, and . _ : / -");
    }
}
