package dev.pearlroutes.messaging;

import dev.pearlroutes.config.Secret;
import dev.pearlroutes.files.LogText;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection factory of the broker, which logs once when the broker goes, when the cause changes, and when it is back, whatever the
 * number of attempts.
 */
public final class Broker implements ConnectionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final Supplier<ConnectionFactory> provider;
    private final String name;
    private final String username;
    private final Secret password;
    private final TransportConfiguration[] connectors;
    private final AtomicReference<String> problem = new AtomicReference<>();

    /**
     * @param name of the broker for people
     * @param username null when there is none
     * @param password null when there is none
     * @param connectors where Artemis's client tries to connect; none for another provider's
     */
    public Broker(
            Supplier<ConnectionFactory> provider,
            String name,
            String username,
            Secret password,
            TransportConfiguration... connectors) {
        this.provider = provider;
        this.name = name;
        this.username = username;
        this.password = password;
        this.connectors = connectors.clone();
    }

    /** Returns why there is no connection now; empty while all is well. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem.get());
    }

    @Override
    public Connection createConnection() throws JMSException {
        return username == null
                ? reporting(() -> provider.get().createConnection())
                : createConnection(username, password == null ? null : password.reveal());
    }

    @Override
    public Connection createConnection(String user, String secret) throws JMSException {
        return reporting(() -> provider.get().createConnection(user, secret));
    }

    private interface Attempt {
        Connection connect() throws JMSException;
    }

    private Connection reporting(Attempt attempt) throws JMSException {
        try {
            Connection connection = attempt.connect();
            if (problem.getAndSet(null) != null) {
                LOG.info("The broker {} is back", name);
            }
            return connection;
        } catch (JMSException | RuntimeException e) {
            Optional<String> diagnosis = Diagnosis.of(e, connectors);
            String reason = "the broker " + name + " cannot be used: "
                    + diagnosis.orElseGet(() -> LogText.printable(String.valueOf(e.getMessage())));
            String before = problem.getAndSet(reason + ". Queues wait for it");
            // A provider may word the same failure differently each time.
            if (before == null || diagnosis.isPresent() && !before.startsWith(reason)) {
                LOG.warn("{}. Queues wait for it, everything else continues", reason);
            }
            throw e;
        }
    }

    @Override
    public JMSContext createContext() {
        return provider.get().createContext();
    }

    @Override
    public JMSContext createContext(String user, String secret) {
        return provider.get().createContext(user, secret);
    }

    @Override
    public JMSContext createContext(String user, String secret, int sessionMode) {
        return provider.get().createContext(user, secret, sessionMode);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return provider.get().createContext(sessionMode);
    }
}
