package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.gzip;
import static dev.pearlroutes.routes.Given.rings;
import static dev.pearlroutes.sandbox.Faults.externalId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSourceTest {
    private static final String REFUSED = "{\"title\":\"Bad\",\"errors\":{\"callData\":[\"too much, really\"]}}";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    private String leadId(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** The same three leads in every format: ids {@code <key>-1} to {@code <key>-3}, the second with a quoted line break. */
    @Test
    void readsEveryFormat() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String head = "externalId,phoneNumber,firstName,note\n";
        String body =
                "K-1,+12125550101,Zoë,plain\nK-2,+12125550102,李,\"two\nlines, \"\"quoted\"\"\"\nK-3,+12125550103,😀,\n";
        files.put("comma.csv", (head + body).getBytes(UTF_8));
        files.put("semicolon.csv", (head + body).replace(",", ";").getBytes(UTF_8));
        files.put("tab.csv", (head + body).replace(",", "\t").getBytes(UTF_8));
        files.put("bom.csv", ("\ufeff" + head + body).getBytes(UTF_8));
        files.put("crlf.csv", (head + body).replace("\n", "\r\n").getBytes(UTF_8));
        String one = "{\"externalId\":\"K-1\",\"phoneNumber\":\"+12125550101\",\"callData\":{\"firstName\":\"Zoë\"}}";
        String two =
                "{\"externalId\":\"K-2\",\"phoneNumber\":\"+12125550102\",\"callData\":{\"firstName\":\"李\",\"note\":\"two\\nlines\"}}";
        String three = "{\"externalId\":\"K-3\",\"phoneNumber\":\"+12125550103\",\"firstName\":\"😀\",\"note\":null}";
        files.put("array.json", ("[" + one + ",\n" + two + "," + three + "]").getBytes(UTF_8));
        files.put("objects.json", (one + "\n" + two + "\n" + three).getBytes(UTF_8));
        files.put("lines.jsonl", (one + "\n" + two + "\n\n" + three + "\n").getBytes(UTF_8));
        Map<String, byte[]> dropped = new LinkedHashMap<>();
        files.forEach((name, content) -> {
            String key = name.substring(0, name.indexOf('.'));
            dropped.put(
                    name, new String(content, UTF_8).replace("K-", key + "-").getBytes(UTF_8));
            dropped.put(
                    name + ".gz",
                    gzip(new String(content, UTF_8).replace("K-", key + "gz-").getBytes(UTF_8)));
        });
        dropped.put("single.json", one.replace("K-", "single-").getBytes(UTF_8));
        try (Bundle bundle = Bundle.start(home, api)) {
            dropped.forEach(bundle::drop);
            dropped.forEach((name, content) -> {
                int rows = name.startsWith("single") ? 1 : 3;
                assertReceipt(bundle.receipt(name), "read=" + rows + " accepted=" + rows);
                assertThat(bundle.done(name)).hasBinaryContent(content);
                assertThat(bundle.done(name + ".accepted." + (name.contains("csv") ? "csv" : "jsonl")))
                        .exists();
            });
            assertThat(api.ringsByExternalId()).hasSize(files.size() * 6 + 1);
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
            assertThat(api.leads("ob-1"))
                    .filteredOn(lead -> lead.externalId().endsWith("-1"))
                    .allMatch(lead -> lead.callData().get("firstName").equals("Zoë"));
            assertThat(api.leads("ob-1"))
                    .filteredOn(lead -> lead.externalId().endsWith("-3"))
                    .allMatch(lead -> lead.callData().equals(Map.of("firstName", "😀")));
        }
    }

    @Test
    void readsTheCharsetAndTheMappingOfTheOutbound() throws IOException {
        Path mapping = home.resolve("mapping.properties");
        Files.writeString(
                mapping, "Kunde = externalId\nTelefon = phoneNumber\nVorname = callData.firstName\nIntern =\n");
        try (Bundle bundle = Bundle.start(
                home,
                api,
                "outbound.acme.charset=windows-1252",
                "outbound.acme.default-region=DE",
                "outbound.acme.mapping=" + mapping)) {
            bundle.drop(
                    "k.csv",
                    "Kunde;Telefon;Vorname;Intern\nk-1;030 23125 563;Jörg €;geheim\n"
                            .getBytes(Charset.forName("windows-1252")));
            assertReceipt(bundle.receipt("k.csv"), "read=1 accepted=1");
            JsonNode sent = api.received(Operation.ADD_LEAD).get(0).json();
            assertThat(sent)
                    .isEqualTo(
                            Given.json(
                                    "{\"phoneNumber\":\"+493023125563\",\"externalId\":\"k-1\",\"callData\":{\"firstName\":\"Jörg €\"}}"));
            assertThat(text(bundle.done("k.csv.accepted.csv")))
                    .isEqualTo("Kunde;Telefon;Vorname;Intern;leadId\nk-1;030 23125 563;Jörg €;geheim;" + leadId("k-1")
                            + "\n");
        }
    }

    @Test
    void resultFilesHaveTheColumnsAndTheOrderOfTheFileWithOursBehind() {
        api.faults().always(Operation.ADD_LEAD, externalId("c-3"), Fault.status(400, REFUSED));
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", """
                    note;phoneNumber;externalId
                    "a; ""b""
                    c";+12125550101;c-1
                    second;;c-2
                    third;+12125550103;c-3
                    fourth;+12125550101;c-1
                    fifth;call the office;c-5
                    """);
            assertReceipt(bundle.receipt("l.csv"), "read=5 accepted=1 duplicate=1 rejected=3");
            assertThat(text(bundle.done("l.csv.accepted.csv")))
                    .isEqualTo("note;phoneNumber;externalId;leadId\n\"a; \"\"b\"\"\nc\";+12125550101;c-1;"
                            + leadId("c-1") + "\n");
            assertThat(text(bundle.done("l.csv.rejected.csv")).lines())
                    .hasSize(4)
                    .satisfiesExactly(
                            header -> assertThat(header).isEqualTo("note;phoneNumber;externalId;_line;_reason"),
                            row -> assertThat(row).isEqualTo("second;;c-2;4;phoneNumber is missing"),
                            row -> assertThat(row).isEqualTo("third;+12125550103;c-3;5;400 callData: too much, really"),
                            row -> assertThat(row).startsWith("fifth;call the office;c-5;7;"));
            assertThat(text(bundle.done("l.csv.skipped.csv")))
                    .startsWith("note;phoneNumber;externalId;_line;_reason\nfourth;+12125550101;c-1;6;");
            assertThat(bundle.done("l.csv.unknown.csv")).doesNotExist();
        }
    }

    @Test
    void theResultsOfJsonAreJsonLines() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.json", """
                    [{"phoneNumber":"+12125550101","externalId":"j-1","callData":{"vip":true}},
                     {"externalId":"j-2"},
                     {"phoneNumber":"+12125550101","externalId":"j-1","callData":{"vip":true}},
                     17]
                    """);
            assertReceipt(bundle.receipt("l.json"), "read=4 accepted=1 duplicate=1 rejected=2");
            assertThat(text(bundle.done("l.json.accepted.jsonl")))
                    .isEqualTo(
                            "{\"phoneNumber\":\"+12125550101\",\"externalId\":\"j-1\",\"callData\":{\"vip\":true},\"leadId\":\""
                                    + leadId("j-1") + "\"}\n");
            assertThat(text(bundle.done("l.json.rejected.jsonl")).lines().map(Given::json))
                    .hasSize(2)
                    .allMatch(row ->
                            row.path("_line").isInt() && row.path("_reason").isTextual());
            assertThat(text(bundle.done("l.json.skipped.jsonl"))).contains("\"_reason\":\"same lead as line 1\"");
        }
    }

    @Test
    void aRejectedFileIsDroppedAgainAsItIsOnceItIsMended() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", "externalId,phoneNumber,city\nm-1,nothing,Köln\nm-2,+12125550102,Ulm\nm-3,,Bonn\n");
            assertReceipt(bundle.receipt("l.csv"), "read=3 accepted=1 rejected=2");
            bundle.drop("fixed.csv", text(bundle.done("l.csv.rejected.csv")).replace("nothing", "+12125550101"));
            assertReceipt(bundle.receipt("fixed.csv"), "read=2 accepted=1 rejected=1");
            assertThat(api.leads("ob-1"))
                    .filteredOn(lead -> lead.externalId().equals("m-1"))
                    .singleElement()
                    .satisfies(lead -> assertThat(lead.callData()).isEqualTo(Map.of("city", "Köln")));
            assertThat(text(bundle.done("fixed.csv.rejected.csv")))
                    .isEqualTo("externalId,phoneNumber,city,_line,_reason\nm-3,,Bonn,3,phoneNumber is missing\n");
        }
    }

    @Test
    void aHeaderWithoutRowsIsAReceiptOfNothing() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", "externalId,phoneNumber\n");
            bundle.drop("l.json", "[]");
            assertReceipt(bundle.receipt("l.csv"), "read=0");
            assertReceipt(bundle.receipt("l.json"), "read=0");
            assertThat(api.requests(Operation.ADD_LEAD)).isZero();
        }
    }

    @Test
    void aSmallFileNeedNotWaitForAHugeOne() {
        api.faults()
                .always(
                        Operation.ADD_LEAD,
                        request -> request.externalId().startsWith("huge"),
                        Fault.delay(Duration.ofMillis(100)));
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=4")) {
            bundle.drop("huge.csv", csv("huge", 200));
            await().until(() -> api.requests(Operation.ADD_LEAD) > 0);
            bundle.drop("small.csv", csv("small", 3));
            assertReceipt(bundle.receipt("small.csv"), "read=3 accepted=3");
            assertThat(bundle.done("huge.csv.receipt.json")).doesNotExist();
            assertReceipt(bundle.receipt("huge.csv"), "read=200 accepted=200");
            assertThat(api.maxConcurrentRequests()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void everyOutcomeIsAnEventInTheFileSinkOnce() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("e", 300) + "e-1," + Given.number(1) + "\nx,none\n");
            assertReceipt(bundle.receipt("l.csv"), "read=302 accepted=300 duplicate=1 rejected=1");
            await().until(() -> bundle.events("leads").size() >= 303);
            assertThat(bundle.events("leads"))
                    .extracting(event -> event.path("id").asText())
                    .doesNotHaveDuplicates();
            assertThat(bundle.events("leads"))
                    .filteredOn(event -> event.path("type").asText().equals("ai.nlpearl.lead.accepted"))
                    .hasSize(300)
                    .allMatch(event -> event.at("/data/leadId").isTextual());
            assertThat(api.ringsByExternalId()).isEqualTo(rings("e", 300));
        }
    }

    @Test
    void aColumnLeadIdOfTheSourcesOwnIsCallDataAndStaysItsOwn() {
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("own.csv", "externalId,phoneNumber,leadId\nc-1,+12125550101,CRM-77\n");
            assertReceipt(bundle.receipt("own.csv"), "read=1 accepted=1");
            assertThat(api.leads("ob-1").get(0).callData()).containsEntry("leadId", "CRM-77");
            assertThat(text(bundle.done("own.csv.accepted.csv")))
                    .isEqualTo(
                            "externalId,phoneNumber,leadId,_leadId\nc-1,+12125550101,CRM-77," + leadId("c-1") + "\n");
        }
    }
}
