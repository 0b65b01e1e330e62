package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of hostile requests in the page on security: each is sent, and what comes back is what the table says. */
class HostileRequestsTest {
    private static final String TOKEN = "token-of-a-program-1";
    private static final String SECRET = "kT3-9_xYq0LmVb7Rz2Wd";
    private static final String HOST = "Host: localhost\r\n";
    private static final String KNOWN = HOST + "Authorization: Bearer " + TOKEN + "\r\n";
    private static final String PLATFORM = "Host: your.host\r\nX-Api-Key: " + SECRET + "\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String LEADS = "/api/outbounds/acme/leads";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+) \\| (?:closed|([0-9]{3})(?: (.+))?) \\|$");
    private static final Map<String, byte[]> REQUESTS = requests();

    @TempDir
    static Path home;

    private static Sandbox api;
    private static Bundle bundle;

    /** @param status null when the connection is closed without an answer @param title of the problem; null for none */
    private record Row(String request, String status, String title) {
        @Override
        public String toString() {
            return request;
        }
    }

    @BeforeAll
    static void start() {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api, "http.token=" + TOKEN, "outbound.acme.webhook-secret=" + SECRET);
    }

    private static byte[] get(String path, String headers) {
        return bytes("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n");
    }

    private static byte[] post(String path, String headers, String body) {
        return post(path, headers, bytes(body));
    }

    private static byte[] post(String path, String headers, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(
                bytes("POST " + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            byte[] blanks = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(blanks);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] chunks(String path, String headers, int megabytes) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(bytes("POST " + path + " HTTP/1.1\r\n" + headers + "Transfer-Encoding: chunked\r\n\r\n"));
        byte[] chunk = bytes("100000\r\n" + " ".repeat(1 << 20) + "\r\n");
        for (int i = 0; i < megabytes; i++) {
            request.writeBytes(chunk);
        }
        request.writeBytes(bytes("0\r\n\r\n"));
        return request.toByteArray();
    }

    /** The requests by what the table says of them. */
    private static Map<String, byte[]> requests() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        String lead = "{\"phoneNumber\":\"+12025550101\"}";
        all.put("to a foreign `Host`", get("/api/status", KNOWN.replace("localhost", "evil.example")));
        all.put("without a `Host`", get("/api/status", KNOWN.replace(HOST, "")));
        all.put(
                "to a foreign absolute address",
                get("http://evil.example/api/status", KNOWN.replace("localhost", "evil.example")));
        all.put(
                "by a page of another site (`Origin`)",
                post(LEADS, KNOWN + JSON + "Origin: https://evil.example\r\n", lead));
        all.put("by a page of no site (`Origin: null`)", post(LEADS, KNOWN + JSON + "Origin: null\r\n", lead));
        all.put(
                "by another site (`Sec-Fetch-Site`)",
                post(LEADS, KNOWN + JSON + "Sec-Fetch-Site: cross-site\r\n", lead));
        all.put("without a password or token", post(LEADS, HOST + JSON, lead));
        all.put("with a wrong token", post(LEADS, HOST + JSON + "Authorization: Bearer guess\r\n", lead));
        all.put("a webhook with a wrong credential", post("/webhooks/acme/calls", HOST + "X-Api-Key: guess\r\n", "{}"));
        all.put("a webhook for an outbound that there is not", post("/webhooks/other/calls", PLATFORM, "{}"));
        all.put("around the door by `/webhooks/../`", get("/webhooks/../api/status", HOST));
        all.put("around the door by `/webhooks/%2e%2e/`", get("/webhooks/%2e%2e/api/status", HOST));
        all.put("around the door by `/observe/health/../`", get("/observe/health/../metrics", HOST));
        all.put("around the door by `/webhooks/..%2f`", get("/webhooks/..%2fapi/status", HOST));
        all.put("around the door by `/webhooks/..;/`", get("/webhooks/..;/api/status", HOST));
        all.put("around the door by `//`", get("//api//status", HOST));
        all.put("around the door by upper case", get("/API/status", HOST));
        all.put("a form", post(LEADS, KNOWN + "Content-Type: application/x-www-form-urlencoded\r\n", "name=acme"));
        all.put("a form with files", post(LEADS, KNOWN + "Content-Type: multipart/form-data; boundary=x\r\n", "--x--"));
        all.put("a body of no type", post(LEADS, KNOWN, lead));
        all.put("a body of another type than it says", post(LEADS, KNOWN + "Content-Type: text/csv\r\n", lead));
        all.put(
                "a charset that there is not",
                post(LEADS, KNOWN + "Content-Type: text/csv; charset=../../x\r\n", "a\nb\n"));
        all.put("an encoding that is not read", post(LEADS, KNOWN + JSON + "Content-Encoding: br\r\n", lead));
        all.put(
                "two encodings",
                post(LEADS, KNOWN + JSON + "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", lead));
        all.put("JSON that is cut off", post(LEADS, KNOWN + JSON, "[" + lead));
        all.put(
                "JSON with a member twice",
                post(LEADS, KNOWN + JSON, "{\"phoneNumber\":\"+12025550101\",\"phoneNumber\":\"+12025550102\"}"));
        all.put("JSON that is deep", post(LEADS, KNOWN + JSON, "[{\"a\":" + "[".repeat(100_000)));
        all.put(
                "JSON with a number of many digits",
                post(LEADS, KNOWN + JSON, "[{\"phoneNumber\":" + "9".repeat(1_000_000) + "}]"));
        all.put("JSON with a number of a large exponent", post(LEADS, KNOWN + JSON, "[{\"phoneNumber\":1e999999999}]"));
        all.put(
                "text that is not UTF-8",
                post(
                        LEADS,
                        KNOWN + "Content-Type: text/csv; charset=utf-8\r\n",
                        "phoneNumber,firstName\n+12025550101,Zo\u00eb\n"));
        all.put(
                "JSON that is not UTF-8",
                post(LEADS, KNOWN + JSON, "[{\"phoneNumber\":\"+12025550101\",\"firstName\":\"Zo\u00eb\"}]"));
        all.put("a search with JSON that is deep", post("/api/leads/search", KNOWN + JSON, "[".repeat(100_000)));
        all.put(
                "a search with JSON that is no UTF-8",
                post("/api/leads/search", KNOWN + JSON, "{\"externalId\":\"\u00eb\"}"));
        all.put("a webhook with JSON that is deep", post("/webhooks/acme/calls", PLATFORM, "{\"a\":".repeat(100_000)));
        all.put("a webhook that is no JSON", post("/webhooks/acme/calls", PLATFORM, "id=call-1"));
        all.put("gzip that unpacks to 64 MiB", post(LEADS, KNOWN + JSON + "Content-Encoding: gzip\r\n", bomb()));
        all.put(
                "gzip that is cut off",
                post(LEADS, KNOWN + JSON + "Content-Encoding: gzip\r\n", Arrays.copyOf(bomb(), 1_000)));
        all.put("a body above 32 MiB by its length", get(LEADS, KNOWN + JSON + "Content-Length: 33554433\r\n"));
        all.put("a body above 32 MiB in chunks", chunks(LEADS, KNOWN + JSON, 33));
        all.put(
                "a webhook above 2 MiB by its length",
                bytes("POST /webhooks/acme/calls HTTP/1.1\r\n" + PLATFORM + "Content-Length: 2097153\r\n\r\n"));
        all.put("a webhook above 2 MiB in chunks", chunks("/webhooks/acme/calls", PLATFORM, 3));
        all.put("a path out of the folder", get("/api/sources/1/files/..%2f..%2fledger.sqlite", KNOWN));
        all.put("a path to a file of the machine", get("/api/sources/1/files/%2Fetc%2Fpasswd", KNOWN));
        all.put("a path with a zero", get("/api/sources/1/files/original%00", KNOWN));
        all.put("SQL in a filter", get("/api/sources?after=1%27%20OR%201=1", KNOWN));
        all.put("a filter twice", get("/api/sources?limit=1&limit=2", KNOWN));
        all.put("line breaks in a name", post("/api/outbounds/acme%0d%0aX-Evil:%201/leads", KNOWN + JSON, lead));
        all.put("an outbound in a header", post("/api/outbounds/other/leads", KNOWN + JSON + "name: acme\r\n", lead));
        all.put("an outbound in the query", post("/api/outbounds/other/leads?name=acme", KNOWN + JSON, lead));
        all.put(
                "headers of Camel",
                get("/api/nothing", KNOWN + "CamelHttpPath: /api/status\r\nCamelBeanMethodName: of\r\n"));
        all.put(
                "a key of 256 characters",
                post(LEADS, KNOWN + JSON + "Idempotency-Key: " + "k".repeat(256) + "\r\n", lead));
        all.put("two keys", post(LEADS, KNOWN + JSON + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", lead));
        all.put("a line break in a header", get("/api/status", KNOWN + "X: a\rX-Evil: 1\r\n"));
        all.put("a zero in a header", get("/api/status", KNOWN + "X: a\u0000b\r\n"));
        all.put("headers above 8 KiB", get("/api/status", KNOWN + "X: y\r\n".repeat(10_000)));
        all.put("an address above 4 KiB", get("/api/status?" + "x".repeat(5_000), KNOWN));
        all.put(
                "two lengths",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON
                        + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}    "));
        all.put(
                "a length below zero",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON + "Content-Length: -1\r\n\r\n"));
        all.put(
                "a length with a sign",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON + "Content-Length: +2\r\n\r\n{}"));
        all.put(
                "a blank behind the name of a header",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON + "Content-Length : 2\r\n\r\n{}"));
        all.put(
                "chunks and a length",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON
                        + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
        all.put(
                "a transfer encoding that is not read",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON
                        + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
        all.put(
                "two transfer encodings",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON
                        + "Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
        all.put(
                "a chunk with a wrong length",
                bytes("POST " + LEADS + " HTTP/1.1\r\n" + KNOWN + JSON
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"));
        all.put("what is no HTTP", bytes("\u0016\u0003\u0001 hello\r\n\r\n"));
        all.put("HTTP/2", bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        all.put("HTTP/0.9", bytes("GET /api/status\r\n\r\n"));
        all.put("`TRACE`", bytes("TRACE /api/status HTTP/1.1\r\n" + KNOWN + "\r\n"));
        all.put("`CONNECT`", bytes("CONNECT evil.example:443 HTTP/1.1\r\n" + KNOWN + "\r\n"));
        all.put(
                "`OPTIONS` of a foreign page",
                bytes("OPTIONS " + LEADS + " HTTP/1.1\r\n" + KNOWN
                        + "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"));
        all.put("another method", bytes("DELETE " + LEADS + " HTTP/1.1\r\n" + KNOWN + "\r\n"));
        return all;
    }

    private static List<Row> table() throws IOException {
        String page = Files.readString(Path.of("src/docs/security.md"));
        int from = page.indexOf("## Hostile requests");
        return ROW.matcher(page.substring(from, page.indexOf("## Recommended", from)))
                .results()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("table")
    void isAnsweredAsThePageSays(Row row) throws IOException {
        byte[] request = REQUESTS.get(row.request());
        assertThat(request).as("a request for each row of the page").isNotNull();
        try (RawHttp raw = new RawHttp(bundle.http().server())) {
            String answer = raw.write(request).answer();

            if (row.status() == null) {
                assertThat(answer).isEmpty();
            } else {
                assertThat(answer).matches("(?s)HTTP/... " + row.status() + " .*");
                assertThat(answer).doesNotContain("1202555", "X-Evil", "\tat ", "Exception");
            }
            if (row.title() != null && !row.title().isEmpty()) {
                assertThat(answer).contains("application/problem+json", "\"title\":\"" + row.title() + "\"");
            }
        }
    }

    @Test
    void eachRequestStandsInThePage() throws IOException {
        assertThat(table()).extracting(Row::request).containsExactlyElementsOf(REQUESTS.keySet());
    }

    /** The last of all: what the table has brought in was rejected, row by row. */
    @AfterAll
    static void nobodyIsCalledAndTheServerLives() {
        assertThat(bundle.http().get("/observe/health").statusCode()).isEqualTo(200);
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
        bundle.close();
        api.close();
    }
}
