package dev.pearlroutes.messaging;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.LocalPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** An Artemis broker inside this process, for this machine only; its messages are on disk. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String ROLE = "pearl-routes";
    private static final String EVERY_QUEUE = "#";

    /** Most deliveries of a message: enough for any failure but that of a message that ends the process each time. */
    private static final int DELIVERIES = 100;

    private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    private final int port;
    private final CompletableFuture<Void> start;

    /**
     * Begins to start it, in a thread of its own: it takes a quarter of the program's start.
     *
     * @param folder of its journal
     * @param anyPort whether a free port will do when the configured one is taken
     * @throws ConfigurationException when the port is in use
     */
    public EmbeddedBroker(Path folder, Jms jms, boolean anyPort) {
        this.port = LocalPort.find("jms.port", LocalPort.LOOPBACK, jms.port(), anyPort);
        this.start = CompletableFuture.runAsync(
                () -> start(folder, jms), work -> new Thread(work, "embedded-broker").start());
    }

    /** Waits until it runs. @throws IllegalStateException when it cannot start */
    public void awaitStart() {
        try {
            start.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    private void start(Path folder, Jms jms) {
        try {
            makePrivate(folder);
            server.setConfiguration(configuration(folder, jms));
            if (jms.password() != null) {
                server.setSecurityManager(security(jms));
            }
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker cannot start in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Returns the address for clients on this machine. */
    public String url() {
        return "tcp://" + HOST + ":" + port;
    }

    @Override
    public void close() {
        try {
            start.handle((started, failure) -> started).join();
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker did not stop", e);
        }
    }

    private Configuration configuration(Path folder, Jms jms) throws Exception {
        AddressSettings settings = new AddressSettings()
                .setMaxDeliveryAttempts(DELIVERIES)
                .setRedeliveryDelay(1_000)
                .setDeadLetterAddress(SimpleString.of(jms.deadLetterQueue()))
                .setExpiryAddress(SimpleString.of(jms.deadLetterQueue()))
                // A lead must not vanish because its queue is empty for a while, or somebody's client is not connected.
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false);
        Configuration configuration = new ConfigurationImpl()
                .setName("pearl-routes")
                .setPersistenceEnabled(true)
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setJournalDirectory(folder.resolve("journal").toString())
                .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setSecurityEnabled(jms.password() != null)
                .setJMXManagementEnabled(false)
                .addAddressSetting(EVERY_QUEUE, settings)
                // One that waits to come again would be overtaken, and the earlier of two updates win. It comes no
                // sooner for that:
                // who could not work on it rests first.
                .addAddressSetting(Jms.LEAD_UPDATES, new AddressSettings().setRedeliveryDelay(0))
                .addQueueConfiguration(
                        QueueConfiguration.of(jms.deadLetterQueue()).setRoutingType(RoutingType.ANYCAST))
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(), Map.of("host", HOST, "port", port, "protocols", "CORE")));
        configuration.putSecurityRoles(EVERY_QUEUE, Set.of(everything()));
        return configuration;
    }

    private static Role everything() {
        return new Role(ROLE, true, true, true, true, true, true, false, true, true, true, false, false);
    }

    private static ActiveMQJAASSecurityManager security(Jms jms) {
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser(jms.username(), jms.password().reveal());
        users.addRole(jms.username(), ROLE);
        return new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users);
    }

    /** Closes the folder to other users, since messages are leads. */
    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
