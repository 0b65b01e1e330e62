package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
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

    @Test
    void saysWhichDataFolderHasNothingYetUntilAFileWasTaken() {
        String data = home.resolve("data").toString();
        try (Sandbox api = Bundle.sandbox().start()) {
            assertThat(warnings(() -> {
                        try (Bundle bundle = Bundle.start(home, api)) {
                            bundle.drop("leads.csv", "phoneNumber,externalId\n+12025550123,crm-1\n");
                            bundle.receipt("leads.csv");
                        }
                    }))
                    .filteredOn(line -> line.contains(data))
                    .singleElement()
                    .asString()
                    .contains("No file or message was ever taken", "DATA_DIR");
            assertThat(warnings(() -> Bundle.start(home, api).close())).noneMatch(line -> line.contains(data));
        }
    }

    @Test
    void warnsOfNothingWhenItStops() {
        try (Sandbox api = Bundle.sandbox().start()) {
            Bundle bundle = Bundle.start(home, api);
            assertThat(warnings(bundle::close)).isEmpty();
        }
    }

    private static List<String> warnings(Runnable run) {
        List<String> lines = new CopyOnWriteArrayList<>();
        AbstractAppender recorder = new AbstractAppender("warnings", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                if (event.getLevel() == Level.WARN) {
                    lines.add(event.getMessage().getFormattedMessage());
                }
            }
        };
        Logger root = LoggerContext.getContext(false).getRootLogger();
        recorder.start();
        root.addAppender(recorder);
        Level before = root.getLevel();
        Configurator.setRootLevel(Level.WARN);
        try {
            run.run();
        } finally {
            Configurator.setRootLevel(before);
            root.removeAppender(recorder);
        }
        return lines;
    }

    private PearlRoutes routes(Resource... files) {
        return new PearlRoutes(settings, List.of(files), home.resolve("routes"));
    }

    /** What a thread has made is there a moment before the thread ends. */
    private static void assertNothingRuns() {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("camel-context"));
    }
}
