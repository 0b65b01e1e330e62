package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTlsTest {
    @Test
    void servesHttpsAndFaultsOverIt(@TempDir Path directory) throws Exception {
        TlsFixture tls = TlsFixture.in(directory);
        HttpClient http = HttpClient.newBuilder().sslContext(tls.client()).build();
        try (Sandbox sandbox = new SandboxOptions()
                .token(SandboxClient.TOKEN)
                .outbound("ob-1", "Demo")
                .tls(tls.server())
                .start()) {
            SandboxClient client = new SandboxClient(sandbox, http);
            assertThat(sandbox.url().getScheme()).isEqualTo("https");
            assertThat(client.add("crm-1").statusCode()).isEqualTo(200);

            sandbox.faults().next(1, Operation.ADD_LEAD, Fault.drop().afterEffect());
            assertThatIOException().isThrownBy(() -> client.add("crm-2"));
            sandbox.faults().next(1, Operation.ADD_LEAD, Fault.truncate());
            assertThatIOException().isThrownBy(() -> client.add("crm-3"));
            assertThat(sandbox.requests(Operation.ADD_LEAD)).isEqualTo(3);
            assertThat(sandbox.ringsByExternalId()).containsOnlyKeys("crm-1", "crm-2");
        }
    }
}
