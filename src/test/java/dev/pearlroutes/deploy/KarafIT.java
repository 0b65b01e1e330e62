package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.pearlroutes.Ports;
import dev.pearlroutes.http.HttpClientOfTest;
import dev.pearlroutes.messaging.TestBroker;
import dev.pearlroutes.rows.WorkbookFile;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import dev.pearlroutes.sandbox.TlsFixture;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle in Karaf: dropped in, refused, updated, removed, installed as a feature; against an API that counts. */
class KarafIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUNNING = "Health is at ";
    private static final String STOPPED = "Stopped. 0 files unfinished";
    private static final String SECRET = "kT3-9_xYq0LmVb7Rz2Wd";
    private static final String NO_NUMBERS = "no-numbers.csv";
    private static final String REFUSED = "pearl-routes cannot start: ";

    @TempDir
    Path temp;

    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private Sandbox secure;
    private TestBroker broker;
    private final int port = Ports.free();
    private final Sandbox plain = options().start();

    @AfterEach
    void closeApis() {
        plain.close();
        if (broker != null) {
            broker.close();
        }
        if (secure != null) {
            secure.close();
        }
        mails.stop();
    }

    @Test
    void runsFromItsDropToItsRemovalAndLeavesNothingBehind() throws Exception {
        Path archive = KarafArchive.find();
        TlsFixture tls = TlsFixture.in(temp);
        secure = options().tls(tls.server()).start();
        broker = TestBroker.started(temp.resolve("broker"));
        mails.start();
        Path home = Files.createDirectory(temp.resolve("karaf with a space"));
        try (Karaf karaf = new Karaf(archive, home)) {
            karaf.start(
                    "-Xmx512m -XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStore="
                            + tls.trustStore() + " -Djavax.net.ssl.trustStorePassword=" + tls.password());
            karaf.awaitLog("Registering commands for bundle org.apache.karaf.shell.ssh", 1);
            Set<String> threads = karaf.threads();

            refusesAWrongConfiguration(karaf);
            sendsAFileOverTlsThatARouteOfTheOwnerBrings(karaf);
            answersAMessage("message-1");
            answersARequestAndTakesAWebhook(karaf);
            sendsAMail(karaf);
            goesOnWhenItIsUpdated(karaf);
            leavesNothingWhenItIsRemoved(karaf, threads);
            runsAsAFeatureUntilKarafEnds(karaf);

            assertThat(karaf.log().filter(line -> line.matches(".*\\| (WARN|ERROR) .*")))
                    .allMatch(line -> line.contains("LIVE: each accepted lead is a phone call")
                            || line.contains("No file or message was ever taken in the data folder " + data(karaf))
                            || line.contains(REFUSED)
                            || line.contains(NO_NUMBERS)
                            || line.contains("Error while starting bundle")
                            // Karaf's own, of each login to its shell: the minimal one has no event admin to send it to
                            // it.
                            || line.contains("EventAdminAuditLoginModule"));
        }
    }

    /** One that shows only when the ledger is open already. */
    private void refusesAWrongConfiguration(Karaf karaf) throws IOException {
        configure(karaf, secure, "Given name = callData.");
        karaf.deployBundle();
        karaf.awaitLog("Error while starting bundle", 1);
        assertThat(karaf.log().filter(line -> line.contains("| ERROR |")))
                .singleElement()
                .asString()
                .contains(REFUSED, "etc/pearl-routes/mappings/crm.properties", "line 1");
        assertThat(karaf.openFiles())
                .noneMatch(file -> file.startsWith(data(karaf).toString()));
    }

    private void sendsAFileOverTlsThatARouteOfTheOwnerBrings(Karaf karaf) throws IOException {
        Path routes = Files.createDirectories(karaf.home().resolve("etc/pearl-routes/routes"));
        Files.copy(Path.of("src/deploy/karaf/bring-leads.camel.yaml"), routes.resolve("bring-leads.camel.yaml"));
        configure(karaf, secure, "Given name = callData.firstName");
        Program.drop(karaf.home().resolve("crm"), "first.csv", lead("first-1"));
        Instant dropped = Instant.now();
        karaf.deployBundle();
        await("the first request")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> secure.requests(Operation.ADD_LEAD) > 0);
        Duration untilPut = Duration.between(dropped, Instant.now());
        karaf.awaitLog(RUNNING, 1);

        assertThat(receipt(karaf, "first.csv").get("accepted").asLong()).isEqualTo(1);
        assertThat(JSON.readTree(secure.received(Operation.ADD_LEAD).get(0).text()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"phoneNumber\":\"+12025550123\",\"externalId\":\"first-1\",\"callData\":{\"firstName\":\"Zoë\"}}"));
        await("a search for calls").until(() -> secure.requests(Operation.GET_CALLS) > 0);
        System.out.println("Karaf: first request " + untilPut.toMillis() + " ms after the drop of the bundle, then "
                + karaf.memory() + " MiB resident");
    }

    private void answersAMessage(String externalId) {
        broker.send("nlpearl.leads.demo", session -> {
            TextMessage message = session.createTextMessage(
                    "{\"phoneNumber\":\"+12025550124\",\"externalId\":\"" + externalId + "\"}");
            message.setJMSReplyTo(session.createQueue("replies"));
            return message;
        });
        assertThat(broker.take("replies"))
                .asInstanceOf(type(TextMessage.class))
                .extracting(KarafIT::text)
                .asString()
                .contains("\"accepted\":1", externalId);
    }

    /** Its server, the description of the API and the parser of bodies come with the bundle. */
    private void answersARequestAndTakesAWebhook(Karaf karaf) {
        HttpClientOfTest client = new HttpClientOfTest(URI.create("http://127.0.0.1:" + port));
        HttpResponse<String> receipt = client.post(
                "/api/outbounds/demo/leads",
                "{\"phoneNumber\":\"+12025550126\",\"externalId\":\"request-1\"}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "order-1",
                "Prefer",
                "wait=30");
        assertThat(receipt.statusCode()).as(receipt.body()).isEqualTo(200);
        JsonNode lead = HttpClientOfTest.json(receipt).at("/leads/0");
        assertThat(lead.get("outcome").asText()).isEqualTo("accepted");

        ObjectNode call = JSON.createObjectNode();
        secure.addCall("ob-1", lead.get("leadId").asText(), json -> call.setAll(json));
        assertThat(client.post("/webhooks/demo/calls", call.toString(), "Authorization", "Bearer " + SECRET)
                        .statusCode())
                .isEqualTo(200);
        Path results = data(karaf).resolve("results/demo");
        await("the event of the call").until(() -> {
            try (Stream<Path> files = Files.list(results)) {
                return files.anyMatch(file ->
                        contains(file, "ai.nlpearl.call.final", call.get("id").asText()));
            }
        });

        assertThat(client.get("/").body()).contains("<title>pearl-routes</title>");
        HttpResponse<String> description = client.get("/api/openapi.json");
        assertThat(description.statusCode()).isEqualTo(200);
        assertThat(HttpClientOfTest.json(description).get("paths").has("/api/outbounds/{name}/leads"))
                .isTrue();
    }

    /** Its parts find each other by files below META-INF of the bundle's jars. */
    private void sendsAMail(Karaf karaf) throws IOException {
        Program.drop(data(karaf).resolve("inbox/demo"), NO_NUMBERS, "name\nZoë\n");
        await("the mail").until(() -> mails.getReceivedMessages().length > 0);
        try {
            assertThat(mails.getReceivedMessages()[0].getSubject())
                    .endsWith(": file failed " + NO_NUMBERS + " of demo");
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean contains(Path file, String... words) {
        try {
            return Files.readString(file)
                    .lines()
                    .anyMatch(line -> Stream.of(words).allMatch(line::contains));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(TextMessage message) {
        try {
            return message.getText();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private void goesOnWhenItIsUpdated(Karaf karaf) throws IOException {
        configure(karaf, plain, "Given name = callData.firstName");
        karaf.deployBundle();
        karaf.awaitLog(RUNNING, 2);
        assertThat(karaf.log().filter(line -> line.contains(STOPPED))).hasSize(1);

        Program.drop(karaf.home().resolve("crm"), "second.csv", lead("second-1") + "+12025550123,first-1,Zoë\n");

        JsonNode receipt = receipt(karaf, "second.csv");
        assertThat(receipt.get("accepted").asLong()).isEqualTo(1);
        assertThat(receipt.get("duplicate").asLong()).isEqualTo(1);
        answersAMessage("message-2");
        sendsAWorkbook(karaf);
        assertThat(secure.ringsByExternalId()).isEqualTo(Map.of("first-1", 1, "message-1", 1, "request-1", 1));
        assertThat(plain.ringsByExternalId()).isEqualTo(Map.of("second-1", 1, "message-2", 1, "4001", 1));
    }

    /** The parser is the JDK's, which the framework shows only to bundles that name its package. */
    private void sendsAWorkbook(Karaf karaf) throws IOException {
        byte[] workbook = WorkbookFile.of(
                        "Leads",
                        WorkbookFile.row("phoneNumber", "externalId", "Given name"),
                        WorkbookFile.row("+12025550125", 4001, "Zoë"))
                .bytes();
        Program.drop(data(karaf).resolve("inbox/demo"), "fourth.xlsx", workbook);
        assertThat(receipt(karaf, "fourth.xlsx").get("accepted").asLong()).isEqualTo(1);
    }

    private void leavesNothingWhenItIsRemoved(Karaf karaf, Set<String> threadsBefore) throws Exception {
        karaf.undeployBundle();
        karaf.awaitLog(STOPPED, 2);

        await("the end of its threads")
                .untilAsserted(() -> assertThat(karaf.threads().stream()
                                .filter(name -> !threadsBefore.contains(name))
                                .collect(Collectors.toSet()))
                        // The JDK's own: it waits for the ends of processes, and answers jcmd.
                        .allMatch(name -> name.matches("process reaper.*|Attach Listener")));
        assertThat(karaf.openFiles())
                .noneMatch(file -> file.startsWith(data(karaf).toString()) || file.contains("pearl"));
        try (FileChannel lock = FileChannel.open(data(karaf).resolve("ledger.sqlite.lock"), StandardOpenOption.WRITE);
                var held = lock.tryLock()) {
            assertThat(held).isNotNull();
        }
    }

    private void runsAsAFeatureUntilKarafEnds(Karaf karaf) throws Exception {
        karaf.installFeature();
        karaf.awaitLog(RUNNING, 3);
        Program.drop(karaf.home().resolve("crm"), "third.csv", lead("third-1"));
        assertThat(receipt(karaf, "third.csv").get("accepted").asLong()).isEqualTo(1);
        String bundles = karaf.run("bundle:list");
        System.out.println(bundles);
        assertThat(bundles).containsPattern("Active.*pearl-routes");

        karaf.terminate();

        assertThat(karaf.log().filter(line -> line.contains(STOPPED))).hasSize(3);
        assertThat(plain.ringsByExternalId()).isEqualTo(Map.of("second-1", 1, "message-2", 1, "4001", 1, "third-1", 1));
    }

    private static SandboxOptions options() {
        return new SandboxOptions().token("account:secret").outbound("ob-1", "Demo");
    }

    private void configure(Karaf karaf, Sandbox api, String mapping) throws IOException {
        Path etc = karaf.home().resolve("etc/pearl-routes");
        Files.createDirectories(etc.resolve("mappings"));
        Files.writeString(etc.resolve("mappings/crm.properties"), mapping + "\n");
        Files.write(
                etc.resolve("application.properties"),
                List.of(
                        "nlpearl.sandbox=false",
                        "nlpearl.token=account:secret",
                        "nlpearl.base-url=" + api.url(),
                        "http.port=" + port,
                        "outbound.demo.webhook-secret=" + SECRET,
                        "ops.mail.host=127.0.0.1",
                        "ops.mail.port=" + mails.getSmtp().getPort(),
                        "ops.mail.tls=none",
                        "ops.mail.from=pearl@example.com",
                        "ops.mail.to=night@example.com",
                        "ops.mail.delay=1s",
                        "jms.broker-url=" + broker.url(),
                        "outbound.demo.id=ob-1",
                        "outbound.demo.search-calls.cron=* * * * * ?",
                        "outbound.demo.mapping=mappings/crm.properties"));
    }

    private static Path data(Karaf karaf) {
        return karaf.home().resolve("pearl-routes/data");
    }

    private static String lead(String externalId) {
        return "phoneNumber,externalId,Given name\n+12025550123," + externalId + ",Zoë\n";
    }

    private static JsonNode receipt(Karaf karaf, String file) throws IOException {
        Path receipt = data(karaf).resolve("done/demo").resolve(file + ".receipt.json");
        await(receipt.toString()).pollInterval(Duration.ofMillis(50)).until(() -> Files.exists(receipt));
        JsonNode json = JSON.readTree(receipt.toFile());
        Receipt.assertAddsUp(json);
        return json;
    }
}
