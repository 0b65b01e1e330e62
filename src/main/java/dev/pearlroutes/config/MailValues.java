package dev.pearlroutes.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Parsers from texts to the settings of mails; see {@link ValueParsers}. */
final class MailValues {
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}");

    private MailValues() {}

    static String host(String text) {
        if (!HttpValues.HOST.matcher(text).matches()) {
            throw new IllegalArgumentException("write the name of a mail server alone, such as mail.example.com");
        }
        return text;
    }

    static Ops.Tls tls(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "starttls" -> Ops.Tls.STARTTLS;
            case "tls" -> Ops.Tls.TLS;
            case "none" -> Ops.Tls.NONE;
            default -> throw new IllegalArgumentException("write starttls, tls or none");
        };
    }

    static String address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("write an address alone, such as ops@example.com");
        }
        return text;
    }

    static List<String> addresses(String text) {
        List<String> addresses = ValueParsers.list(text);
        addresses.forEach(MailValues::address);
        return addresses;
    }
}
