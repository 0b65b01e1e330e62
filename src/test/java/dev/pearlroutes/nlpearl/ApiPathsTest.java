package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every path is counted as its operation, and none by anything that stands in it. */
class ApiPathsTest {
    private final ApiPaths paths = new ApiPaths(Map.of("acme", "ob-1"));

    @Test
    void everyPathHasItsOperation() {
        assertThat(Stream.of(
                        ApiPaths.operation("PUT", paths.addLead("acme")),
                        ApiPaths.operation("PUT", paths.lead("acme", "l/1 Ä")),
                        ApiPaths.operation("GET", paths.lead("acme", "l-1")),
                        ApiPaths.operation(
                                "GET", paths.leadByExternalId("acme", "crm 1").get(0)),
                        ApiPaths.operation("POST", paths.searchLeads("acme")),
                        ApiPaths.operation("POST", paths.searchCalls("acme")),
                        ApiPaths.operation("GET", paths.call("c-1")),
                        ApiPaths.operation("GET", "/below/a/path" + paths.account())))
                .containsExactlyElementsOf(ApiPaths.OPERATIONS.subList(0, 8));
    }

    @ParameterizedTest
    @CsvSource({"GET,/", "GET,/v1/Outbound", "DELETE,/v1/Outbound/ob-1/Lead", "GET,/v1/Outbound/ob-1/Lead/a/b/c"})
    void anythingElseIsOther(String method, String path) {
        assertThat(ApiPaths.operation(method, path)).isEqualTo("other");
    }

    @Test
    void theHostOfTheApiIsKnownWithAndWithoutItsPort() {
        ApiHost host = new ApiHost(URI.create("https://api.example.org"));

        assertThat(host.is(new HttpHost("https", "API.example.org", -1))).isTrue();
        assertThat(host.is(new HttpHost("https", "api.example.org", 443))).isTrue();
        assertThat(host.is(new HttpHost("http", "api.example.org", 443))).isFalse();
    }
}
