package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Troubles of the whole program, told by events and by mails that a mail server takes. */
class TellTroublesTest {
    private static final String LEAD = "externalId,phoneNumber\ncrm-1,+14155550101\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sandbox api = Bundle.sandbox().start();
    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @TempDir
    private Path home;

    private Bundle bundle;

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
        mails.stop();
        api.close();
    }

    private void start(String... settings) {
        List<String> all = new ArrayList<>(Arrays.asList(settings));
        all.add("ops.sinks=file");
        if (mails.isRunning()) {
            all.addAll(List.of(
                    "ops.mail.host=127.0.0.1",
                    "ops.mail.port=" + mails.getSmtp().getPort(),
                    "ops.mail.tls=none",
                    "ops.mail.from=pearl@example.com",
                    "ops.mail.to=night@example.com, day@example.com",
                    "ops.mail.delay=1s",
                    "ops.mail.pause=1s"));
        }
        bundle = Bundle.start(home, api, all.toArray(String[]::new));
    }

    private List<JsonNode> told() {
        Path folder = home.resolve("data/results/_ops");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<JsonNode> events = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    events.add(JSON.readTree(line));
                }
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode awaitEvent(String type, String kind) {
        return await(type + " " + kind)
                .until(
                        () -> told().stream()
                                .filter(event -> event.path("type").asText().equals("ai.nlpearl.ops." + type))
                                .filter(event -> event.at("/data/kind").asText().equals(kind))
                                .findFirst()
                                .orElse(null),
                        event -> event != null);
    }

    private List<String> subjects() {
        return Arrays.stream(mails.getReceivedMessages())
                .map(TellTroublesTest::subject)
                .distinct()
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anOpenCircuitIsTwoEventsAndTwoMails() throws Exception {
        mails.start();
        start();
        api.faults().always(null, Fault.status(401));
        bundle.drop("leads.csv", LEAD);

        JsonNode began = awaitEvent("began", "circuit");
        assertThat(began.path("source").asText()).isEqualTo("/ops");
        assertThat(began.at("/data/text").asText()).contains("nlpearl.token");
        assertThat(EventSchemasTest.complaints(began)).isEmpty();
        await().until(() -> !subjects().isEmpty());
        assertThat(subjects())
                .singleElement()
                .asString()
                .startsWith("pearl-routes: 1 trouble on ")
                .endsWith(": circuit");
        MimeMessage mail = mails.getReceivedMessages()[0];
        assertThat(mail.getAllRecipients())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("night@example.com", "day@example.com");
        assertThat(mail.getFrom()[0]).hasToString("pearl@example.com");
        assertThat(mail.getContent().toString())
                .contains("nlpearl.token", "Page: http://127.0.0.1:")
                .doesNotContain(Bundle.TOKEN, "+14155550101");

        api.faults().clear();
        JsonNode ended = awaitEvent("ended", "circuit");
        assertThat(EventSchemasTest.complaints(ended)).isEmpty();
        assertThat(ended.at("/data/since")).isEqualTo(began.at("/data/since"));
        await().until(() -> subjects().size() == 2);
        assertThat(subjects().get(1)).startsWith("pearl-routes: All well again on ");
        assertThat(told()).hasSize(2);
    }

    @Test
    void theMailServersPasswordIsInNoAddress() {
        mails.setUser("pearl", "secret-of-mail");
        mails.start();
        start("ops.mail.username=pearl", "ops.mail.password=secret-of-mail");
        bundle.drop("bad.csv", "name,city\nA,B\n");

        assertThat(mails.waitForIncomingEmail(60_000, 1)).isTrue();
        assertThat(bundle.camel().getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .anySatisfy(uri -> assertThat(uri).contains("smtp"))
                .allSatisfy(uri -> assertThat(uri).doesNotContain("secret-of-mail"));
    }

    @Test
    void whatWasToldIsToldOnceOverARestart() {
        mails.start();
        start();
        api.faults().always(null, Fault.status(401));
        bundle.drop("leads.csv", LEAD);
        awaitEvent("began", "circuit");
        await().until(() -> subjects().size() == 1);
        bundle.close();

        start();
        await().until(() -> bundle.health().contains("401"));
        await().pollDelay(Duration.ofSeconds(10)).until(() -> true);
        assertThat(told()).hasSize(1);
        assertThat(subjects()).hasSize(1);
    }

    @Test
    void aFileThatFailsAndOneThatWaitsAreTold() {
        start("outbound.acme.max-leads-per-file=1");
        bundle.drop("bad.csv", "name,city\nA,B\n");
        JsonNode failed = awaitEvent("happened", "file-failed");
        assertThat(failed.path("source").asText()).isEqualTo("/outbound/acme");
        assertThat(failed.path("subject").asText()).isEqualTo("bad.csv");
        assertThat(failed.at("/data/text").asText()).contains("no column phoneNumber", "failed/acme");
        assertThat(EventSchemasTest.complaints(failed)).isEmpty();

        bundle.drop("many.csv", LEAD + "crm-2,+14155550102\n");
        JsonNode waits = awaitEvent("began", "approval");
        assertThat(waits.path("subject").asText()).isEqualTo("many.csv");
        bundle.drop("many.csv.approve", "");
        awaitEvent("ended", "approval");
        assertThat(bundle.receipt("many.csv").path("accepted").asInt()).isEqualTo(2);
    }

    @Test
    void aFileThatDidNotComeIsMissedUntilItComes() {
        LocalDateTime soon = LocalDateTime.now().plusSeconds(12);
        start("outbound.acme.expect-file=%d %d %d * * ?".formatted(soon.getSecond(), soon.getMinute(), soon.getHour()));
        assertThat(awaitEvent("began", "file-expected").at("/data/outbound").asText())
                .isEqualTo("acme");

        bundle.drop("leads.csv", LEAD);
        awaitEvent("ended", "file-expected");
        assertThat(told()).hasSize(2);
    }

    @Test
    void aSinkThatFailsIsTold() {
        start("outbound.acme.sinks=http", "outbound.acme.http-sink.url=http://127.0.0.1:9/events");
        bundle.drop("leads.csv", LEAD);

        JsonNode began = awaitEvent("began", "sink");
        assertThat(began.path("subject").asText()).isEqualTo("http");
        assertThat(began.at("/data/text").asText()).startsWith("The sink http of acme fails: ");
    }

    @Test
    void aLedgerOnHoldIsAMailAlthoughNothingElseRuns() throws IOException {
        mails.start();
        start();
        bundle.drop("leads.csv", LEAD);
        bundle.receipt("leads.csv");
        bundle.close();
        try (Stream<Path> files = Files.list(home.resolve("data"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("ledger.sqlite"))
                    .toList()) {
                Files.delete(file);
            }
        }

        start();
        assertThat(mails.waitForIncomingEmail(60_000, 1)).isTrue();
        assertThat(subjects()).singleElement().asString().endsWith(": ledger");
        assertThat(told()).isEmpty();
    }

    @Test
    void aMailServerThatIsAwayHoldsNothingUp() {
        mails.start();
        int port = mails.getSmtp().getPort();
        mails.stop();
        bundle = Bundle.start(
                home,
                api,
                "ops.mail.host=localhost",
                "ops.mail.port=" + port,
                "ops.mail.tls=none",
                "ops.mail.from=pearl@example.com",
                "ops.mail.to=night@example.com",
                "ops.mail.delay=1s");
        bundle.drop("bad.csv", "name,city\nA,B\n");

        await().until(() ->
                bundle.healthDetails().getOrDefault("warnings", "").toString().contains("Mails about"));
        assertThat(bundle.health()).isEqualTo("UP");
        bundle.drop("leads.csv", LEAD);
        assertThat(bundle.receipt("leads.csv").path("accepted").asInt()).isEqualTo(1);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(1);

        GreenMail back = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        back.start();
        try {
            assertThat(back.waitForIncomingEmail(60_000, 1)).isTrue();
            assertThat(subject(back.getReceivedMessages()[0])).contains("file failed bad.csv of acme");
        } finally {
            back.stop();
        }
    }
}
