package dev.pearlroutes.app;

import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.messaging.LeadQueue;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;

/** Makes each outbound's routes from the templates, once these are loaded. */
final class Templates {
    /** No outbound can have this name. */
    private static final String SHARED = "(shared)";

    private final Settings settings;

    Templates(Settings settings) {
        this.settings = settings;
    }

    void instantiate(CamelContext context) {
        for (Outbound outbound : settings.outbounds()) {
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
        if (settings.jms().on()) {
            leadQueues(context);
        }
    }

    private void leadQueues(CamelContext context) {
        for (Outbound outbound : settings.outbounds()) {
            leadQueue(context, outbound.name(), outbound.leadQueue(), outbound.name());
        }
        leadQueue(context, SHARED, Jms.LEADS, LeadQueue.BY_PROPERTY);
    }

    private static void leadQueue(CamelContext context, String instance, String queue, String outbound) {
        add(context, "lead-queue-source", instance, Map.of("queue", queue, "outbound", outbound));
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
