package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {
    private final MutableClock clock = new MutableClock();
    private final SandboxOptions options = new SandboxOptions()
            .token(SandboxClient.TOKEN)
            .outbound("ob-1", "Demo")
            .clock(clock);
    private final Sandbox sandbox = options.start();
    private final SandboxClient client = new SandboxClient(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void statusStrikesTheNextMatchingOnly() throws IOException {
        Fault fault = Fault.status(503, "down").withHeader("Retry-After", "7");
        Faults.Rule rule = sandbox.faults().next(2, Operation.ADD_LEAD, Faults.externalId("crm-2"), fault);
        assertThat(client.add("crm-1").statusCode()).isEqualTo(200);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> response = client.add("crm-2");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("down");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        }
        assertThat(client.add("crm-2").statusCode()).isEqualTo(200);
        assertThat(rule.struck()).isEqualTo(2);
        assertThat(sandbox.ringsByExternalId()).containsEntry("crm-2", 1);
    }

    @Test
    void everyNth() throws IOException {
        sandbox.faults().every(3, Operation.ADD_LEAD, Fault.status(500));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            statuses.add(client.add("crm-" + i).statusCode());
        }
        assertThat(statuses).containsExactly(200, 200, 500, 200, 200, 500, 200);
    }

    @Test
    void afterEffectTheLeadExists() throws IOException {
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.status(500).afterEffect());
        assertThat(client.add("crm-1").statusCode()).isEqualTo(500);
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.status(500));
        assertThat(client.add("crm-2").statusCode()).isEqualTo(500);
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-1");
    }

    @Test
    void dropClosesWithoutAnAnswer() throws IOException {
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.drop());
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.drop().afterEffect());
        assertThatIOException().isThrownBy(() -> client.add("crm-1"));
        assertThatIOException().isThrownBy(() -> client.add("crm-2"));
        assertThat(client.add("crm-3").statusCode()).isEqualTo(200);
        assertThat(sandbox.requests(Operation.ADD_LEAD)).isEqualTo(3);
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-2", "crm-3");
    }

    @Test
    void truncateSendsLessThanDeclared() throws IOException {
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.truncate().afterEffect());
        assertThatIOException()
                .isThrownBy(() -> client.add("crm-1"))
                .withStackTraceContaining("content-length: 119, bytes received: 19");
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.truncate());
        assertThatIOException().isThrownBy(() -> client.add("crm-2"));
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-1");
    }

    @Test
    void answersThatAreNone() throws IOException {
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.garbage().afterEffect());
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.noLeadId().afterEffect());
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.nullLeadId());
        assertThat(client.add("crm-1").body()).startsWith("<html>");
        assertThat(client.add("crm-2").body()).isEqualTo("{}");
        HttpResponse<String> last = client.add("crm-3");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(last.body()).isEqualTo("{\"leadId\":null}");
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-1", "crm-2");
    }

    @Test
    void hangUntilReleased() throws IOException {
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.hang());
        sandbox.faults().next(1, Operation.ADD_LEAD, Fault.hang().afterEffect());
        CompletableFuture<HttpResponse<String>> before =
                client.sendAsync("PUT", "/v1/Outbound/ob-1/Lead", SandboxClient.lead("crm-1"));
        await().until(() -> sandbox.faults().hanging() == 1);
        assertThat(sandbox.leads("ob-1")).isEmpty();
        CompletableFuture<HttpResponse<String>> after =
                client.sendAsync("PUT", "/v1/Outbound/ob-1/Lead", SandboxClient.lead("crm-2"));
        await().until(() -> sandbox.faults().hanging() == 2);
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-2");
        assertThat(sandbox.maxConcurrentRequests()).isEqualTo(2);

        sandbox.faults().release();
        assertThat(before.join().body()).contains("leadId");
        assertThat(after.join().body()).contains("leadId");
        assertThat(sandbox.leads("ob-1")).hasSize(2);
    }

    @Test
    void manyHangWithoutHoldingThreads() throws IOException {
        sandbox.faults().next(100, Operation.ADD_LEAD, Fault.hang());
        for (int i = 0; i < 100; i++) {
            client.sendAsync("PUT", "/v1/Outbound/ob-1/Lead", SandboxClient.lead("crm-" + i));
        }
        await().until(() -> sandbox.faults().hanging() == 100);
        assertThat(client.ok("GET", "/v1/Account", null).get("status").asInt()).isEqualTo(1);
        assertThat(sandbox.maxConcurrentRequests()).isBetween(100, 101);
    }

    @Test
    void closingEndsWhatHangs() {
        sandbox.faults().always(Operation.ADD_LEAD, Fault.hang());
        CompletableFuture<HttpResponse<String>> hanging =
                client.sendAsync("PUT", "/v1/Outbound/ob-1/Lead", SandboxClient.lead("crm-1"));
        await().until(() -> sandbox.faults().hanging() == 1);
        sandbox.close();
        assertThatThrownBy(hanging::join).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void delayedAnswersAreTooLateForTheImpatient() throws IOException {
        sandbox.faults()
                .next(1, Operation.ADD_LEAD, Fault.delay(Duration.ofSeconds(20)).afterEffect());
        assertThatThrownBy(
                        () -> client.send(client.request("PUT", "/v1/Outbound/ob-1/Lead", SandboxClient.lead("crm-1"))
                                .timeout(Duration.ofSeconds(1))))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-1");
        options.latency(Duration.ofMillis(20));
        assertThat(client.add("crm-2").statusCode()).isEqualTo(200);
    }

    @Test
    void rateLimitIsABucket() throws IOException {
        sandbox.faults().rateLimit(0.5, 2, RateLimit.RetryAfter.SECONDS);
        assertThat(client.add("crm-1").statusCode()).isEqualTo(200);
        assertThat(client.add("crm-2").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = client.add("crm-3");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
        clock.advance(Duration.ofSeconds(2));
        assertThat(client.add("crm-3").statusCode()).isEqualTo(200);

        sandbox.faults().rateLimit(1, 0, RateLimit.RetryAfter.HTTP_DATE);
        String date = client.add("crm-4").headers().firstValue("Retry-After").orElseThrow();
        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isEqualTo(clock.instant().plusSeconds(2));
        sandbox.faults().rateLimit(1, 0, RateLimit.RetryAfter.NONE);
        assertThat(client.add("crm-4").headers().firstValue("Retry-After")).isEmpty();
        sandbox.faults().clear();
        assertThat(client.add("crm-4").statusCode()).isEqualTo(200);
        assertThat(sandbox.ringsByExternalId().values()).containsOnly(1);
    }

    @Test
    void anyOperationCanFail() throws IOException {
        sandbox.faults().always(null, Fault.tooManyRequests("Wed, 21 Oct 2026 07:28:00 GMT"));
        for (String[] request : new String[][] {
            {"PUT", "/v1/Outbound/ob-1/Lead", "{}"},
            {"PUT", "/v1/Outbound/ob-1/Lead/x", "{}"},
            {"GET", "/v1/Outbound/ob-1/Lead/x", null},
            {"GET", "/v1/Outbound/ob-1/Lead/Extrenal/x", null},
            {"POST", "/v1/Outbound/ob-1/Leads", "{}"},
            {"POST", "/v1/Outbound/ob-1/Calls", "{}"},
            {"GET", "/v1/Outbound", null},
            {"GET", "/v1/Account", null},
            {"GET", "/v1/Call/x", null}
        }) {
            HttpResponse<String> response = client.send(request[0], request[1], request[2]);
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("Wed, 21 Oct 2026 07:28:00 GMT");
        }
        for (Operation operation : Operation.values()) {
            assertThat(sandbox.requests(operation)).isEqualTo(operation == Operation.NONE ? 0 : 1);
        }
    }
}
