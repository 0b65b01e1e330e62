package dev.pearlroutes.messaging;

import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Settings;
import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnector;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsComponent;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** The connections to the broker of the settings, in this process or outside it, and the component that uses them. */
public final class BrokerConnections implements AutoCloseable {
    private final EmbeddedBroker embedded;
    private final String url;
    private final Broker broker;
    private final JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
    private CamelContext context;

    /** Begins to start the embedded broker when that is the one. To be made only when queues are on. */
    public BrokerConnections(Settings settings) {
        Jms jms = settings.jms();
        this.embedded = jms.embedded()
                ? new EmbeddedBroker(settings.dataDir().resolve("broker"), jms, settings.sandbox() && !jms.portChosen())
                : null;
        this.url = embedded == null ? jms.brokerUrl() : embedded.url();
        if (jms.bean() == null) {
            ActiveMQConnectionFactory artemis = artemis();
            TransportConfiguration[] connectors = artemis.getServerLocator().getStaticTransportConfigurations();
            this.broker = new Broker(() -> artemis, address(), jms.username(), jms.password(), connectors);
        } else {
            this.broker = new Broker(() -> bean(jms.bean()), address(), jms.username(), jms.password());
        }
    }

    /**
     * Sets the component up, once the embedded broker runs: consumers have connections of their own, and whoever sends borrows one.
     *
     * @throws IllegalStateException when the embedded broker cannot start
     */
    public void connect(CamelContext camel) {
        if (embedded != null) {
            embedded.awaitStart();
        }
        this.context = camel;
        pool.setConnectionFactory(broker);
        JmsComponent jms = camel.getComponent("jms", JmsComponent.class);
        jms.setConnectionFactory(pool);
        jms.getConfiguration().setListenerConnectionFactory(broker);
    }

    /** The broker, which knows whether it can be used. */
    public Broker broker() {
        return broker;
    }

    /** Answers with the address of the broker, without parameters. */
    public String address() {
        return url.replaceFirst("\\?.*", "");
    }

    @Override
    public void close() {
        pool.stop();
        if (embedded != null) {
            embedded.close();
        }
    }

    private ConnectionFactory bean(String name) {
        return context.getRegistry().lookupByNameAndType(name, ConnectionFactory.class);
    }

    private ActiveMQConnectionFactory artemis() {
        ActiveMQConnectionFactory artemis = new ActiveMQConnectionFactory(url);
        // No object of a message is ever read; if one were, no class is allowed.
        artemis.setDeserializationDenyList("*");
        return artemis;
    }

    /** Ends the threads of the broker's client, which keep their classes in memory for 10 s more. */
    public static void endClientThreads() {
        NettyConnector.clearThreadPools();
        ActiveMQClient.clearThreadPools();
    }
}
