package dev.pearlroutes.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.TlsFixture;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The enterprise's broker over TLS and with a password, and what is said when it cannot be used. */
class BrokerTest {
    private static final String QUEUE = "nlpearl.leads.acme";
    private static final String LEAD = "{\"externalId\":\"crm-1\",\"phoneNumber\":\"+12125550101\"}";
    private static final String SECRET = "secret-of-the-broker";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private TestBroker broker;
    private Bundle bundle;

    /** All that an operator reads, at the levels of the shipped log4j2.properties. */
    private final List<String> log = new CopyOnWriteArrayList<>();

    private final AbstractAppender recorder = new AbstractAppender("log", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            log.add(event.getLevel() + " " + event.getMessage().getFormattedMessage()
                    + (event.getThrown() == null ? "" : " " + event.getThrown()));
        }
    };

    private final Logger root = LoggerContext.getContext(false).getRootLogger();
    private final Appender console = root.getAppenders().get("console");

    @BeforeEach
    void record() {
        recorder.start();
        root.addAppender(recorder);
        root.removeAppender(console);
        Configurator.setRootLevel(Level.WARN);
        Configurator.setLevel("io.netty.channel.ChannelInitializer", Level.OFF);
        // The client's is off as shipped, the server's is that of the broker, which is none of the program's here.
        Configurator.setLevel("org.apache.activemq.artemis.core", Level.OFF);
    }

    @AfterEach
    void close() {
        stop();
        Configurator.setRootLevel(Level.OFF);
        root.addAppender(console);
        root.removeAppender(recorder);
        api.close();
        if (broker != null) {
            broker.close();
        }
    }

    private void stop() {
        if (bundle != null) {
            bundle.close();
            bundle = null;
        }
    }

    private void start(String url, String... settings) {
        String[] all = IntStream.rangeClosed(0, settings.length)
                .mapToObj(i -> i == 0 ? "jms.broker-url=" + url : settings[i - 1])
                .toArray(String[]::new);
        bundle = Bundle.start(home, api, all);
    }

    private void awaitDown(String... words) {
        await().untilAsserted(() -> assertThat(bundle.brokerHealth()).contains(words));
        assertThat(bundle.brokerHealth()).doesNotContain(SECRET, "crm-user", "trustStoreType=");
        assertThat(log)
                .as("what the log says besides that this is live")
                .filteredOn(line ->
                        !line.startsWith("WARN LIVE: ") && !line.startsWith("WARN No file or message was ever taken "))
                .containsExactly("WARN "
                        + bundle.brokerHealth()
                                .replace(". Queues wait for it", ". Queues wait for it, everything else continues"));
    }

    private void awaitRungOnce() {
        await().until(() -> broker.count(QUEUE) == 0);
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("crm-1", 1));
        assertThat(bundle.brokerHealth()).isEqualTo("UP");
    }

    private static String trusting(String url, Path certificate) {
        return url + "&trustStoreType=PEM&trustStorePath=" + certificate;
    }

    private TlsFixture tls(String folder) throws Exception {
        return TlsFixture.in(Files.createDirectory(home.resolve(folder)));
    }

    @Test
    void leadsOfABrokerThatIsNotTrustedWaitThereUntilItIs() throws Exception {
        TlsFixture tls = tls("tls");
        broker = new TestBroker(home.resolve("broker"));
        String url = broker.tlsUrl(tls);
        broker.start();
        broker.send(QUEUE, TestBroker.text(LEAD));

        start(trusting(url, tls("other").certificate()));
        awaitDown("certificate is not trusted", "trustStorePath", "jms.broker-url (JMS_BROKER_URL)", "authority");
        bundle.drop("l.csv", "externalId,phoneNumber\nfile,12\n");
        assertThat(bundle.receipt("l.csv").path("rejected").asInt())
                .as("files go on")
                .isEqualTo(1);
        assertThat(api.ringsByExternalId()).isEmpty();
        assertThat(broker.count(QUEUE)).isEqualTo(1);
        stop();

        start(trusting(url, tls.certificate()));
        awaitRungOnce();
    }

    @Test
    void aWrongPasswordIsNamedByItsKeyAndLosesNothing() {
        broker = new TestBroker(home.resolve("broker"));
        broker.user("crm-user", SECRET);
        broker.start();
        broker.send(QUEUE, TestBroker.text(LEAD));

        start(broker.url(), "jms.username=crm-user", "jms.password=not-the-" + SECRET);
        awaitDown("refuses the user", "jms.username (JMS_USERNAME)", "jms.password (JMS_PASSWORD)");
        assertThat(broker.count(QUEUE)).isEqualTo(1);
        stop();

        start(broker.url(), "jms.username=crm-user", "jms.password=" + SECRET);
        awaitRungOnce();
    }

    @Test
    void whatIsWrongWithTheAddressIsSaid() throws Exception {
        TlsFixture tls = tls("tls");
        broker = new TestBroker(home.resolve("broker"));
        String url = broker.tlsUrl(tls);
        broker.start();

        try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> refuseInPlainText(other));
            assertThat(problemOf("tcp://127.0.0.1:" + other.getLocalPort() + "?sslEnabled=true&trustAll=true"))
                    .contains("it does not speak TLS as expected", "check port and sslEnabled");
        }
        assertThat(problemOf(trusting(url, home.resolve("gone.pem"))))
                .contains("its certificate cannot be checked", "gone.pem", "trustStorePath");
        assertThat(problemOf(trusting(url, notPem()))).contains("its certificate is not trusted", "trustStorePath");
        // Longer than a name may be, so that nobody is asked for it.
        String nobody = "b".repeat(64) + ".invalid";
        assertThat(problemOf("tcp://" + nobody + ":61616")).contains("there is no host " + nobody);
    }

    private static void refuseInPlainText(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client had enough, or the test has.
            }
        }
    }

    private Path notPem() throws IOException {
        return Files.writeString(home.resolve("not.pem"), "no certificate");
    }

    private static String problemOf(String url) {
        try (ActiveMQConnectionFactory artemis = new ActiveMQConnectionFactory(url)) {
            Broker broker = new Broker(
                    () -> artemis, "b", null, null, artemis.getServerLocator().getStaticTransportConfigurations());
            assertThatThrownBy(broker::createConnection).isInstanceOf(JMSException.class);
            return broker.problem().orElseThrow();
        }
    }
}
