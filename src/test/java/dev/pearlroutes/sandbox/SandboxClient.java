package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** A plain client of the v1 API for tests; PUT and POST are never repeated by the JDK's client. */
final class SandboxClient {
    static final String TOKEN = "acc:secret";
    private final HttpClient http;
    private final URI base;

    SandboxClient(Sandbox sandbox) {
        this(
                sandbox,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    SandboxClient(Sandbox sandbox, HttpClient http) {
        this.http = http;
        this.base = sandbox.url();
    }

    HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .setHeader("Authorization", "Bearer " + TOKEN)
                .setHeader("Content-Type", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException {
        return send(request(method, path, body));
    }

    CompletableFuture<HttpResponse<String>> sendAsync(String method, String path, String body) {
        return http.sendAsync(request(method, path, body).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> add(String externalId) throws IOException {
        return send("PUT", "/v1/Outbound/ob-1/Lead", lead(externalId));
    }

    static String lead(String externalId) {
        return "{\"phoneNumber\":\"+12125550123\",\"externalId\":\"" + externalId + "\"}";
    }

    /** The id of a lead added. */
    String added(String externalId) throws IOException {
        return json(add(externalId)).get("leadId").asText();
    }

    JsonNode ok(String method, String path, String body) throws IOException {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    static JsonNode json(HttpResponse<String> response) throws JsonProcessingException {
        return Answer.JSON.readTree(response.body());
    }
}
