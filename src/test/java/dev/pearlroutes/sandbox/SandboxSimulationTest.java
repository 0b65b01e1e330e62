package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxSimulationTest {
    private static final int LEADS = 300;
    private final MutableClock clock = new MutableClock();
    private final Sandbox sandbox = start();
    private final SandboxClient client = new SandboxClient(sandbox);

    private Sandbox start() {
        return new SandboxOptions()
                .token(SandboxClient.TOKEN)
                .outbound("ob-1", "Demo")
                .clock(clock)
                .simulateCalls(1)
                .start();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static void add(SandboxClient client) throws IOException {
        for (int i = 0; i < LEADS; i++) {
            client.add("crm-" + i);
        }
    }

    private static List<JsonNode> calls(SandboxClient client) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        int count = 1;
        while (all.size() < count) {
            JsonNode page = client.ok(
                    "POST",
                    "/v1/Outbound/ob-1/Calls",
                    "{\"fromDate\":\"2026-03-01T00:00:00Z\",\"toDate\":\"2026-03-02T00:00:00Z\",\"isAscending\":true,"
                            + "\"limit\":100,\"skip\":" + all.size() + "}");
            count = page.get("count").asInt();
            page.get("results").forEach(all::add);
        }
        return all;
    }

    private static List<JsonNode> withoutIds(List<JsonNode> calls) {
        calls.forEach(call -> ((ObjectNode) call).remove("id"));
        return calls;
    }

    private static Set<Integer> values(List<JsonNode> calls, String field) {
        Set<Integer> values = new HashSet<>();
        calls.forEach(call -> values.add(call.get(field).asInt()));
        return values;
    }

    @Test
    void aCampaignInAMinute() throws IOException {
        add(client);
        assertThat(calls(client)).isEmpty();

        Map<String, JsonNode> ended = new HashMap<>();
        Set<Integer> statuses = new HashSet<>();
        Set<Integer> conversationStatuses = new HashSet<>();
        int changedAfterTheEnd = 0;
        for (int second = 1; second <= 60; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (JsonNode call : calls(client)) {
                statuses.add(call.get("status").asInt());
                conversationStatuses.add(call.get("conversationStatus").asInt());
                if (!call.get("duration").isNull()) {
                    JsonNode before = ended.put(call.get("id").asText(), call);
                    changedAfterTheEnd += before == null || before.equals(call) ? 0 : 1;
                }
            }
            if (second == 10) {
                assertThat(ended).hasSizeGreaterThanOrEqualTo(LEADS);
            }
        }
        assertThat(statuses).contains(2, 3, 4, 5, 6, 7, 8);
        assertThat(conversationStatuses).contains(10, 30, 40, 70, 100, 110, 130, 150, 165, 220, 300, 500);
        assertThat(changedAfterTheEnd).isPositive();

        List<JsonNode> last = calls(client);
        assertThat(values(last, "status")).containsOnly(4, 5, 6, 7);
        assertThat(values(last, "conversationStatus")).doesNotContain(40, 165);
        assertThat(sandbox.leads("ob-1"))
                .extracting(SandboxLead::status)
                .allMatch(Set.of(30, 100, 110, 130, 150, 220)::contains);
        clock.advance(Duration.ofHours(1));
        assertThat(calls(client)).isEqualTo(last);
    }

    @Test
    void isTheSameEachTime() throws IOException {
        try (Sandbox other = start()) {
            SandboxClient otherClient = new SandboxClient(other);
            add(client);
            add(otherClient);
            clock.advance(Duration.ofSeconds(25));
            assertThat(withoutIds(calls(client))).isNotEmpty().isEqualTo(withoutIds(calls(otherClient)));
            assertThat(sandbox.leads("ob-1").stream().map(SandboxLead::status))
                    .containsExactlyElementsOf(other.leads("ob-1").stream()
                            .map(SandboxLead::status)
                            .toList());
        }
    }

    @Test
    void leadAndDetailFollow() throws IOException {
        add(client);
        clock.advance(Duration.ofSeconds(60));
        SandboxLead success = sandbox.leads("ob-1").stream()
                .filter(lead -> lead.status() == 100)
                .findFirst()
                .orElseThrow();
        JsonNode lead = client.ok("GET", "/v1/Outbound/ob-1/Lead/" + success.id(), null);
        JsonNode last = lead.get("lastCall");
        String callId = lead.get("callsId").get(lead.get("callsId").size() - 1).asText();
        assertThat(last.get("id").asText()).isEqualTo(callId);
        assertThat(last.at("/collectedData/transcript/0/role").asText()).isEqualTo("Pearl");
        assertThat(lead.at("/collectedData/interest").isTextual()).isTrue();
        JsonNode call = client.ok("GET", "/v1/Call/" + callId, null);
        assertThat(call.get("summary").asText()).isNotEmpty();
        assertThat(call.get("recording").asText()).endsWith(callId + ".mp3");
        assertThat(call.get("duration").asInt()).isPositive();
        assertThat(call.get("startTime").asText()).matches("2026-03-01T09:00:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void aStoppedLeadIsNotCalledAgain() throws IOException {
        add(client);
        for (SandboxLead lead : sandbox.leads("ob-1")) {
            client.ok("PUT", "/v1/Outbound/ob-1/Lead/" + lead.id(), "{\"status\":130}");
        }
        clock.advance(Duration.ofMinutes(5));
        assertThat(calls(client)).isEmpty();
        assertThat(sandbox.leads("ob-1")).extracting(SandboxLead::status).containsOnly(130);
    }

    @Test
    void aNumberWithoutCountryCodeShowsLate() throws IOException {
        client.ok("PUT", "/v1/Outbound/ob-1/Lead", "{\"phoneNumber\":\"2125550123\"}");
        clock.advance(Duration.ofSeconds(20));
        assertThat(sandbox.leads("ob-1").get(0).status()).isEqualTo(30);
    }
}
