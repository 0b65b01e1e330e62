package dev.pearlroutes.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The routes as a Mermaid diagram of who calls whom, and as a table of what starts each of them. */
final class RouteDiagram {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> PRODUCERS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich", "poll");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^}]*}}|\\$\\{[^}]*}");
    private static final String API = "NLPearl API";

    /** The API's operation by the id of the step that asks for it; a step that is not here shows its method. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "put-add-lead", "PUT …/Lead",
            "put-update-lead", "PUT …/Lead/{leadId}",
            "post-search-calls", "POST …/Calls",
            "post-search-leads", "POST …/Leads",
            "post-probe", "POST …/Leads",
            "get-from-api-request", "GET a lead or a call");

    /**
     * @param room the folder of its file; empty for one beside the folders
     * @param from its consumer; missing in a configuration of errors
     */
    private record Route(String id, String room, String description, JsonNode from, JsonNode yaml) {
        /** A mark of its own for each way in which a route begins. */
        String node() {
            String scheme = scheme(from);
            return switch (scheme) {
                case "direct" -> name(id) + "[" + id + "]";
                case "seda" -> name(id) + "[[" + id + "]]";
                case "" -> name(id) + "{{" + id + "}}";
                default -> name(id) + "([" + id + "])";
            };
        }
    }

    private final List<Route> routes = new ArrayList<>();
    private final Set<String> edges = new LinkedHashSet<>();
    private final Set<String> drawn = new TreeSet<>();
    private final Map<String, String> outside = new TreeMap<>();

    /** @param files text by path of each route file, such as {@code routes/intake/process-source.camel.yaml} */
    RouteDiagram(Map<String, String> files) {
        new TreeMap<>(files).forEach((path, text) -> {
            String[] parts = path.replace('\\', '/').split("/");
            String room = parts.length > 2 ? parts[parts.length - 2] : "";
            read(text).forEach(entry -> add(room, entry));
        });
        routes.forEach(this::connect);
    }

    /** The text between the markers of the page. */
    String markdown() {
        return "```mermaid\n" + mermaid() + "```\n\n" + table();
    }

    private String mermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        Map<String, List<Route>> rooms = routes.stream()
                .filter(route -> drawn.contains(route.id()))
                .collect(Collectors.groupingBy(Route::room, TreeMap::new, Collectors.toList()));
        rooms.forEach((room, inside) -> {
            String title = room.isEmpty() ? "errors" : room;
            text.append("  subgraph room_")
                    .append(name(title))
                    .append("[")
                    .append(title)
                    .append("]\n");
            inside.forEach(route -> text.append("    ").append(route.node()).append("\n"));
            text.append("  end\n");
        });
        outside.forEach((label, node) -> text.append("  ").append(node).append("\n"));
        edges.forEach(edge -> text.append("  ").append(edge).append("\n"));
        return text.toString();
    }

    private String table() {
        StringBuilder text = new StringBuilder("| Room | Route | Starts | What it does |\n|---|---|---|---|\n");
        for (Route route : routes) {
            text.append("| ")
                    .append(route.room().isEmpty() ? "–" : "`" + route.room() + "`")
                    .append(" | `")
                    .append(route.id())
                    .append("` | ")
                    .append(start(route.from()))
                    .append(" | ")
                    .append(route.description().replace("|", "\\|"))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static Iterable<JsonNode> read(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String room, JsonNode entry) {
        JsonNode rest = entry.path("rest");
        if (rest.isObject()) {
            routes.add(new Route(
                    rest.path("id").asText(),
                    room,
                    rest.path("description").asText(),
                    YAML.createObjectNode().put("uri", "rest"),
                    rest));
            return;
        }
        JsonNode configuration = entry.path("routeConfiguration");
        JsonNode template = entry.path("routeTemplate");
        JsonNode outer =
                configuration.isObject() ? configuration : template.isObject() ? template : entry.path("route");
        JsonNode route = template.isObject() ? template.path("route") : outer;
        routes.add(new Route(
                outer.path("id").asText(),
                room,
                outer.path("description").asText(),
                configuration.isObject() ? YAML.missingNode() : route.path("from"),
                outer));
    }

    private void connect(Route route) {
        String from = scheme(route.from());
        if (from.equals("file")) {
            String folder = plain(route.from().path("parameters").path("directoryName"));
            edge(outer("data folder", "[(data folder)]"), "|" + quoted(folder) + "|", route);
        } else if (from.equals("jms")) {
            edge(outer("broker", "[(broker)]"), "", route);
        }
        walk(route.yaml(), "", (key, value) -> {
            if (PRODUCERS.contains(key) && value.has("uri")) {
                producer(route, value);
            } else if (key.equals("routeConfigurationId")) {
                routes.stream()
                        .filter(other -> other.id().equals(value.asText()) && leaves(other))
                        .forEach(other -> edge(name(route.id()), "|fails|", other));
                routes.stream()
                        .filter(other -> other.id().equals(value.asText()) && leaves(other))
                        .forEach(other -> drawn.add(route.id()));
            }
        });
    }

    private void producer(Route route, JsonNode endpoint) {
        String scheme = scheme(endpoint);
        drawn.add(route.id());
        switch (scheme) {
            case "direct", "seda" -> {
                for (String channel : instances(route, channel(endpoint))) {
                    routes.stream()
                            .filter(other ->
                                    scheme(other.from()).equals(scheme) && reaches(channel, channel(other.from())))
                            .forEach(other -> edge(name(route.id()), "", other));
                }
            }
            case "jms" -> leave(route, endpoint, outer("broker", "[(broker)]"));
            case "{{nlpearl.base-url}}" -> leave(route, endpoint, outer(API, "{{" + API + "}}"));
            default -> {
                String receiver = scheme.startsWith("{{") ? "receiver of events" : scheme;
                leave(route, endpoint, outer(receiver, "{{" + receiver + "}}"));
            }
        }
    }

    private void leave(Route route, JsonNode endpoint, String to) {
        for (String id : instances(route, endpoint.path("id").asText())) {
            String method = plain(endpoint.path("parameters").path("httpMethod"));
            String text = OPERATIONS.getOrDefault(id, method.isEmpty() || method.startsWith("<") ? id : method);
            edges.add(name(route.id()) + " -->" + (text.isEmpty() ? "" : "|" + quoted(text) + "|") + " " + to);
        }
    }

    /**
     * What a text with a parameter of a template becomes in its instances, as far as the names by which others call them show it:
     * a call of {@code ask-rows-update-row} makes {@code update-row} of {@code {{row-route}}} where {@code ask-rows-{{row-route}}}
     * is called. The text itself where nothing shows it.
     */
    private Set<String> instances(Route route, String text) {
        String own = channel(route.from());
        Matcher parameter = PLACEHOLDER.matcher(own);
        if (!parameter.find() || !text.contains(parameter.group())) {
            return Set.of(text);
        }
        Pattern called = Pattern.compile(Pattern.quote(own.substring(0, parameter.start())) + "(.+)"
                + Pattern.quote(own.substring(parameter.end())));
        Set<String> instances = new LinkedHashSet<>();
        for (Route caller : routes) {
            walk(caller.yaml(), "", (key, value) -> {
                Matcher call = called.matcher(PRODUCERS.contains(key) ? channel(value) : "");
                if (call.matches() && !PLACEHOLDER.matcher(call.group(1)).find()) {
                    instances.add(text.replace(parameter.group(), call.group(1)));
                }
            });
        }
        return instances.isEmpty() ? Set.of(text) : instances;
    }

    private static String channel(JsonNode endpoint) {
        return endpoint.path("parameters").path("name").asText();
    }

    private void edge(String from, String label, Route to) {
        edges.add(from + " -->" + label + " " + name(to.id()));
        drawn.add(to.id());
    }

    private String outer(String label, String shape) {
        outside.put(label, name(label) + shape);
        return name(label);
    }

    /** Whether a configuration of errors sends anything anywhere. */
    private static boolean leaves(Route configuration) {
        boolean[] leaves = {false};
        walk(configuration.yaml(), "", (key, value) -> leaves[0] |= PRODUCERS.contains(key) && value.has("uri"));
        return leaves[0] && configuration.from().isMissingNode();
    }

    /** Whether a message to one channel may reach another; each placeholder in a name may become any word. */
    private static boolean reaches(String producer, String consumer) {
        return matches(producer, consumer) || matches(consumer, producer);
    }

    private static boolean matches(String made, String name) {
        StringBuilder pattern = new StringBuilder();
        Matcher found = PLACEHOLDER.matcher(made);
        int end = 0;
        while (found.find()) {
            pattern.append(Pattern.quote(made.substring(end, found.start()))).append(".+");
            end = found.end();
        }
        return PLACEHOLDER.matcher(name).replaceAll("any").matches(pattern + Pattern.quote(made.substring(end)));
    }

    private static String start(JsonNode from) {
        JsonNode parameters = from.path("parameters");
        return switch (scheme(from)) {
            case "" -> "on an error";
            case "direct" -> "when called";
            case "seda" -> "from its queue in memory";
            case "file" -> "a file in `" + plain(parameters.path("directoryName")) + "`";
            case "jms" -> "a message";
            case "rest" -> "an HTTP request";
            case "quartz" -> "at the times of its cron";
            case "scheduler" -> "every " + seconds(parameters.path("delay").asInt());
            default -> scheme(from);
        };
    }

    /** A route that waits for its work itself begins anew at once. */
    private static String seconds(int millis) {
        if (millis == 1) {
            return "turn, which waits for work";
        }
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private static String plain(JsonNode value) {
        return value.asText().replace("{{data.dir}}/", "").replaceAll("\\{\\{([^}]*)}}", "<$1>");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("<", "#lt;").replace(">", "#gt;") + "\"";
    }

    private static String name(String id) {
        return id.replaceAll("[^A-Za-z0-9]", "_");
    }

    private static String scheme(JsonNode endpoint) {
        String uri = endpoint.path("uri").asText();
        return uri.startsWith("{{") ? uri : uri.replaceFirst(":.*", "");
    }

    /** Visits every node with its own name. */
    private static void walk(JsonNode node, String key, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(key, node);
        node.properties().forEach(child -> walk(child.getValue(), child.getKey(), visitor));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(node.get(i), "", visitor);
        }
    }
}
