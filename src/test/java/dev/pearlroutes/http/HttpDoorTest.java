package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may enter, and what comes back to those who may not. */
class HttpDoorTest {
    private static final String PASSWORD = "correct-horse-battery";
    private static final String TOKEN = "token-of-a-program-1";

    @TempDir
    Path home;

    private Sandbox api;
    private Bundle bundle;

    @BeforeEach
    void startApi() {
        api = Bundle.sandbox().start();
    }

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private HttpClientOfTest start(String... settings) {
        bundle = Bundle.start(home, api, settings);
        return bundle.http();
    }

    @Test
    void whoComesFromThisMachineNeedsNoPasswordAsShipped() {
        HttpClientOfTest client = start();

        assertThat(client.get("/observe/health").body()).contains("\"checks\"");
        assertThat(client.get("/observe/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsAProblemWithHeadersOfAStrictPage() {
        HttpResponse<String> answer = start().get("/api/nothing", "X-Secret-Of-Client", "echo");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.body()).contains("Nothing there");
    }

    /** A client takes 404 and 415 for final. */
    @Test
    void nothingIsSaidToBeMissingWhileTheProgramStartsOrStops() {
        HttpClientOfTest client = start();
        bundle.camel().suspend();

        HttpResponse<String> answer = client.get("/api/nothing");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        bundle.camel().resume();
        assertThat(client.get("/api/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void passwordAndTokenOpenTheDoorAndNothingElseDoes() {
        HttpClientOfTest client = start("http.password=" + PASSWORD, "http.token=" + TOKEN);

        HttpResponse<String> without = client.get("/observe/metrics");
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().allValues("WWW-Authenticate"))
                .containsExactly("Basic realm=\"pearl-routes\", charset=\"UTF-8\"", "Bearer realm=\"pearl-routes\"");
        assertThat(client.get("/observe/metrics", "Authorization", basic("operator", PASSWORD))
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get("/observe/metrics", "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get("/observe/metrics", "Authorization", basic("admin", PASSWORD))
                        .statusCode())
                .isEqualTo(401);
        assertThat(client.get("/observe/metrics", "Authorization", "Bearer " + PASSWORD)
                        .statusCode())
                .isEqualTo(401);
        assertThat(client.get("/observe/metrics", "Authorization", "Basic %%%").statusCode())
                .isEqualTo(401);
    }

    @Test
    void healthNeedsNoPasswordAndNamesNothingThen() {
        HttpClientOfTest client = start("http.password=" + PASSWORD);

        HttpResponse<String> answer = client.get("/observe/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(client.get("/observe/health", "Authorization", basic("operator", PASSWORD))
                        .body())
                .contains("\"checks\"");
    }

    @Test
    void anAddressThatGuessesIsNotHeardForAWhile() {
        HttpClientOfTest client = start("http.token=" + TOKEN);
        for (int i = 0; i < 10; i++) {
            assertThat(client.get("/observe/metrics", "Authorization", "Bearer guess-" + i)
                            .statusCode())
                    .isEqualTo(401);
        }

        HttpResponse<String> answer = client.get("/observe/metrics", "Authorization", "Bearer " + TOKEN);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
        assertThat(client.get("/observe/health").statusCode()).isEqualTo(200);
    }

    @Test
    void foreignHostsAndPagesAreRefused() throws IOException {
        HttpClientOfTest client = start("http.allowed-hosts=pearl.example.org");

        assertThat(raw("GET /observe/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /observe/metrics HTTP/1.1\r\nHost: Pearl.example.org\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /observe/health HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(client.get("/observe/metrics", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.get("/observe/metrics", "Origin", "null").statusCode())
                .isEqualTo(403);
        assertThat(client.get("/observe/metrics", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.get("/observe/metrics", "Sec-Fetch-Site", "same-site").statusCode())
                .isEqualTo(403);
        assertThat(client.get("/observe/metrics", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
                        .statusCode())
                .isEqualTo(200);
        assertThat(raw("GET /observe/metrics HTTP/1.1\r\nHost: pearl.example.org\r\nOrigin: https://pearl.example.org"
                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void bodiesAreBoundedBeforeTheyAreRead() throws IOException {
        start();

        String tooLarge =
                raw("POST /api/outbounds/acme/leads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554433\r\n\r\n");
        assertThat(tooLarge).startsWith("HTTP/1.1 413").contains("at most 33554432 bytes");
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request as it is, and returns the answer. */
    private String raw(String request) throws IOException {
        try (RawHttp raw = new RawHttp(bundle.http().server())) {
            return raw.write(request).answer();
        }
    }
}
