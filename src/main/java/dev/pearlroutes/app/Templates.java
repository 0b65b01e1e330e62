package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;

/** Makes each outbound's routes from the templates, once these are loaded. */
final class Templates {
    private final List<Outbound> outbounds;

    Templates(List<Outbound> outbounds) {
        this.outbounds = outbounds;
    }

    void instantiate(CamelContext context) {
        for (Outbound outbound : outbounds) {
            String name = outbound.name();
            add(context, "process-source", name, Map.of("outbound", name));
            add(context, "resume-sources", name, Map.of("outbound", name));
            add(context, "lead-file-source", name, Map.of("outbound", name));
            add(
                    context,
                    "search-calls",
                    name,
                    Map.of("outbound", name, "cron", outbound.searchCalls().cron()));
            for (String sink : outbound.sinks()) {
                add(context, "deliver-events", name + "-" + sink, Map.of("outbound", name, "sink", sink));
            }
        }
    }

    private static void add(CamelContext context, String template, String instance, Map<String, Object> parameters) {
        TemplatedRouteBuilder.builder(context, template)
                .routeId(template + "-" + instance)
                // Ids of steps are unique in the context, so each instance needs its own.
                .prefixId(instance + "-")
                .parameters(parameters)
                .add();
    }
}
