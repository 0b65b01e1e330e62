package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.RateLimit;
import dev.pearlroutes.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendBatchTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void everyTroubleAtOnceLeavesEachRowWithOneOutcome() {
        api.faults().every(7, Operation.ADD_LEAD, Fault.drop().afterEffect());
        api.faults().every(11, Operation.ADD_LEAD, Fault.status(503));
        api.faults().every(131, Operation.ADD_LEAD, Fault.tooManyRequests("0"));
        api.faults().every(17, Operation.ADD_LEAD, Fault.status(400, "{\"errors\":{\"callData\":[\"no\"]}}"));
        api.faults().every(19, Operation.ADD_LEAD, Fault.garbage());
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=8")) {
            bundle.drop("l.csv", csv("crm", 400));
            var receipt = bundle.receipt("l.csv");
            assertThat(receipt.path("read").asLong()).isEqualTo(400);
            assertThat(receipt.path("accepted").asLong()
                            + receipt.path("rejected").asLong()
                            + receipt.path("unknown").asLong())
                    .isEqualTo(400);
            assertThat(receipt.path("rejected").asLong()).isPositive();
            assertThat(receipt.path("unknown").asLong()).isPositive();
            assertThat(api.ringsByExternalId().values()).containsOnly(1);
        }
    }

    @Test
    void aRateLimitOfTheServerLosesNothing() {
        api.faults().rateLimit(100, 20, RateLimit.RetryAfter.SECONDS);
        try (Bundle bundle = Bundle.start(home, api)) {
            bundle.drop("l.csv", csv("crm", 100));
            assertReceipt(bundle.receipt("l.csv"), "read=100 accepted=100");
            assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", 100));
        }
    }

    @Test
    void aSmallFileBesideAHugeOneASearchAndAnotherOutboundGetTheirTurnInOneCap() {
        try (Sandbox slow = Bundle.sandbox()
                        .outbound("ob-2", "beta")
                        .latency(Duration.ofMillis(20))
                        .start();
                Bundle bundle = Bundle.start(
                        home,
                        slow,
                        "nlpearl.max-in-flight=4",
                        "nlpearl.max-per-second=200",
                        "outbound.beta.id=ob-2",
                        "outbound.beta.default-region=US",
                        "outbound.wrong.id=no-such")) {
            bundle.drop("wrong", "w.csv", csv("w", 20));
            bundle.drop("huge.csv", csv("huge", 1500));
            await().until(() -> slow.requests(Operation.ADD_LEAD) > 40);
            bundle.drop("small.csv", csv("small", 10));
            bundle.drop("beta", "other.csv", csv("other", 10));
            bundle.searchCalls();

            assertReceipt(bundle.receipt("small.csv"), "read=10 accepted=10");
            await().until(() -> Files.exists(bundle.data().resolve("done/beta/other.csv.receipt.json")));
            assertThat(slow.received(Operation.GET_CALLS).stream()
                            .filter(request -> request.outboundId().equals("ob-1")))
                    .as("those of the other outbounds come every five minutes")
                    .hasSize(1);
            assertThat(bundle.done("huge.csv")).as("still being sent").doesNotExist();
            assertThat(slow.leads("ob-1").size()).isLessThan(1400);
            assertReceipt(bundle.receipt("huge.csv"), "read=1500 accepted=1500");
            assertThat(slow.maxConcurrentRequests()).isLessThanOrEqualTo(4);
        }
    }

    /** What a kill -9 makes unknown: no more with several files than with one. */
    @Test
    void filesSideBySideHaveFewerBatchesUnderWayEach() {
        api.faults().always(Operation.ADD_LEAD, Fault.hang());
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.max-in-flight=1")) {
            int batch = 8;
            for (String file : List.of("a", "b", "c", "d")) {
                bundle.drop(file + ".csv", csv(file, 100));
            }
            LedgerFile ledger = new LedgerFile(bundle.data());
            String sending = " FROM lead WHERE state = 'sending'";

            await().until(() -> ledger.number("SELECT count(DISTINCT source_id)" + sending) == 4);

            // The first one to come has eight, the others four each.
            await().during(Duration.ofSeconds(1))
                    .until(() -> ledger.number("SELECT count(*)" + sending) <= (8 + 3 * 4) * batch);
            api.faults().clear();
            api.faults().release();
        }
    }

    private static final class Recorder extends AbstractAppender {
        private final StringBuffer text = new StringBuffer();

        Recorder() {
            super("recorder", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            text.append(event.getLevel()).append(' ').append(event.getMessage().getFormattedMessage());
            for (Throwable t = event.getThrown(); t != null; t = t.getCause()) {
                text.append(' ').append(t);
            }
            text.append('\n');
        }
    }

    /** At the levels of the shipped log4j2.properties. */
    @Test
    void noLogLineHoldsATokenANumberOrAName() {
        Recorder recorder = new Recorder();
        Logger root = (Logger) LogManager.getRootLogger();
        Level rootLevel = root.getLevel();
        recorder.start();
        root.addAppender(recorder);
        Configurator.setRootLevel(Level.WARN);
        Configurator.setLevel("dev.pearlroutes", Level.INFO);
        try (Bundle bundle = Bundle.start(home, api, "nlpearl.response-timeout=1s", "leads.files-at-once=1")) {
            bundle.drop("good.csv", named("good", 5));
            bundle.receipt("good.csv");
            Stream.of(
                            Fault.drop(),
                            Fault.status(503),
                            Fault.garbage(),
                            Fault.hang(),
                            Fault.tooManyRequests("1"),
                            Fault.status(404, "{\"title\":\"+12125550101 is unknown\"}"),
                            Fault.status(400, "{\"errors\":{\"phoneNumber\":[\"+12125550101\"]}}"))
                    .forEach(fault -> api.faults().next(1, Operation.ADD_LEAD, fault));
            bundle.drop("faults.csv", named("faults", 40) + "x,12 none,Zebulon\n");
            bundle.receipt("faults.csv");
            api.token("account:another");
            bundle.drop("refused.csv", named("refused", 5));
            await().until(() -> recorder.text.indexOf("nlpearl.token") > 0);
            api.token(Bundle.TOKEN);
            bundle.receipt("refused.csv");
            bundle.drop("no-header.csv", "Zebulon,+12125550101\nZebulon,+12125550102\n");
            bundle.failure("no-header.csv");
            bundle.drop("open-quote.csv", "externalId,phoneNumber,firstName\na,\"+12125550101,Zebulon\n");
            bundle.failure("open-quote.csv");
        } finally {
            root.removeAppender(recorder);
            Configurator.setLevel("dev.pearlroutes", (Level) null);
            Configurator.setRootLevel(rootLevel);
        }
        assertThat(recorder.text)
                .contains("good.csv of acme: read 5 = accepted 5")
                .contains("STOPPED")
                .contains("no-header.csv");
        assertThat(recorder.text)
                .doesNotContain("Zebulon")
                .doesNotContain("secret-of-the-test")
                .doesNotContain("2125550")
                .doesNotContain("212555");
    }

    private static String named(String prefix, int n) {
        return csv(prefix, n)
                .replaceFirst("phoneNumber", "phoneNumber,firstName")
                .replaceAll("(\\+1\\d+)", "$1,Zebulon");
    }
}
