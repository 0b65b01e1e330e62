package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health fits on a screen, says first what is wrong, and is what probes and alarms have always read. */
class HealthAnswerTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private HttpClientOfTest client;

    @BeforeEach
    void start() {
        bundle = Bundle.start(home, api, "nlpearl.account-check=1s");
        client = bundle.http();
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    @Test
    void whileAllIsWellItIsALineACheck() {
        HttpResponse<String> answer = client.get("/observe/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body()).hasSizeLessThan(600);
        assertThat(answer.body().lines())
                .contains("{\"name\":\"routes\",\"status\":\"UP\"},")
                .hasSize(2 + names(answer).size());
        assertThat(names(answer)).contains("context", "extension-routes", "lines", "routes", "sinks", "stops");
        assertThat(HttpClientOfTest.json(answer).path("status").asText()).isEqualTo("UP");
        await().until(() -> client.get("/observe/health?data=true").body().contains("\"account credit\":1000,"));
    }

    @Test
    void whatIsWrongComesFirstAndIsGrepped() {
        api.token("another");
        bundle.drop("l.csv", "externalId,phoneNumber\ncrm-1,+13055550101\n");
        await().until(() -> client.get("/observe/health").statusCode() == 503);

        HttpResponse<String> answer = client.get("/observe/health");

        JsonNode first = HttpClientOfTest.json(answer).at("/checks/0");
        assertThat(first.path("name").asText()).isEqualTo("lines");
        assertThat(first.path("status").asText()).isEqualTo("DOWN");
        assertThat(answer.body()).containsPattern("\"message\":\"[^\"]*nlpearl\\.token");
        assertThat(client.get("/observe/health/ready").statusCode()).isEqualTo(503);
        HttpResponse<String> live = client.get("/observe/health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(names(live)).containsExactly("context");
    }

    @Test
    void routesThatDoNotRunAreNamedTogetherAndTheAnswerIsJsonWhateverItQuotes() throws Exception {
        bundle.camel().getRouteController().stopRoute("search-calls-acme");
        bundle.camel().getRouteController().stopRoute("mark-ledger");

        HttpResponse<String> answer = client.get("/observe/health?data=true");

        assertThat(answer.statusCode()).isEqualTo(503);
        JsonNode first = HttpClientOfTest.json(answer).at("/checks/0");
        assertThat(first.path("message").asText())
                .contains("routes do not run: mark-ledger, search-calls-acme. Look for the first ERROR line");
        assertThat(first.at("/data/not running").asInt()).isEqualTo(2);
    }

    @Test
    void nothingElseIsBelowItAndNoConsoleIsServed() {
        assertThat(client.get("/observe/health/nothing").statusCode()).isEqualTo(404);
        assertThat(client.get("/q/dev").statusCode()).isEqualTo(404);
        assertThat(client.get("/observe/dev").statusCode()).isEqualTo(404);
    }

    private static List<String> names(HttpResponse<String> answer) {
        return HttpClientOfTest.json(answer).path("checks").findValuesAsText("name");
    }
}
