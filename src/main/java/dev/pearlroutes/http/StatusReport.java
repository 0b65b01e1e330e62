package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** The state of the whole program, for people and for the operator's page. */
public final class StatusReport {
    private static final String OWN_CHECKS = "pearl-routes";

    private final List<StatusPart> parts;
    private final boolean sandbox;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    /** @param sandbox whether nobody is called */
    public StatusReport(ApiStatus api, FileStatus files, SinkReport sinks, boolean sandbox, Clock clock) {
        this.parts = List.of(api, files, sinks);
        this.sandbox = sandbox;
        this.clock = clock;
    }

    /** Tells it, as JSON. */
    public String tell(CamelContext context) {
        ObjectNode status = json.createObjectNode();
        status.put("at", clock.instant().toString());
        status.put("sandbox", sandbox);
        addHealth(context, status.putArray("health"));
        parts.forEach(part -> part.addTo(status));
        return status.toString();
    }

    private static void addHealth(CamelContext context, ArrayNode health) {
        HealthCheckHelper.invoke(context).stream()
                .filter(result -> OWN_CHECKS.equals(result.getCheck().getGroup()))
                .sorted(Comparator.comparing(result -> result.getCheck().getId()))
                .forEach(result -> add(health, result));
    }

    private static void add(ArrayNode health, HealthCheck.Result result) {
        ObjectNode check = health.addObject();
        check.put("check", result.getCheck().getId());
        check.put("state", result.getState().name());
        result.getMessage().ifPresent(why -> check.put("why", why));
        Object warnings = result.getDetails().get("warnings");
        if (warnings != null) {
            check.put("warnings", warnings.toString());
        }
    }
}
