package dev.pearlroutes.http;

import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.rows.RowReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The body of a request with rows: unpacked, in UTF-8 where it is text, and of the format that its Content-Type says. */
final class RequestBody {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";\\s]+)\"?");
    private static final Map<String, Format> FORMATS = Map.of(
            "application/json",
            Format.JSON,
            "application/x-ndjson",
            Format.JSON,
            "text/csv",
            Format.CSV,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format.WORKBOOK);

    private RequestBody() {}

    private enum Format {
        JSON,
        CSV,
        WORKBOOK
    }

    /**
     * Reads a body.
     *
     * @param contentType null when the request has none
     * @param contentEncoding null when it has none
     * @throws ProblemException when it is not of a format that is read
     */
    static byte[] read(byte[] body, String contentType, String contentEncoding) {
        Format format = format(contentType);
        byte[] unpacked = unpacked(body, contentEncoding);
        if (unpacked.length == 0) {
            throw new ProblemException(400, "No body", "send the leads as " + String.join(", ", FORMATS.keySet()));
        }
        byte[] bytes = format == Format.WORKBOOK ? unpacked : inUtf8(unpacked, contentType);
        if (format != formatOf(bytes)) {
            throw new ProblemException(
                    415,
                    "Another format",
                    "the Content-Type says " + format.name().toLowerCase(Locale.ROOT) + ", the body is read as "
                            + formatOf(bytes).name().toLowerCase(Locale.ROOT));
        }
        return bytes;
    }

    private static Format format(String contentType) {
        Format format = contentType == null
                ? null
                : FORMATS.get(contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT));
        if (format == null) {
            throw new ProblemException(
                    415,
                    "Content-Type is not read",
                    "send one of "
                            + FORMATS.keySet().stream()
                                    .sorted()
                                    .reduce((a, b) -> a + ", " + b)
                                    .orElseThrow());
        }
        return format;
    }

    private static Format formatOf(byte[] body) {
        if (RowReader.isWorkbook(body)) {
            return Format.WORKBOOK;
        }
        return RowReader.isJson(body) ? Format.JSON : Format.CSV;
    }

    private static byte[] unpacked(byte[] body, String contentEncoding) {
        if (contentEncoding == null || contentEncoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!contentEncoding.equalsIgnoreCase("gzip")) {
            throw new ProblemException(415, "Content-Encoding is not read", "send gzip, or none");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] unpacked = in.readNBytes(MessageIntake.MAX_BODY + 1);
            if (unpacked.length > MessageIntake.MAX_BODY) {
                throw new ProblemException(
                        413,
                        "Too large",
                        "unpacked it has more than " + MessageIntake.MAX_BODY + " bytes: send it in parts");
            }
            return unpacked;
        } catch (IOException e) {
            throw new ProblemException(400, "Body is not whole", "it cannot be unpacked by gzip");
        }
    }

    private static byte[] inUtf8(byte[] body, String contentType) {
        Matcher given = CHARSET.matcher(contentType);
        if (!given.find()) {
            return body;
        }
        try {
            Charset charset = Charset.forName(given.group(1));
            if (charset.equals(StandardCharsets.UTF_8)) {
                return body;
            }
            CharBuffer text = charset.newDecoder().decode(ByteBuffer.wrap(body));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(415, "Charset is not known", "send UTF-8");
        } catch (CharacterCodingException e) {
            throw new ProblemException(400, "Body is not text of its charset", "send UTF-8");
        }
    }
}
