package dev.pearlroutes.config;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Parsers of values that only sinks have; see {@link ValueParsers}. */
final class SinkValues {
    static final List<String> AVAILABLE = List.of("file", "jms", "http");

    private static final String SECRET_PREFIX = "whsec_";
    /** Bytes of a secret of Standard Webhooks. */
    private static final int SHORTEST_SECRET = 24;

    private static final int LONGEST_SECRET = 64;

    private static final Pattern WEBHOOK_SECRET = Pattern.compile("[A-Za-z0-9_-]{16,128}");

    private SinkValues() {}

    static List<String> sinks(String text) {
        List<String> sinks = ValueParsers.list(text);
        if (sinks.isEmpty() || !AVAILABLE.containsAll(sinks)) {
            throw new IllegalArgumentException("write sinks of this version only: " + String.join(", ", AVAILABLE));
        }
        return sinks;
    }

    static FileFormat fileFormat(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "jsonl" -> FileFormat.JSONL;
            case "csv" -> FileFormat.CSV;
            default -> throw new IllegalArgumentException("write jsonl or csv");
        };
    }

    static URI url(String text) {
        URI url = ApiValues.httpUri(text);
        if (url == null) {
            throw new IllegalArgumentException(
                    "write an address such as https://crm.example.com/calls, without user and fragment");
        }
        if (ApiValues.crossesTheNetworkInClear(url)) {
            throw new IllegalArgumentException(
                    "write https: over http the results would cross the network in clear, so http is for this machine only"
                            + " (localhost, 127.0.0.1, [::1])");
        }
        return url;
    }

    /** Reads the credential of webhooks, which may be part of an address. */
    static Secret webhookSecret(String text) {
        if (!WEBHOOK_SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "write 16 to 128 random letters, digits, - or _; openssl rand -hex 24 makes such ones");
        }
        return new Secret(text);
    }

    static Secret secret(String text) {
        try {
            int bytes = text.startsWith(SECRET_PREFIX)
                    ? Base64.getDecoder().decode(text.substring(SECRET_PREFIX.length())).length
                    : 0;
            if (bytes >= SHORTEST_SECRET && bytes <= LONGEST_SECRET) {
                return new Secret(text);
            }
        } catch (IllegalArgumentException e) {
            // Its message repeats the text: neither shown nor kept as a cause.
        }
        throw new IllegalArgumentException(
                "write whsec_ and 24 to 64 random bytes in base64, as Standard Webhooks has it; openssl rand -base64 32"
                        + " makes such bytes");
    }
}
