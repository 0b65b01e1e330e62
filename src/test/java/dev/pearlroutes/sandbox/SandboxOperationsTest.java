package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxOperationsTest {
    private static final String LEAD = "/v1/Outbound/ob-1/Lead";
    private final MutableClock clock = new MutableClock();
    private final SandboxOptions options = new SandboxOptions()
            .token(SandboxClient.TOKEN)
            .outbound("ob-1", "Demo")
            .outbound("ob-2", "Other")
            .clock(clock);
    private Sandbox sandbox = options.start();
    private SandboxClient client = new SandboxClient(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private void restart() {
        sandbox.close();
        sandbox = options.start();
        client = new SandboxClient(sandbox);
    }

    @Test
    void addLeadCreatesEachTime() throws IOException {
        String body = "{\"phoneNumber\":\"+12125550123\",\"externalId\":\"crm-1\",\"timeZoneId\":"
                + "\"Türkiye Standard Time\",\"callData\":{\"firstName\":\"Zoë 山\",\"vip\":true,\"n\":3,\"x\":1.5}}";
        String first = client.ok("PUT", LEAD, body).get("leadId").asText();
        String second = client.ok("PUT", LEAD, body).get("leadId").asText();

        assertThat(second).isNotEqualTo(first);
        assertThat(sandbox.ringsByExternalId()).containsEntry("crm-1", 2);
        SandboxLead lead = sandbox.leads("ob-1").get(0);
        assertThat(lead.id()).isEqualTo(first);
        assertThat(lead.phoneNumber()).isEqualTo("+12125550123");
        assertThat(lead.timeZoneId()).isEqualTo("Türkiye Standard Time");
        assertThat(lead.callData())
                .containsEntry("firstName", "Zoë 山")
                .containsEntry("vip", true)
                .containsEntry("n", 3)
                .containsEntry("x", 1.5);
        assertThat(lead.status()).isEqualTo(1);
        assertThat(sandbox.leads("ob-2")).isEmpty();
        SandboxRequest seen = sandbox.received(Operation.ADD_LEAD).get(0);
        assertThat(seen.header("authorization")).isEqualTo("Bearer " + SandboxClient.TOKEN);
        assertThat(seen.text()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                        | phoneNumber
                    {"phoneNumber":null}                                      | phoneNumber
                    {"phoneNumber":""}                                        | phoneNumber
                    {"phoneNumber":12125550123}                               | phoneNumber
                    {"phoneNumber":"+12125550123","externalId":1}             | externalId
                    {"phoneNumber":"+12125550123","timeZoneId":"Europe/Rome"} | timeZoneId
                    {"phoneNumber":"+12125550123","callData":[1]}             | callData
                    {"phoneNumber":"+12125550123","callData":{"a":{"b":1}}}   | callData
                    {"phoneNumber":                                           | $
                    [1]                                                       | $
                    """)
    void addLeadNamesTheWrongField(String body, String field) throws IOException {
        HttpResponse<String> response = client.send("PUT", LEAD, body);
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode problem = SandboxClient.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(400);
        assertThat(problem.get("errors").fieldNames()).toIterable().containsExactly(field);
        assertThat(problem.get("errors").get(field).get(0).isTextual()).isTrue();
        assertThat(sandbox.leads("ob-1")).isEmpty();
    }

    @Test
    void unknownIdsAre400WithValidation() throws IOException {
        String search = "{\"fromDate\":\"2026-01-01T00:00:00Z\",\"toDate\":\"2026-12-01T00:00:00Z\"}";
        List<HttpResponse<String>> refused = new ArrayList<>();
        refused.add(client.send("PUT", "/v1/Outbound/pearl-id/Lead", SandboxClient.lead("crm-1")));
        refused.add(client.send("PUT", LEAD + "/nobody", "{}"));
        refused.add(client.send("GET", LEAD + "/nobody", null));
        refused.add(client.send("GET", LEAD + "/Extrenal/nobody", null));
        refused.add(client.send("POST", "/v1/Outbound/pearl-id/Leads", "{}"));
        refused.add(client.send("POST", "/v1/Outbound/pearl-id/Calls", search));
        refused.add(client.send("GET", "/v1/Call/nothing", null));
        for (HttpResponse<String> response : refused) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(SandboxClient.json(response).at("/errors/validation/0").asText())
                    .startsWith("wrong ");
        }
    }

    @Test
    void authorizationIsTheWholeToken() throws IOException {
        for (String wrong : List.of("Bearer secret", "Basic acc:secret", "acc:secret")) {
            HttpResponse<String> response =
                    client.send(client.request("GET", "/v1/Account", null).setHeader("Authorization", wrong));
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEmpty();
        }
        sandbox.token("acc:new");
        assertThat(client.add("crm-1").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhatIsNoOperation() throws IOException {
        assertThat(client.send(client.request("PUT", LEAD, "{}").setHeader("Content-Type", "text/plain"))
                        .statusCode())
                .isEqualTo(415);
        HttpResponse<String> wrongMethod = client.send("DELETE", LEAD, null);
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("PUT");
        assertThat(client.send("PUT", "/v2/Outbound/ob-1/Lead", "{}").statusCode())
                .isEqualTo(404);
        assertThat(client.send("GET", LEAD + "/External/crm-1", null).statusCode())
                .isEqualTo(404);
        options.maxBody(100);
        assertThat(client.send("PUT", LEAD, "x".repeat(101)).statusCode()).isEqualTo(413);
        assertThat(sandbox.requests(Operation.NONE)).isEqualTo(3);
    }

    @Test
    void updateLeadChangesOnlyWhatIsGiven() throws IOException {
        String id = client.added("crm-1");
        JsonNode lead = client.ok("PUT", LEAD + "/" + id, "{\"status\":130,\"callData\":{\"city\":\"Köln\"}}");
        assertThat(lead.get("status").asInt()).isEqualTo(130);
        assertThat(lead.get("externalId").asText()).isEqualTo("crm-1");
        assertThat(lead.at("/callData/city").asText()).isEqualTo("Köln");
        assertThat(client.send("PUT", LEAD + "/" + id, "{\"status\":70}").body())
                .contains("\"status\":[");
        assertThat(client.send("PUT", "/v1/Outbound/ob-2/Lead/" + id, "{}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void getLeadFollowsItsCalls() throws IOException {
        String id = client.added("crm-1");
        JsonNode before = client.ok("GET", LEAD + "/" + id, null);
        assertThat(before.get("created").asText()).isEqualTo("2026-03-01T09:00:00.000Z");
        assertThat(before.get("lastCall").isNull()).isTrue();

        String call = sandbox.addCall("ob-1", id, json -> {
            json.put("conversationStatus", 110);
            json.withArray("collectedInfo")
                    .addObject()
                    .put("id", "interest")
                    .put("name", "Interest")
                    .put("value", "none");
        });
        JsonNode lead = client.ok("GET", LEAD + "/Extrenal/crm-1", null);
        assertThat(lead.get("id").asText()).isEqualTo(id);
        assertThat(lead.at("/callsId/0").asText()).isEqualTo(call);
        assertThat(lead.at("/lastCall/collectedData/collectedInfos/0/name").asText())
                .isEqualTo("Interest");
        assertThat(lead.at("/collectedData/interest").asText()).isEqualTo("none");
        assertThat(lead.get("status").asInt()).isEqualTo(110);

        sandbox.changeCall(call, json -> json.put("conversationStatus", 100).putNull("duration"));
        assertThat(client.ok("GET", "/v1/Call/" + call, null).get("duration").isNull())
                .isTrue();
        assertThat(sandbox.leads("ob-1").get(0).status()).isEqualTo(100);
    }

    @Test
    void searchLeadsFindsPartsOfAnExternalId() throws IOException {
        client.add("crm-1");
        client.add("crm-10");
        client.add("crm-2");
        JsonNode found = client.ok("POST", LEAD + "s", "{\"searchInput\":\"CRM-1\",\"limit\":1,\"isAscending\":true}");
        assertThat(found.get("count").asInt()).isEqualTo(2);
        assertThat(found.get("results")).hasSize(1);
        assertThat(found.at("/results/0/externalId").asText()).isEqualTo("crm-1");
        assertThat(client.ok("POST", LEAD + "s", "{\"searchInput\":\"crm-9\"}")
                        .get("count")
                        .asInt())
                .isZero();
        assertThat(client.ok("POST", LEAD + "s", "{\"statuses\":[100]}")
                        .get("count")
                        .asInt())
                .isZero();

        options.searchCoversExternalId(false).externalSpellings("External");
        assertThat(client.ok("POST", LEAD + "s", "{\"searchInput\":\"crm-1\"}")
                        .get("count")
                        .asInt())
                .isZero();
        assertThat(client.ok("GET", LEAD + "/External/crm-1", null).get("id").isTextual())
                .isTrue();
    }

    @Test
    void getCallsPagesFiltersAndSorts() throws IOException {
        for (int i = 0; i < 12; i++) {
            int minute = 10 + i;
            sandbox.addCall("ob-1", null, call -> {
                call.put("startTime", "2026-03-01T08:" + minute + ":00.123Z").put("to", "+121255501" + minute);
                call.withArray("tags").add(minute % 2 == 0 ? "even" : "odd");
            });
        }
        String window = "\"fromDate\":\"2026-03-01T08:11:00.123Z\",\"toDate\":\"2026-03-01T10:00:00+01:00\"";
        JsonNode page = client.ok(
                "POST", "/v1/Outbound/ob-1/Calls", "{" + window + ",\"skip\":4,\"limit\":5,\"isAscending\":true}");
        assertThat(page.get("count").asInt()).isEqualTo(11);
        assertThat(page.get("results")).hasSize(5);
        JsonNode first = page.at("/results/0");
        assertThat(first.get("startTime").asText()).isEqualTo("2026-03-01T08:15:00.123Z");
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "id", "startTime", "conversationStatus", "status", "from", "to", "duration", "tags");
        assertThat(client.ok("POST", "/v1/Outbound/ob-1/Calls", "{" + window + ",\"tags\":[\"even\"]}")
                        .get("count")
                        .asInt())
                .isEqualTo(5);
        assertThat(client.send("POST", "/v1/Outbound/ob-1/Calls", "{\"toDate\":\"yesterday\"}")
                        .body())
                .contains("\"fromDate\":[", "\"toDate\":[");
    }

    @Test
    void largePagesAreClampedOrRefused() throws IOException {
        options.maxPage(3, false);
        restart();
        for (int i = 0; i < 4; i++) {
            client.add("crm-" + i);
        }
        JsonNode page = client.ok("POST", LEAD + "s", "{\"limit\":1000}");
        assertThat(page.get("count").asInt()).isEqualTo(4);
        assertThat(page.get("results")).hasSize(3);
        options.maxPage(3, true);
        restart();
        assertThat(client.send("POST", LEAD + "s", "{\"limit\":4}").body()).contains("\"limit\":[");
    }

    @Test
    void accountAndOutbounds() throws IOException {
        assertThat(client.ok("GET", "/v1/Outbound", null).toString())
                .isEqualTo("[{\"id\":\"ob-1\",\"name\":\"Demo\"},{\"id\":\"ob-2\",\"name\":\"Other\"}]");
        sandbox.account(3, BigDecimal.ZERO);
        assertThat(client.ok("GET", "/v1/Account", null).toString())
                .isEqualTo("{\"name\":\"Sandbox\",\"totalAgents\":1,\"creditBalance\":0,\"status\":3}");
        sandbox.account(null, null);
        assertThat(client.ok("GET", "/v1/Account", null).toString()).contains("\"creditBalance\":null,\"status\":null");
        sandbox.removeOutbound("ob-1");
        assertThat(client.add("crm-1").body()).contains("wrong outboundId");
        sandbox.addOutbound("ob-1", "Demo");
        assertThat(client.add("crm-1").statusCode()).isEqualTo(200);
    }

    @Test
    void resetForgets() throws IOException {
        client.add("crm-1");
        sandbox.faults().always(null, Fault.status(500));
        sandbox.reset();
        assertThat(sandbox.requests(Operation.ADD_LEAD)).isZero();
        assertThat(sandbox.ringsByExternalId()).isEmpty();
        assertThat(client.add("crm-1").statusCode()).isEqualTo(200);
    }
}
