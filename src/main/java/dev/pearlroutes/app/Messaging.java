package dev.pearlroutes.app;

import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.messaging.Broker;
import dev.pearlroutes.messaging.EmbeddedBroker;
import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.Main;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** The broker of the settings, in this process or outside it, and the JMS component connected to it. */
final class Messaging implements AutoCloseable {
    private final EmbeddedBroker embedded;
    private final String url;
    private final Broker broker;
    private final JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();

    /** Starts the embedded broker when the settings name it. To be made only when queues are on. */
    Messaging(Settings settings, Main camel) {
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
            this.broker = new Broker(() -> bean(camel, jms.bean()), address(), jms.username(), jms.password());
        }
        camel.bind("broker-health-check", new BrokerHealthCheck(broker));
    }

    /** Connects the component: consumers have connections of their own, senders borrow one. */
    void connect(CamelContext context) {
        pool.setConnectionFactory(broker);
        JmsComponent jms = context.getComponent("jms", JmsComponent.class);
        jms.setConnectionFactory(pool);
        jms.getConfiguration().setListenerConnectionFactory(broker);
    }

    /** Returns the address of the broker, without parameters. */
    String address() {
        return url.replaceFirst("\\?.*", "");
    }

    @Override
    public void close() {
        pool.stop();
        if (embedded != null) {
            embedded.close();
        }
    }

    private static ConnectionFactory bean(Main camel, String name) {
        return camel.getCamelContext().getRegistry().lookupByNameAndType(name, ConnectionFactory.class);
    }

    private ActiveMQConnectionFactory artemis() {
        ActiveMQConnectionFactory artemis = new ActiveMQConnectionFactory(url);
        // No object of a message is ever read; if one were, no class is allowed.
        artemis.setDeserializationDenyList("*");
        return artemis;
    }
}
