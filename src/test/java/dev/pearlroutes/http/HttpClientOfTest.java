package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.net.ssl.SSLContext;

/** A client of the bundle's HTTP server, as a program on the same machine is one. */
public final class HttpClientOfTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final URI server;

    /** @param server such as {@code http://127.0.0.1:8080} */
    public HttpClientOfTest(URI server) {
        this(server, HttpClient.newBuilder());
    }

    /** @param trust that trusts the certificate of the server */
    HttpClientOfTest(URI server, SSLContext trust) {
        this(server, HttpClient.newBuilder().sslContext(trust));
    }

    private HttpClientOfTest(URI server, HttpClient.Builder client) {
        this.server = server;
        this.client = client.version(HttpClient.Version.HTTP_1_1).build();
    }

    /** @param headers name and value in turn */
    public HttpResponse<String> get(String path, String... headers) {
        return send(HttpRequest.newBuilder().GET(), path, headers);
    }

    /** @param headers name and value in turn */
    public HttpResponse<String> post(String path, String body, String... headers) {
        return post(path, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    public HttpResponse<String> post(String path, HttpRequest.BodyPublisher body, String... headers) {
        return send(HttpRequest.newBuilder().POST(body), path, headers);
    }

    URI server() {
        return server;
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.uri(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
