package dev.pearlroutes.messaging;

import static dev.pearlroutes.Patience.PATIENCE;

import dev.pearlroutes.Ports;
import dev.pearlroutes.sandbox.TlsFixture;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** An enterprise's broker: Artemis as it comes, on a loopback port, that a test starts, kills and starts again. */
public final class TestBroker implements AutoCloseable {
    private static final String ROLE = "crm";

    private final Path folder;
    private final int port;
    private final List<TransportConfiguration> more = new ArrayList<>();
    private String credentials = "";
    private ActiveMQJAASSecurityManager users;
    private EmbeddedActiveMQ server;

    public TestBroker(Path folder) {
        this(folder, Ports.free());
    }

    private TestBroker(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Has it listen with TLS on another port too. @return the address of that, without what a client trusts */
    public String tlsUrl(TlsFixture tls) {
        int tlsPort = Ports.free();
        more.add(acceptor(Map.of(
                "host",
                "127.0.0.1",
                "port",
                tlsPort,
                "sslEnabled",
                true,
                "keyStoreType",
                "PKCS12",
                "keyStorePath",
                tls.keyStore().toString(),
                "keyStorePassword",
                tls.password())));
        return "tcp://127.0.0.1:" + tlsPort + "?sslEnabled=true";
    }

    /** Has it know one user, and serve no other. To be called before the start. */
    public void user(String name, String password) {
        SecurityConfiguration known = new SecurityConfiguration();
        known.addUser(name, password);
        known.addRole(name, ROLE);
        users = new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), known);
        credentials = "?user=" + name + "&password=" + password;
    }

    /** A broker as a process of its own, until it is killed. @param arguments folder and port */
    public static void main(String[] arguments) {
        new TestBroker(Path.of(arguments[0]), Integer.parseInt(arguments[1])).start();
    }

    public static TestBroker started(Path folder) {
        TestBroker broker = new TestBroker(folder);
        broker.start();
        return broker;
    }

    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    public void start() {
        try {
            server = new EmbeddedActiveMQ();
            Configuration configuration = new ConfigurationImpl()
                    .setPersistenceEnabled(true)
                    .setBindingsDirectory(folder.resolve("bindings").toString())
                    .setJournalDirectory(folder.resolve("journal").toString())
                    .setLargeMessagesDirectory(folder.resolve("large").toString())
                    .setPagingDirectory(folder.resolve("paging").toString())
                    .setSecurityEnabled(users != null)
                    .setJMXManagementEnabled(false)
                    .addAcceptorConfiguration(acceptor(Map.of("host", "127.0.0.1", "port", port)));
            more.forEach(configuration::addAcceptorConfiguration);
            configuration.putSecurityRoles(
                    "#",
                    Set.of(new Role(ROLE, true, true, true, true, true, true, false, true, true, true, false, false)));
            server.setConfiguration(configuration);
            if (users != null) {
                server.setSecurityManager(users);
            }
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TransportConfiguration acceptor(Map<String, Object> parameters) {
        return new TransportConfiguration(
                NettyAcceptorFactory.class.getName(),
                parameters,
                parameters.get("port").toString());
    }

    /** Without a good-bye to its clients, and without waiting for what they are at. */
    public void kill() {
        try {
            server.getActiveMQServer().fail(false);
            server = null;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes one message. */
    @FunctionalInterface
    public interface Maker {
        Message make(Session session) throws JMSException;
    }

    /** Sends messages in one transaction. @return their message ids */
    public List<String> send(String queue, Maker... makers) {
        return send(url() + credentials, queue, List.of(makers));
    }

    /** Sends messages that have no JMSMessageID. */
    public void sendWithoutIds(String queue, Maker... makers) {
        in(url(), session -> {
            var producer = session.createProducer(session.createQueue(queue));
            producer.setDisableMessageID(true);
            for (Maker maker : makers) {
                producer.send(maker.make(session));
            }
            session.commit();
            return null;
        });
    }

    public static List<String> send(String url, String queue, List<Maker> makers) {
        return in(url, session -> {
            var producer = session.createProducer(session.createQueue(queue));
            var ids = new java.util.ArrayList<String>();
            for (Maker maker : makers) {
                Message message = maker.make(session);
                producer.send(message);
                ids.add(message.getJMSMessageID());
            }
            session.commit();
            return ids;
        });
    }

    public static Maker text(String body) {
        return session -> session.createTextMessage(body);
    }

    /** Takes the next message of a queue, for which it waits as long as every test; null when none comes. */
    public Message take(String queue) {
        return take(queue, PATIENCE.toMillis());
    }

    /** Takes the next message of a queue; null when none comes within the wait. */
    public Message take(String queue, long waitMs) {
        return in(url(), session -> {
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            Message message = consumer.receive(waitMs);
            session.commit();
            return message;
        });
    }

    /** How many messages a queue holds, those included that a consumer has and has not acknowledged. */
    public long count(String queue) {
        var found = server.getActiveMQServer().locateQueue(queue);
        return found == null ? 0 : found.getMessageCount();
    }

    /** The messages of a queue, which stay there. */
    public List<?> browse(String queue) {
        return browse(url(), queue);
    }

    public static List<?> browse(String url, String queue) {
        return in(url, session -> {
            Queue destination = session.createQueue(queue);
            try (QueueBrowser browser = session.createBrowser(destination)) {
                Enumeration<?> found = browser.getEnumeration();
                return Collections.list(found);
            }
        });
    }

    private interface Work<T> {
        T in(Session session) throws JMSException;
    }

    private static <T> T in(String url, Work<T> work) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url)) {
            return in(factory, work);
        }
    }

    private static <T> T in(ConnectionFactory factory, Work<T> work) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            return work.in(session);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
