package dev.pearlroutes.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import org.apache.camel.health.HealthCheck;

/** Gauges of the program's own health checks. */
final class HealthMetrics {
    private final Collection<HealthCheck> checks;

    HealthMetrics(Collection<HealthCheck> checks) {
        this.checks = checks;
    }

    void bind(MeterRegistry registry) {
        checks.forEach(check -> Gauges.register(
                registry,
                "pearl.health",
                "1 while the check is UP, 0 while it is DOWN",
                Tags.of("check", check.getId()),
                () -> check.call().getState() == HealthCheck.State.UP ? 1 : 0));
    }
}
