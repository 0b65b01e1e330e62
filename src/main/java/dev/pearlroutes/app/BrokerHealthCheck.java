package dev.pearlroutes.app;

import dev.pearlroutes.messaging.Broker;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The health check of the broker: DOWN while it cannot be used. */
public final class BrokerHealthCheck extends AbstractHealthCheck {
    private final Broker broker;

    public BrokerHealthCheck(Broker broker) {
        super("pearl-routes", "broker");
        this.broker = broker;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        broker.problem().ifPresentOrElse(reason -> builder.message(reason).down(), builder::up);
    }
}
