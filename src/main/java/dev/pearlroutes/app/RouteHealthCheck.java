package dev.pearlroutes.app;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The health of all routes together: DOWN while one does not run that Camel starts by itself. Camel's own checks are one for each route,
 * which nobody reads.
 */
final class RouteHealthCheck extends AbstractHealthCheck {
    private static final int MOST_NAMED = 8;

    RouteHealthCheck() {
        super("pearl-routes", "routes");
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        CamelContext context = getCamelContext();
        List<Route> routes = context.getRoutes();
        List<String> ended = routes.stream()
                .filter(route -> Boolean.TRUE.equals(route.isAutoStartup()) && !runs(context, route))
                .map(Route::getRouteId)
                .sorted()
                .toList();
        builder.detail("running", routes.size() - ended.size());
        builder.detail("not running", ended.size());
        if (ended.isEmpty()) {
            builder.up();
        } else {
            builder.message(ended.size() + " of " + routes.size() + " routes do not run: "
                            + String.join(", ", ended.subList(0, Math.min(MOST_NAMED, ended.size())))
                            + (ended.size() > MOST_NAMED ? ", …" : "")
                            + ". Look for the first ERROR line of the log, correct what it names, and start the"
                            + " program again.")
                    .down();
        }
    }

    private static boolean runs(CamelContext context, Route route) {
        ServiceStatus status = context.getRouteController().getRouteStatus(route.getRouteId());
        return status == null || status.isStarted() || status.isStarting();
    }
}
