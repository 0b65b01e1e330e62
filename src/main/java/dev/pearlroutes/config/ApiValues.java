package dev.pearlroutes.config;

import dev.pearlroutes.model.ApiCode;
import dev.pearlroutes.model.CallStatus;
import dev.pearlroutes.model.LeadStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Parsers of values that only the API has; see {@link ValueParsers}. */
final class ApiValues {
    /** The outbound id of the shipped configuration; it exists in the sandbox only. */
    static final String SANDBOX_OUTBOUND_ID = "sandbox-demo";

    private static final List<String> RESULT_FIELDS =
            List.of("from", "to", "duration", "tags", "summary", "transcript", "recording", "collectedData");

    private static final String LOOPBACK = "localhost|\\[::1]|127(\\.[0-9]{1,3}){3}";

    private ApiValues() {}

    static Secret token(String text) {
        // Printable ASCII, as it becomes an HTTP header.
        if (text.matches("[!-9;-~]+:[!-9;-~]+")) {
            return new Secret(text);
        }
        throw new IllegalArgumentException(
                "write accountId:secretKey, two parts joined by one colon, without spaces and the"
                        + " word Bearer; the secret alone is the usual mistake");
    }

    static URI baseUrl(String text) {
        URI url = httpUri(text.replaceFirst("/+$", ""));
        if (url == null || url.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "write an address such as https://api.nlpearl.ai, without user, query or fragment");
        }
        if (crossesTheNetworkInClear(url)) {
            throw new IllegalArgumentException(
                    "write https: over http the token would cross the network in clear, so http is for this machine only"
                            + " (localhost, 127.0.0.1, [::1])");
        }
        return url;
    }

    /** Parses an address with a host and without user and fragment; null when the text is none. */
    static URI httpUri(String text) {
        try {
            URI url = new URI(text);
            boolean fits = url.getScheme() != null
                    && url.getScheme().toLowerCase(Locale.ROOT).matches("https?")
                    && url.getHost() != null
                    && url.getPort() <= 65_535
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
            return fits ? url : null;
        } catch (URISyntaxException e) {
            // Its message repeats the text: neither shown nor kept as a cause.
            return null;
        }
    }

    static boolean crossesTheNetworkInClear(URI url) {
        return url.getScheme().equalsIgnoreCase("http")
                && !url.getHost().toLowerCase(Locale.ROOT).matches(LOOPBACK);
    }

    static String outboundId(String text) {
        if (text.matches("[A-Za-z0-9_-]{1,128}")) {
            return text;
        }
        throw new IllegalArgumentException("write the outbound's id from the platform: letters, digits, - and _");
    }

    /** Parses codes or words of lead statuses; a number that is no known code passes, since the vendor adds codes. */
    static List<Integer> statuses(String text) {
        return codes(text, LeadStatus.values());
    }

    /** Parses codes or words of a call's technical statuses, like {@link #statuses}. */
    static List<Integer> callStatuses(String text) {
        return codes(text, CallStatus.values());
    }

    /** Parses the optional members of a call's event. */
    static Set<String> resultFields(String text) {
        if (text.equalsIgnoreCase("none")) {
            return Set.of();
        }
        Set<String> fields = ValueParsers.set(text);
        if (fields.isEmpty() || !RESULT_FIELDS.containsAll(fields)) {
            throw new IllegalArgumentException("write fields out of " + String.join(", ", RESULT_FIELDS) + ", or none");
        }
        return fields;
    }

    private static List<Integer> codes(String text, ApiCode... known) {
        return ValueParsers.list(text).stream()
                .map(part -> code(part, known))
                .distinct()
                .toList();
    }

    private static int code(String text, ApiCode... known) {
        if (text.matches("[0-9]{1,4}")) {
            return Integer.parseInt(text);
        }
        List<String> words = Stream.of(known).map(ApiCode::apiName).toList();
        return ApiCode.ofName(known, text)
                .orElseThrow(() -> new IllegalArgumentException("write codes or words out of "
                        + String.join(", ", words) + "; the nearest to the unknown one is " + Nearest.of(text, words)))
                .code();
    }
}
