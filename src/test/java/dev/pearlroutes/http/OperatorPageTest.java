package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the operator's page, and what the API tells for it alone; the page itself is tried by the tests in a browser. */
class OperatorPageTest {
    private static final String PASSWORD = "correct-horse-battery";
    private static final String[] RIGHT = {
        "Authorization", "Basic b3BlcmF0b3I6Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5" // operator:correct-horse-battery
    };

    @TempDir
    static Path home;

    private static Sandbox api;
    private static Bundle bundle;

    @BeforeAll
    static void start() {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api, "http.password=" + PASSWORD);
    }

    @AfterAll
    static void stop() {
        bundle.close();
        api.close();
    }

    private static HttpResponse<String> get(String path) {
        return bundle.http().get(path, RIGHT);
    }

    /** The page and all that it names by address. */
    private static List<String> files() {
        List<String> named = Pattern.compile("/page/[a-z.]+")
                .matcher(get("/").body())
                .results()
                .map(match -> match.group())
                .toList();
        List<String> imported = List.of("api.js", "charts.js", "dom.js", "parts.js", "story.js", "upload.js").stream()
                .map(name -> "/page/" + name)
                .toList();
        return Stream.of(List.of("/"), named, imported)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    @Test
    void eachFileHasAPolicyThatLetsInNothingFromElsewhere() {
        for (String file : files()) {
            HttpResponse<String> answer = get(file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .as(file)
                    .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                            + " connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(answer.body())
                    .as(file)
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
                    .doesNotContainPattern(" style=\"| on[a-z]+=\"|<script>|<style>")
                    .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
        }
    }

    @Test
    void anUnchangedFileIsNotSentAgain() {
        String tag = get("/page/page.js").headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = bundle.http().get("/page/page.js", "If-None-Match", tag, RIGHT[0], RIGHT[1]);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/page/page.js").headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @Test
    void thePageIsForThoseWhomTheDoorLetsIn() {
        for (String file : files()) {
            assertThat(bundle.http().get(file).statusCode()).as(file).isEqualTo(401);
        }
        assertThat(get("/page/other.js").statusCode()).isEqualTo(404);
        assertThat(get("/page/../application.properties").statusCode()).isEqualTo(404);
        assertThat(get("/page/").statusCode()).isEqualTo(404);
        assertThat(bundle.http().post("/", "", RIGHT).statusCode()).isEqualTo(404);
    }

    @Test
    void sourcesHaveTheirReceiptsAndFilesWhereTheyAreAskedFor() {
        bundle.drop("page.csv", "externalId,phoneNumber\npage-1,+12125550101\npage-2,none\n");
        bundle.receipt("page.csv");
        bundle.drop("cut.json", "[{\"phoneNumber\":\"+12125550101\"");
        bundle.failure("cut.json");
        HttpResponse<String> sent = bundle.http()
                .post(
                        "/api/outbounds/acme/leads",
                        "{\"externalId\":\"page-3\",\"phoneNumber\":\"+12125550103\"}",
                        "Content-Type",
                        "application/json",
                        "Prefer",
                        "wait=30",
                        RIGHT[0],
                        RIGHT[1]);
        assertThat(sent.statusCode()).isEqualTo(200);

        JsonNode sources =
                HttpClientOfTest.json(get("/api/sources?receipts=true&limit=3")).path("sources");

        assertThat(sources.path(0).path("request").asText()).isNotEmpty();
        assertThat(sources.path(0).path("receipt").path("accepted").asInt()).isEqualTo(1);
        assertThat(sources.path(0).path("receipt").has("leads")).isFalse();
        assertThat(sources.path(0).path("files")).isEmpty();
        assertThat(sources.path(1).path("reason").asText()).isNotEmpty();
        assertThat(sources.path(1).path("files").findValuesAsText("file")).containsExactly("original", "reason.txt");
        assertThat(sources.path(2).path("receipt").path("rejected").asInt()).isEqualTo(1);
        assertThat(sources.path(2).path("files").findValuesAsText("href"))
                .contains("/api/sources/" + sources.path(2).path("id").asText() + "/files/outcomes.csv");
        assertThat(HttpClientOfTest.json(get("/api/sources"))
                        .path("sources")
                        .path(0)
                        .has("receipt"))
                .isFalse();
        assertThat(get("/api/sources?receipts=yes").statusCode()).isEqualTo(400);
    }
}
