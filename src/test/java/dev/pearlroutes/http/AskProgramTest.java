package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The questions over HTTP, to a bundle that has sent a file, refused another and read a call. */
class AskProgramTest {
    private static final String LEADS = "externalId,phoneNumber\ncrm-1,+12125550101\ncrm-2,+12125550102\nbad-1,none\n";

    @TempDir
    static Path home;

    private static Sandbox api;
    private static Bundle bundle;

    @BeforeAll
    static void start() throws IOException {
        api = Bundle.sandbox().start();
        bundle = Bundle.start(home, api, "results.keep-events=1d");
        Path suppressed = home.resolve("data/suppress/list.csv");
        Files.writeString(suppressed, "+12125550199\n");
        bundle.drop("l.csv", LEADS);
        bundle.receipt("l.csv");
        bundle.drop("broken.json", "[{\"phoneNumber\":\"+12125550101\"");
        bundle.failure("broken.json");
        bundle.drop("acme/updates", "u.csv", "externalId,status\ncrm-1,Completed\n");
        await().until(() -> bundle.receipts("updates").size() == 1);
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, "+12125550101"),
                call -> call.put("id", "call-1").put("to", "+12125550101"));
        bundle.searchCalls();
        await().until(() -> !bundle.events("calls").isEmpty());
    }

    @AfterAll
    static void stop() {
        bundle.close();
        api.close();
    }

    private static JsonNode get(String path) {
        HttpResponse<String> answer = bundle.http().get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return HttpClientOfTest.json(answer);
    }

    private static void refused(int status, String path) {
        HttpResponse<String> answer = bundle.http().get(path);
        assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    private static long id(String file) {
        return new LedgerFile(home.resolve("data")).number("SELECT id FROM source WHERE name = '" + file + "'");
    }

    @Test
    void theStatusTellsOfEachPartAndNamesNobody() {
        JsonNode status = get("/api/status");

        assertThat(status.path("sandbox").asBoolean()).isFalse();
        assertThat(status.path("health").findValuesAsText("check")).contains("lines", "sinks", "stops");
        JsonNode outbound = status.path("outbounds").path(0);
        assertThat(outbound.path("name").asText()).isEqualTo("acme");
        assertThat(outbound.path("state").asText()).isEqualTo("ready");
        assertThat(outbound.path("nextSearch").asText()).isNotEmpty();
        assertThat(outbound.path("suppression").path("numbers").asInt()).isEqualTo(1);
        assertThat(outbound.path("suppression").path("lists").path(0).asText()).isEqualTo("suppress/list.csv");
        assertThat(status.path("pace").path("perSecond").asDouble()).isPositive();
        assertThat(status.path("sinks").path(0).path("sink").asText()).isEqualTo("file");
        assertThat(status.path("unfinishedFiles").asInt()).isZero();
        assertThat(status.toString()).doesNotContain("212555", "crm-1", "bad-1");
    }

    @Test
    void sourcesAreListedPageByPageTheNewestFirst() {
        JsonNode all = get("/api/sources");
        assertThat(all.path("sources").findValuesAsText("file")).containsExactly("u.csv", "broken.json", "l.csv");
        assertThat(all.has("next")).isFalse();

        JsonNode first = get("/api/sources?limit=2");
        assertThat(first.path("sources").findValuesAsText("file")).containsExactly("u.csv", "broken.json");
        JsonNode second = get("/api/sources?limit=2&after=" + first.path("next").asText());
        assertThat(second.path("sources").findValuesAsText("file")).containsExactly("l.csv");
        assertThat(second.has("next")).isFalse();

        for (List<String> each : List.of(
                List.of("state=failed", "broken.json"),
                List.of("operation=update", "u.csv"),
                List.of("outbound=acme&state=finished&operation=add", "l.csv"),
                List.of("operation=add&from=" + today() + "&to=" + today().plusDays(1) + "&state=finished", "l.csv"))) {
            assertThat(get("/api/sources?" + each.get(0)).path("sources").findValuesAsText("file"))
                    .as(each.get(0))
                    .containsExactly(each.get(1));
        }
        assertThat(get("/api/sources?to=" + today()).path("sources")).isEmpty();
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=201", "limit=x", "state=lost", "operation=call", "from=yesterday", "after=-1"})
    void aFilterThatIsNotUnderstoodIsRefused(String filter) {
        refused(400, "/api/sources?" + filter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sources?outbound=other",
                "sources/0",
                "sources/99",
                "sources/1.5",
                "sources/x",
                "sources/99/files/original",
                "unknown?outbound=other",
                "sinks/http/undelivered",
                "outcomes?outbound=other"
            })
    void whatThereIsNotIsRefused(String path) {
        refused(404, "/api/" + path);
    }

    @Test
    void aSourceHasItsReceiptAndLinksToItsFiles() {
        JsonNode source = get("/api/sources/" + id("l.csv"));

        assertThat(source.path("state").asText()).isEqualTo("finished");
        assertThat(source.path("receipt").path("accepted").asInt()).isEqualTo(2);
        assertThat(source.path("receipt").path("rejected").asInt()).isEqualTo(1);
        assertThat(source.path("files").findValuesAsText("file"))
                .containsExactly("original", "accepted.csv", "rejected.csv", "outcomes.csv", "receipt.json");
        for (JsonNode file : source.path("files")) {
            HttpResponse<String> answer = bundle.http().get(file.path("href").asText());
            assertThat(answer.statusCode()).isEqualTo(200);
            String name = file.path("name").asText();
            assertThat(answer.body()).isEqualTo(Bundle.text(bundle.done(name)));
            assertThat(answer.headers().firstValue("Content-Disposition"))
                    .contains("attachment; filename*=UTF-8''" + name);
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }

        JsonNode failed = get("/api/sources/" + id("broken.json"));
        assertThat(failed.path("state").asText()).isEqualTo("failed");
        assertThat(failed.path("reason").asText()).isNotEmpty();
        assertThat(failed.path("files").findValuesAsText("file")).containsExactly("original", "reason.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "l.csv",
                "unknown.csv",
                "%2e%2e%2f%2e%2e%2fledger.sqlite",
                "..%2Freceipt.json",
                "original%00",
                "%2Fetc%2Fpasswd"
            })
    void noOtherFileIsSent(String file) {
        HttpResponse<String> answer = bundle.http().get("/api/sources/" + id("l.csv") + "/files/" + file);
        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 404);
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path link = bundle.done("l.csv.skipped.csv");
        Files.createSymbolicLink(link, home.resolve("application.properties"));
        try {
            refused(404, "/api/sources/" + id("l.csv") + "/files/skipped.csv");
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void outcomesAreCountedByDay() {
        JsonNode counts = get("/api/outcomes");

        String today = today().toString();
        assertThat(counts.path("rows"))
                .extracting(each ->
                        each.path("day").asText() + " " + each.path("outbound").asText() + " "
                                + each.path("operation").asText() + " "
                                + each.path("outcome").asText() + " "
                                + each.path("count").asInt())
                .containsExactlyInAnyOrder(
                        today + " acme add accepted 2",
                        today + " acme add rejected 1",
                        today + " acme update updated 1");
        assertThat(counts.path("calls").path(0).path("status").path("code").asInt())
                .isPositive();
        assertThat(counts.path("calls").path(0).path("count").asInt()).isEqualTo(1);
        assertThat(counts.path("hours").findValuesAsText("count")).containsExactly("1");
        assertThat(Instant.parse(counts.path("hours").path(0).path("hour").asText()))
                .isBetween(Instant.now().minus(Duration.ofDays(1)), Instant.now());
        assertThat(get("/api/outcomes?from=2020-01-01&to=2020-12-31").path("rows"))
                .isEmpty();
        refused(400, "/api/outcomes?from=2020-01-01&to=2021-01-01");
        refused(400, "/api/outcomes?from=2020-01-02&to=2020-01-01");
    }

    private static HttpResponse<String> search(String body) {
        return bundle.http().post("/api/leads/search", body, "Content-Type", "application/json");
    }

    @Test
    void theStoryOfALeadIsToldByAnyOfItsKeys() {
        String leadId = Bundle.leadWith(api, "+12125550101");
        for (String key : List.of(
                "{\"externalId\":\"crm-1\"}",
                "{\"leadId\":\"" + leadId + "\"}",
                "{\"phoneNumber\":\"(212) 555-0101\"}")) {
            HttpResponse<String> answer = search(key);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode leads = HttpClientOfTest.json(answer).path("leads");
            assertThat(leads).as(key).hasSize(1);
            assertThat(leads.path(0).path("file").asText()).isEqualTo("l.csv");
            assertThat(leads.path(0).path("line").asInt()).isEqualTo(2);
            assertThat(leads.path(0).path("leadId").asText()).isEqualTo(leadId);
            assertThat(leads.path(0).path("state").asText()).isEqualTo("accepted");
            assertThat(leads.path(0).path("events").findValuesAsText("what"))
                    .contains("taken", "sent", "lead.accepted", "lead.updated");
        }
        assertThat(HttpClientOfTest.json(search("{\"externalId\":\"crm-99\"}")).path("leads"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{",
                "\"crm-1\"",
                "{\"externalId\":\"crm-1\",\"leadId\":\"x\"}",
                "{\"externalId\":7}",
                "{\"name\":\"crm-1\"}",
                "{\"phoneNumber\":\"12x34567\"}"
            })
    void aSearchThatIsNotUnderstoodIsRefusedWithoutRepeatingIt(String body) {
        HttpResponse<String> answer = search(body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"detail\"").doesNotContain("crm-1", "12x34567");
    }
}
