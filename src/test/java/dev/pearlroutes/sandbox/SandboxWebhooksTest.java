package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.routes.Receiver;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxWebhooksTest {
    private static final double FAST = 20;

    private final Receiver receiver = new Receiver();
    private Sandbox sandbox;

    private SandboxClient start(WebhookTarget.Payload payload, boolean unruly) {
        sandbox = new SandboxOptions()
                .token(SandboxClient.TOKEN)
                .outbound("ob-1", "Demo")
                .simulateCalls(FAST)
                .webhooks(
                        "ob-1", new WebhookTarget(URI.create(receiver.url() + "/demo"), "the-secret", payload, unruly))
                .start();
        return new SandboxClient(sandbox);
    }

    @AfterEach
    void close() {
        sandbox.close();
        receiver.close();
    }

    private List<JsonNode> posted(String path) {
        return receiver.requests().stream()
                .filter(request -> request.path().equals("/demo" + path))
                .map(Receiver.Request::event)
                .toList();
    }

    private void awaitPosted(String path, Predicate<JsonNode> body) {
        await().until(() -> posted(path).stream().anyMatch(body));
    }

    @Test
    void aCallIsPostedAsItGrowsAndItsLeadAsItsStatusChanges() throws IOException {
        SandboxClient client = start(WebhookTarget.Payload.V2, false);
        for (int i = 0; i < 20; i++) {
            client.add("crm-" + i);
        }

        awaitPosted(
                "/calls",
                call -> call.path("status").asInt() == 4 && call.path("summary").isTextual());
        awaitPosted("/calls", call -> call.path("status").asInt() == 4 && !call.has("summary"));
        awaitPosted(
                "/leads",
                lead -> lead.path("status").asInt() == 100
                        && lead.path("externalId").asText().startsWith("crm-"));
        assertThat(receiver.requests())
                .allSatisfy(request ->
                        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer the-secret"));
        assertThat(posted("/calls"))
                .allSatisfy(call -> assertThat(call.path("leadId").asText()).isNotEmpty());
    }

    @Test
    void theOlderPayloadHasItsNamesInUpperCase() throws IOException {
        SandboxClient client = start(WebhookTarget.Payload.V1, true);
        client.add("crm-1");
        client.add("crm-2");

        awaitPosted(
                "/calls",
                call -> call.path("Status").asInt() == 4 || call.path("Status").asInt() == 7);
        assertThat(posted("/calls"))
                .allSatisfy(call -> assertThat(call.path("PearlId").asText()).isNotEmpty());
    }

    @Test
    void aReceiverThatDoesNotAnswerHoldsUpNoRequest() throws IOException {
        receiver.answer(request -> Receiver.HANG);
        SandboxClient client = start(WebhookTarget.Payload.V2, false);
        for (int i = 0; i < 40; i++) {
            client.add("crm-" + i);
        }
        await().until(() -> posted("/calls").size() >= 10);

        assertThat(client.add("crm-last").statusCode()).isEqualTo(200);
    }
}
