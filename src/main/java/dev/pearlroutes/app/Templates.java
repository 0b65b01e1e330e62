package dev.pearlroutes.app;

import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.ledger.Source;
import dev.pearlroutes.messaging.LeadQueue;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;

/** Makes each outbound's routes from the templates, once these are loaded. */
final class Templates {
    /** The file sink appends many events at once; every other one is handed one at a time and may refuse it. */
    private static final String FILE_SINK = "file";

    private static final int MOST_OF_FILE_SINK = 500;

    /** No outbound can have this name. */
    private static final String SHARED = "(shared)";

    private final Settings settings;
    private final Folders folders;

    Templates(Settings settings, Folders folders) {
        this.settings = settings;
        this.folders = folders;
    }

    /** The sinks that may refuse an event, each once. */
    Set<String> refusing() {
        Set<String> sinks = new TreeSet<>();
        settings.outbounds().forEach(outbound -> sinks.addAll(outbound.sinks()));
        sinks.remove(FILE_SINK);
        return sinks;
    }

    void instantiate(CamelContext context) {
        for (Outbound outbound : settings.outbounds()) {
            String name = outbound.name();
            for (Source.Operation operation : Source.Operation.values()) {
                intake(context, name, operation);
            }
            add(
                    context,
                    "search-calls",
                    name,
                    Map.of("outbound", name, "cron", outbound.searchCalls().cron()));
            add(context, "replay-events", name, Map.of("outbound", name));
            outbound.sinks().forEach(sink -> addSink(context, outbound, sink));
        }
        refusing().forEach(sink -> add(context, "retry-undelivered", sink, Map.of("sink", sink)));
        if (settings.jms().on()) {
            leadQueues(context);
        }
    }

    private static void addSink(CamelContext context, Outbound outbound, String sink) {
        String name = outbound.name();
        add(context, sink + "-sink", name, sinkParameters(outbound, sink));
        add(
                context,
                "deliver-events",
                name + "-" + sink,
                Map.of("outbound", name, "sink", sink, "most", sink.equals(FILE_SINK) ? MOST_OF_FILE_SINK : 1));
    }

    /** What the template of a sink's route takes: the outbound, and what is the sink's own. */
    private static Map<String, Object> sinkParameters(Outbound outbound, String sink) {
        return switch (sink) {
            case "jms" -> Map.of("outbound", outbound.name(), "queue", outbound.jmsSinkQueue());
            case "http" ->
                Map.of(
                        "outbound",
                        outbound.name(),
                        "address",
                        outbound.httpSink().address());
            default -> Map.of("outbound", outbound.name());
        };
    }

    /** The routes that take the files of one folder of the inbox and work on them. */
    private void intake(CamelContext context, String outbound, Source.Operation operation) {
        String instance = operation == Source.Operation.ADD ? outbound : operation.word() + "-" + outbound;
        String process = "source";
        if (operation == Source.Operation.ADD) {
            add(context, "process-source", outbound, Map.of("outbound", outbound));
        } else if (operation == Source.Operation.CHECK) {
            process = "check";
            add(context, "process-check", outbound, Map.of("outbound", outbound));
        } else {
            process = "rows-" + operation.word();
            String rowRoute = operation == Source.Operation.LOOKUP ? "look-up-row" : "update-row";
            add(context, "process-rows", instance, Map.of("queue", instance, "row-route", rowRoute));
        }
        add(
                context,
                "resume-sources",
                instance,
                Map.of("outbound", outbound, "operation", operation.name(), "process", process));
        if (!operation.dropped()) {
            return;
        }
        String folder =
                folders.data().relativize(folders.inbox(outbound, operation)).toString();
        add(
                context,
                "lead-file-source",
                instance,
                Map.of("outbound", outbound, "operation", operation.name(), "folder", folder, "process", process));
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
