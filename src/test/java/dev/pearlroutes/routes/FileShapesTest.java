package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.gzip;
import static dev.pearlroutes.routes.Given.number;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shapes that spreadsheets, exports and interfaces give to files: read right in every folder, or refused in the right words. */
class FileShapesTest {
    private static final String SINGLE_LINE = "[{\"phoneNumber\":\"+14155800031\",\"externalId\":\"SL-1\"},"
            + "{\"phoneNumber\":\"+1415\",\"externalId\":\"SL-2\"},17,"
            + "{\"phoneNumber\":\"+14155800034\",\"phoneNumber\":\"+14155800035\",\"externalId\":\"SL-4\"},"
            + "{\"externalId\":\"SL-5\"},{\"phoneNumber\":\"+1416\",\"name\":\"no id\"}]";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @BeforeEach
    void start() {
        bundle = Bundle.start(home, api);
    }

    @AfterEach
    void close() {
        bundle.close();
        api.close();
    }

    /** Two leads each, with the ids {@code KEY-1} and {@code KEY-2}. */
    private static Map<String, String> shapes() {
        String json = "[{\"phoneNumber\":\"" + number(1) + "\",\"externalId\":\"KEY-1\",\"name\":\"Ann\"},"
                + "{\"phoneNumber\":\"" + number(2) + "\",\"externalId\":\"KEY-2\"}]";
        String csv =
                "phoneNumber;externalId;name;city\r\n" + number(1) + ";KEY-1;Ann;Rome\r\n" + number(2) + ";KEY-2;;\r\n";
        Map<String, String> shapes = new LinkedHashMap<>();
        shapes.put("sep.csv", "sep=;\r\n" + csv);
        shapes.put("pipe.csv", csv.replace(';', '|'));
        shapes.put("empty.csv", csv + ";;;\r\n;;;\r\n");
        shapes.put("mark.csv", csv + "\u001A");
        shapes.put("short.csv", csv.replace(";;\r\n", "\r\n"));
        shapes.put(
                "formula.csv", csv.replace(number(1), "=\"" + number(1) + "\"").replace("KEY-2", "\"=\"\"KEY-2\"\"\""));
        shapes.put("leads.json", "{\"leads\": " + json + "}");
        shapes.put("data.json", "{\"count\":2,\"data\":" + json.replace("},{", "},\n{") + ",\"next\":null}\n");
        shapes.put("array.jsonl", json);
        shapes.put("lines.json", json.substring(1, json.length() - 1).replace("},{", "}\n{") + "\n");
        return shapes;
    }

    @Test
    void everyShapeIsReadInEveryFolder() {
        Map<String, String> files = new LinkedHashMap<>();
        shapes().forEach((name, text) -> files.put(name, text.replace("KEY", name.replaceAll("\\W", ""))));
        files.forEach(bundle::drop);
        files.forEach((name, text) -> assertReceipt(bundle.receipt(name), "read=2 accepted=2"));
        assertThat(api.ringsByExternalId()).hasSize(files.size() * 2);
        assertThat(api.leads("ob-1"))
                .filteredOn(lead -> lead.externalId().endsWith("-1"))
                .allMatch(lead -> lead.phoneNumber().equals(number(1))
                        && lead.callData().get("name").equals("Ann"));
        assertThat(api.leads("ob-1"))
                .filteredOn(lead -> lead.externalId().endsWith("-2"))
                .allMatch(lead -> lead.callData().isEmpty());

        files.forEach((name, text) -> {
            String again =
                    text.replace(number(1), number(3)).replace("name", "call").replace("Ann", "Ben");
            bundle.drop("updates/" + name, again);
            bundle.drop("lookups/" + name, text);
            bundle.drop("check/" + name + ".gz", gzip(text.getBytes(UTF_8)));
        });
        for (String name : files.keySet()) {
            assertThat(bundle.receipt("updates/" + name).get("updated").asInt())
                    .as(name)
                    .isEqualTo(2);
            assertThat(bundle.receipt("lookups/" + name).get("found").asInt())
                    .as(name)
                    .isEqualTo(2);
            assertThat(bundle.receipt("check/" + name + ".gz").get("duplicate").asInt())
                    .as(name)
                    .isEqualTo(2);
        }
    }

    @Test
    void aRejectedElementIsFoundByItsNumberAndKeepsWhatStoodThere() {
        bundle.drop("single.json", SINGLE_LINE);

        assertReceipt(bundle.receipt("single.json"), "read=6 accepted=1 rejected=5");
        List<String> lines =
                text(bundle.done("single.json.rejected.jsonl")).lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("{\"phoneNumber\":\"+1415\",\"externalId\":\"SL-2\",\"_line\":2,");
        assertThat(lines.get(1)).isEqualTo("{\"_raw\":\"17\",\"_line\":3,\"_reason\":\"is not a JSON object\"}");
        assertThat(Given.json(lines.get(2)).get("_line").asInt()).isEqualTo(4);
        assertThat(Given.json(lines.get(2)).get("_raw").asText())
                .isEqualTo(
                        "{\"phoneNumber\":\"+14155800034\",\"phoneNumber\":\"+14155800035\",\"externalId\":\"SL-4\"}");
        assertThat(lines.get(3)).startsWith("{\"externalId\":\"SL-5\",\"_line\":5,");
        assertThat(lines.get(4)).startsWith("{\"phoneNumber\":\"+1416\",\"name\":\"no id\",\"_line\":6,");
    }

    @Test
    void aCorrectedRejectedFileComesBackWithoutItsFormerLinesAndReasons() {
        bundle.drop("l.csv", "sep=;\nphoneNumber;externalId\n12;R-1\n13;R-2\n");
        assertReceipt(bundle.receipt("l.csv"), "read=2 rejected=2");
        String rejected = text(bundle.done("l.csv.rejected.csv"));
        assertThat(rejected).startsWith("sep=;\nphoneNumber;externalId;_line;_reason\n12;R-1;3;");

        bundle.drop("again.csv", rejected.replaceFirst("12;", number(1) + ";"));
        assertReceipt(bundle.receipt("again.csv"), "read=2 accepted=1 rejected=1");
        assertThat(text(bundle.done("again.csv.accepted.csv")))
                .startsWith("sep=;\nphoneNumber;externalId;leadId\n" + number(1) + ";R-1;")
                .hasLineCount(3);
        assertThat(text(bundle.done("again.csv.outcomes.csv")))
                .startsWith("sep=;\nphoneNumber;externalId;leadId;status;");
        assertThat(text(bundle.done("again.csv.rejected.csv")))
                .startsWith("sep=;\nphoneNumber;externalId;_line;_reason\n13;R-2;4;")
                .hasLineCount(3);
    }

    @Test
    void whatCannotBeReadIsRefusedInTheRightWords() {
        String lead = "{\"phoneNumber\":\"" + number(1) + "\",\"age\":";
        bundle.drop("nan.json", "[" + lead + "NaN}]");
        bundle.drop("comma.json", "[" + lead + "1},\n]");
        bundle.drop("wide.csv", ("phoneNumber;name\r\n" + number(1) + ";Zoë\r\n").getBytes(UTF_16LE));
        bundle.drop("google.csv", "Name,Phone 1 - Type,Phone 1 - Value\nAnn Doe,Mobile,+14155810001\n");
        bundle.drop("none.csv", "Customer Number,Cancelled\n10012345,2024-01-02\n");
        bundle.drop("nan.jsonl", lead + "NaN}\n");

        assertThat(bundle.failure("nan.json")).contains("has NaN or Infinity where JSON must have null, at line 1");
        assertThat(bundle.failure("comma.json")).contains("has a comma before a closing bracket, at line 2");
        assertThat(bundle.failure("wide.csv")).contains("is UTF-16 without a byte order mark: save it as UTF-8");
        assertThat(bundle.failure("google.csv"))
                .contains("add a line such as `Phone 1 - Value = phoneNumber`")
                .doesNotContain("Ann Doe", "4155810001");
        assertThat(bundle.failure("none.csv"))
                .contains("None of them holds phone numbers in its first rows")
                .doesNotContain("10012345");
        assertReceipt(bundle.receipt("nan.jsonl"), "read=1 rejected=1");
        assertThat(text(bundle.done("nan.jsonl.rejected.jsonl")))
                .contains("has NaN or Infinity where JSON must have null");
        assertThat(api.ringsByExternalId()).isEmpty();
        assertThat(Files.exists(bundle.done("nan.json"))).isFalse();
    }
}
