package dev.pearlroutes.app;

import dev.pearlroutes.updates.FailedStops;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The health of the stops: DOWN while a lead that must not be called any more, by a suppression list or a recall, could not be
 * stopped and no person has taken note.
 */
final class StopHealthCheck extends AbstractHealthCheck {
    private final FailedStops failedStops;

    StopHealthCheck(FailedStops failedStops) {
        super("pearl-routes", "stops");
        this.failedStops = failedStops;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        failedStops
                .outbounds()
                .forEach(outbound -> builder.detail(outbound + " not stopped", failedStops.count(outbound)));
        List<String> problems = failedStops.problems();
        if (problems.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join(" ", problems)).down();
        }
    }
}
