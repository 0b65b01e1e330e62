package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The context is made beside the ledger: whichever of the two fails, nothing of the other is left. */
class PearlRoutesTest {
    @TempDir
    private Path home;

    private Settings settings;

    @BeforeEach
    void configure() throws IOException {
        Path file = Files.writeString(
                home.resolve("application.properties"),
                "outbound.acme.id=ob-1\nhttp.port=0\ndata.dir=" + home.resolve("data"));
        settings = Configuration.load(file, Map.of());
    }

    @Test
    void aRouteThatCannotBeReadLeavesTheLedgerToTheNextStart() {
        Resource broken = ResourceHelper.fromString("broken.camel.yaml", "- route: [");
        assertThatThrownBy(() -> routes(broken)).hasMessageContaining("broken.camel.yaml");
        assertNothingRuns();
        routes().close();
    }

    @Test
    void aLedgerThatIsInUseLeavesNoContext() {
        PearlRoutes first = routes();
        try {
            assertThatThrownBy(this::routes).isInstanceOf(LedgerException.class).hasNoSuppressedExceptions();
            assertNothingRuns();
        } finally {
            first.close();
        }
    }

    private PearlRoutes routes(Resource... files) {
        return new PearlRoutes(settings, List.of(files), home.resolve("routes"));
    }

    /** What a thread has made is there a moment before the thread ends. */
    private static void assertNothingRuns() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .doesNotContain("camel-context"));
    }
}
