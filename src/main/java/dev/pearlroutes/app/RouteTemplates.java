package dev.pearlroutes.app;

import dev.pearlroutes.calls.SearchTimes;
import dev.pearlroutes.config.HttpTarget;
import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Ops;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.messaging.LeadQueue;
import dev.pearlroutes.model.Source;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;

/** The routes of each outbound, made from the templates once these are loaded. */
final class RouteTemplates {
    /** This sink appends many events at once; every other sink gets one at a time and may refuse it. */
    private static final String FILE_SINK = "file";

    /** Events at once. */
    private static final int MOST_OF_FILE_SINK = 500;

    /** Method of the throttle that waits for requests which call nobody. */
    private static final String AWAIT = "await";

    private final Settings settings;
    private final DataFolders folders;
    private final Map<String, HttpTarget> httpSinks;
    private final Map<String, String> jmsSinkQueues;

    RouteTemplates(Settings settings, DataFolders folders) {
        this.settings = settings;
        this.folders = folders;
        this.httpSinks = settings.httpSinks();
        this.jmsSinkQueues = settings.jmsSinkQueues();
    }

    /** Lists the sinks that may refuse an event, each once. */
    Set<String> refusing() {
        Set<String> sinks = new TreeSet<>();
        settings.sinks().values().forEach(sinks::addAll);
        sinks.remove(FILE_SINK);
        return sinks;
    }

    void instantiate(CamelContext context) {
        callApi(context, "post-probe", "POST", AWAIT);
        callApi(context, "get-from-api-request", "GET", AWAIT);
        callApi(context, "post-search-leads", "POST", AWAIT);
        callApi(context, "post-search-calls", "POST", "awaitSearch");
        callApi(context, "put-update-lead", "PUT", "awaitLead(${variable.row})");
        add(context, "ask-rows", "update-row", Map.of("row-route", "update-row"));
        add(context, "ask-rows", "look-up-row", Map.of("row-route", "look-up-row"));
        Map<String, String> searchTimes = SearchTimes.of(settings.outbounds());
        for (Outbound outbound : settings.outbounds()) {
            String name = outbound.name();
            for (Source.Operation operation : Source.Operation.values()) {
                if (operation.dropped()) {
                    leadFiles(context, name, operation);
                }
            }
            add(context, "search-calls", name, Map.of("outbound", name, "cron", searchTimes.get(name)));
            add(context, "replay-events", name, Map.of("outbound", name));
        }
        settings.sinks().forEach((outbound, sinks) -> sinks.forEach(sink -> addSink(context, outbound, sink)));
        refusing().forEach(sink -> add(context, "retry-undelivered", sink, Map.of("sink", sink)));
        if (settings.jms().on()) {
            queueSources(context);
        }
    }

    /** Adds the routes that look for troubles, where they are reported to somebody. */
    void instantiateOps(CamelContext context) {
        Ops ops = settings.ops();
        if (ops.on()) {
            TemplatedRouteBuilder.builder(context, "watch-troubles")
                    .routeId("watch-troubles")
                    .add();
        }
        if (ops.mail() != null) {
            TemplatedRouteBuilder.builder(context, "send-mail")
                    .routeId("send-mail")
                    .parameters(Map.of(
                            "host",
                            ops.mail().host(),
                            "port",
                            ops.mail().port(),
                            "from",
                            ops.mail().from(),
                            "to",
                            String.join(",", ops.mail().to())))
                    .add();
        }
    }

    private void addSink(CamelContext context, String name, String sink) {
        add(context, sink + "-sink", name, sinkParameters(name, sink));
        add(
                context,
                "deliver-events",
                name + "-" + sink,
                Map.of("outbound", name, "sink", sink, "most", sink.equals(FILE_SINK) ? MOST_OF_FILE_SINK : 1));
    }

    /** Returns the parameters of a sink's template: the outbound, and those of the sink. */
    private Map<String, Object> sinkParameters(String outbound, String sink) {
        return switch (sink) {
            case "jms" -> Map.of("outbound", outbound, "queue", jmsSinkQueues.get(outbound));
            case "http" ->
                Map.of("outbound", outbound, "address", httpSinks.get(outbound).address());
            default -> Map.of("outbound", outbound);
        };
    }

    /** Adds the route that takes the files of one folder of the inbox. */
    private void leadFiles(CamelContext context, String outbound, Source.Operation operation) {
        // A name that no outbound can have, so that no two instances are one.
        String instance = operation == Source.Operation.ADD ? outbound : outbound + "/" + operation.word();
        String folder =
                folders.data().relativize(folders.inbox(outbound, operation)).toString();
        add(
                context,
                "lead-file-source",
                instance,
                Map.of("outbound", outbound, "operation", operation.name(), "folder", folder));
    }

    /**
     * Adds the routes that take messages. On a queue of all outbounds each outbound has consumers of its own, so that one whose circuit
     * is open holds up no other; the last consumer sends messages that name no outbound to the dead letters.
     */
    private void queueSources(CamelContext context) {
        for (Outbound outbound : settings.outbounds()) {
            String name = outbound.name();
            String own = "outbound = '" + name + "'";
            leads(context, name, outbound.leadQueue(), name, "", consumers());
            leads(context, name + "/shared", Jms.LEADS, name, own, consumers());
            updates(context, name + "/updates", name, own);
        }
        String others = settings.outbounds().stream()
                .map(outbound -> "outbound <> '" + outbound.name() + "'")
                .collect(Collectors.joining(" AND ", "outbound IS NULL OR ", ""));
        leads(context, "(others)", Jms.LEADS, LeadQueue.BY_PROPERTY, others, 1);
        updates(context, "(others)/updates", LeadQueue.BY_PROPERTY, others);
    }

    private int consumers() {
        return settings.jms().consumers();
    }

    private static void leads(
            CamelContext context, String instance, String queue, String outbound, String selector, int consumers) {
        add(
                context,
                "lead-queue-source",
                instance,
                Map.of(
                        "queue", queue,
                        "outbound", outbound,
                        "selector", selector,
                        "operation", Source.Operation.ADD.name(),
                        "consumers", consumers,
                        "container", "#bean:messageGroups"));
    }

    /** Takes one message after another: of two updates of a lead the later one has to win. */
    private static void updates(CamelContext context, String instance, String outbound, String selector) {
        add(
                context,
                "lead-queue-source",
                instance,
                Map.of(
                        "queue",
                        Jms.LEAD_UPDATES,
                        "outbound",
                        outbound,
                        "selector",
                        selector,
                        "operation",
                        Source.Operation.UPDATE.name(),
                        "consumers",
                        1,
                        "container",
                        "#bean:messagesInOrder"));
    }

    /** Makes the route of one operation, whose step that leaves the process keeps its own id. */
    private static void callApi(CamelContext context, String step, String httpMethod, String throttle) {
        TemplatedRouteBuilder.builder(context, "call-api")
                .routeId("call-api-" + step)
                .parameters(Map.of("step", step, "http-method", httpMethod, "throttle", throttle))
                .add();
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
