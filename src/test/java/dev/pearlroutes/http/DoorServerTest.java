package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.Ports;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.TlsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of the program: by TLS, for webhooks alone, and while no route runs. */
class DoorServerTest {
    private static final String SECRET = "kT3-9_xYq0LmVb7Rz2Wd";

    @TempDir
    Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    @Test
    void aKeyStoreMakesBothPortsSpeakTlsAndNothingElse() throws Exception {
        TlsFixture tls = TlsFixture.in(home);
        int port = Ports.free();
        start(
                "http.key-store=" + tls.keyStore(),
                "http.key-store-password=" + tls.password(),
                "http.webhooks-port=" + port,
                "outbound.acme.webhook-secret=" + SECRET);
        URI server = bundle.http().server();
        URI webhooks = URI.create("https://127.0.0.1:" + port);

        assertThat(server.getScheme()).isEqualTo("https");
        assertThat(new HttpClientOfTest(server, tls.client()).get("/api/status").statusCode())
                .isEqualTo(200);
        assertThat(new HttpClientOfTest(webhooks, tls.client())
                        .post("/webhooks/acme/calls", "{}")
                        .statusCode())
                .isEqualTo(401);
        for (URI each : List.of(server, webhooks)) {
            try (RawHttp raw = new RawHttp(each)) {
                raw.write("GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(raw.answer()).doesNotContain("HTTP/");
            }
        }
        assertThatThrownBy(() -> bundle.http().get("/api/status"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("certificat");
    }

    @Test
    void aKeyStoreThatCannotBeUsedSaysInALineWhatToCorrect() throws Exception {
        TlsFixture tls = TlsFixture.in(home);
        assertThatThrownBy(() -> start("http.key-store=" + tls.keyStore(), "http.key-store-password=another"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("http.key-store-password (HTTP_KEY_STORE_PASSWORD): it does not open " + tls.keyStore()
                        + ": set the password that the key store and its key have");
        assertThatThrownBy(
                        () -> start("http.key-store=" + tls.trustStore(), "http.key-store-password=" + tls.password()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("http.key-store (HTTP_KEY_STORE): ")
                .hasMessageContaining("has no private key");
        assertThatThrownBy(
                        () -> start("http.key-store=" + tls.certificate(), "http.key-store-password=" + tls.password()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is no key store that can be read");
        assertThat(KeyStore.getInstance(tls.keyStore().toFile(), tls.password().toCharArray())
                        .size())
                .isEqualTo(1);
    }

    @Test
    void thePortForWebhooksTakesThemOnAllAddressesAndNothingElse() throws IOException {
        int port = Ports.free();
        start("http.webhooks-port=" + port, "outbound.acme.webhook-secret=" + SECRET);
        // Of this machine, and not the one that http.port is opened on.
        HttpClientOfTest outside = new HttpClientOfTest(URI.create("http://127.0.0.2:" + port));

        HttpResponse<String> webhook =
                outside.post("/webhooks/acme/calls", "{\"id\":\"call-1\",\"status\":4}", "X-Api-Key", SECRET);
        assertThat(webhook.statusCode()).as(webhook.body()).isEqualTo(200);
        for (String path : List.of("/api/status", "/observe/health", "/observe/metrics", "/", "/webhooks")) {
            assertThat(outside.get(path).statusCode()).as(path).isEqualTo(404);
        }
        URI main = bundle.http().server();
        assertThatThrownBy(() -> new HttpClientOfTest(URI.create("http://127.0.0.2:" + main.getPort())).get("/"))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void whileTheProgramIsOnHoldRequestsAreToBeSentAgainLater() throws IOException {
        Path mark = home.resolve("data/ledger.mark");
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, "-1\n");
        start("outbound.acme.webhook-secret=" + SECRET);

        for (HttpResponse<String> answer : List.of(
                bundle.http().get("/api/status"),
                bundle.http().post("/api/outbounds/acme/leads", "[]", "Content-Type", "application/json"),
                bundle.http().post("/webhooks/acme/calls", "{}", "X-Api-Key", SECRET))) {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("on hold").contains("/observe/health");
        }
        assertThat(bundle.http().get("/observe/health").statusCode()).isEqualTo(503);
        assertThat(bundle.http().get("/nothing").statusCode()).isEqualTo(404);
    }
}
