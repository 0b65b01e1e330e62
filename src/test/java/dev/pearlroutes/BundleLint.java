package dev.pearlroutes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The habits of the routes as rules, one method a rule. A complaint names the file, the key and the fix. */
final class BundleLint {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}:]+)(:[^}]*)?}}");
    private static final Pattern SENTENCE = Pattern.compile("\\p{Lu}.*[^.]\\.");
    private static final Pattern NOTE = Pattern.compile("in: (.+?)[,;.] variables: (.+?)[,;.] out: (.+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)");
    private static final Pattern METHOD = Pattern.compile("(\\w+)(?:\\((.*)\\))?");
    private static final Set<String> PRODUCERS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich", "poll");
    /** Endpoints that do not leave the process. */
    private static final Set<String> INSIDE = Set.of("direct", "seda", "log", "mock", "bean");

    /** Endpoints that operators' own routes send to. */
    private static final Set<String> FOR_OTHERS = Set.of("direct:add-leads", "direct:update-leads");

    private static final Set<String> LANGUAGES = Set.of(
            "simple",
            "constant",
            "method",
            "jsonpath",
            "jq",
            "groovy",
            "javascript",
            "js",
            "python",
            "xpath",
            "header",
            "exchangeProperty",
            "variable",
            "language",
            "tokenize",
            "ref");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|secret|token|authorization|api-?key|credential).*");
    private static final Pattern SECRET_TEXT = Pattern.compile(
            "(?i)\\b(bearer|basic)\\s+[\\w.~+/:=-]{6,}|\\b(?=[\\w-]*\\d)(?=[\\w-]*[A-Za-z])[\\w-]{24,}\\b");

    private final Map<String, JsonNode> files = new LinkedHashMap<>();
    private final Map<String, String> texts;
    private final Properties camel = new Properties();
    private final Map<String, Object> beans;
    private final Set<String> properties;
    private final List<String> complaints = new ArrayList<>();

    /**
     * @param routes text by path of each route file
     * @param camelProperties text of camel.properties
     * @param configuration text by path of what a user edits
     * @param beans by name, as the routes find them
     * @param properties keys set for the routes besides those of camel.properties
     */
    BundleLint(
            Map<String, String> routes,
            String camelProperties,
            Map<String, String> configuration,
            Map<String, Object> beans,
            Set<String> properties) {
        this.beans = beans;
        this.properties = properties;
        this.texts = new LinkedHashMap<>(configuration);
        texts.put("camel.properties", camelProperties);
        try {
            camel.load(new StringReader(camelProperties));
            for (Map.Entry<String, String> route : routes.entrySet()) {
                // Jackson leaves aliases as they are.
                files.put(route.getKey(), YAML.valueToTree(new Yaml().load(route.getValue())));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    List<String> complaints() {
        files.forEach(this::shape);
        files.forEach(this::placeholders);
        propertiesAreUsed();
        channels();
        stepIds();
        files.forEach(this::endpoints);
        files.forEach(this::canonical);
        files.forEach(this::beans);
        files.forEach(this::errorPolicy);
        files.forEach(this::notes);
        files.forEach(this::variables);
        files.forEach((file, yaml) -> walk(yaml, "", (key, value) -> secret(file, key, value)));
        texts.forEach(this::secretsOfProperties);
        httpAndHttps();
        return complaints;
    }

    private void complain(String file, String key, String fix) {
        complaints.add(file + ": " + key + ": " + fix);
    }

    // --- one route a file, its name, its description, its error policy ---

    private void shape(String file, JsonNode yaml) {
        String name = file.substring(file.lastIndexOf('/') + 1).replace(".camel.yaml", "");
        Set<String> kinds = new TreeSet<>();
        yaml.forEach(entry -> entry.fieldNames().forEachRemaining(kinds::add));
        if (kinds.equals(Set.of("routeConfiguration"))) {
            yaml.forEach(entry -> described(file, "routeConfiguration", entry.get("routeConfiguration")));
            return;
        }
        if (kinds.equals(Set.of("rest"))) {
            yaml.forEach(entry -> operations(file, entry.get("rest")));
            return;
        }
        if (yaml.size() != 1
                || kinds.size() != 1
                || !Set.of("route", "routeTemplate").containsAll(kinds)) {
            complain(file, kinds.toString(), "keep one route or routeTemplate in a file, and configurations in theirs");
            return;
        }
        String kind = kinds.iterator().next();
        JsonNode outer = yaml.get(0).get(kind);
        if (!name.equals(outer.path("id").asText(""))) {
            complain(file, kind + ".id", "is " + outer.path("id").asText("") + ": name it " + name + ", as the file");
        }
        if (!name.matches("[a-z]+(-[a-z]+)+")) {
            complain(file, kind + ".id", "name it in kebab-case, verb-noun or with -source or -sink");
        }
        described(file, kind, outer);
        JsonNode route = outer;
        if (kind.equals("routeTemplate")) {
            route = outer.path("route");
            described(file, "routeTemplate.route", route);
            for (JsonNode parameter : outer.path("parameters")) {
                if (parameter.path("description").asText("").isBlank()) {
                    complain(file, "parameters." + parameter.path("name").asText(""), "describe it");
                }
            }
        }
        configured(file, route);
        String from = route.path("from").path("uri").asText("");
        String consumer = route.path("from").path("parameters").path("name").asText("");
        // An instance of a template adds what sets it apart.
        if (Set.of("direct", "seda").contains(from)
                && !consumer.replaceFirst("-" + PLACEHOLDER.pattern() + "$", "").equals(name)) {
            complain(file, "from.parameters.name", "is " + consumer + ": name it " + name + ", as the route");
        }
    }

    /** The operations of the HTTP API: each has an id, by which its route is known, and what its description in OpenAPI says. */
    private void operations(String file, JsonNode rest) {
        described(file, "rest", rest);
        for (String method : List.of("get", "post", "put", "delete")) {
            for (JsonNode operation : rest.path(method)) {
                String key = method + " " + operation.path("path").asText("");
                described(file, key, operation);
                if (!operation.path("id").asText("").matches("[a-z]+(-[a-z]+)+")) {
                    complain(file, key + ".id", "name it in kebab-case, verb-noun");
                }
                if (!operation.path("to").path("uri").asText("").equals("direct")) {
                    complain(file, key + ".to", "let it call a route by direct");
                }
                if (operation.path("responseMessage").isEmpty()) {
                    complain(file, key + ".responseMessage", "list what it answers");
                }
            }
        }
    }

    private void described(String file, String key, JsonNode node) {
        String description = node.path("description").asText("");
        if (!SENTENCE.matcher(description).matches() || description.matches(".*[.!?] \\p{Lu}.*")) {
            complain(file, key + ".description", "describe it in one sentence with a full stop");
        }
    }

    /**
     * A route without a configuration must say that it hands its failures to its caller, and must have one: that is the
     * shape of the sinks, whose caller deliver-events brings the same events again.
     */
    private void configured(String file, JsonNode route) {
        String id = route.path("routeConfigurationId").asText("");
        boolean handsOn = route.path("errorHandler").has("noErrorHandler")
                && route.path("from").path("uri").asText("").equals("direct");
        if (id.isEmpty() && !handsOn) {
            complain(
                    file,
                    "routeConfigurationId",
                    "name the error policy, or hand failures to a caller by noErrorHandler");
        } else if (!id.isEmpty() && !configurations().contains(id)) {
            complain(file, "routeConfigurationId", "there is no configuration " + id + ": have " + configurations());
        }
        boolean beginsByItself = !route.path("from").path("uri").asText("").equals("direct") && route.has("from");
        if (beginsByItself && !route.path("routePolicy").asText("").equals("leader")) {
            complain(file, "routePolicy", "say leader: of several nodes one works");
        }
    }

    // --- what a route takes and gives, and the variables that it uses ---

    private void notes(String file, JsonNode yaml) {
        JsonNode route = route(yaml);
        if (route.path("from").path("uri").asText("").equals("direct")
                && !NOTE.matcher(note(route)).matches()) {
            complain(file, "route.note", "say what callers need to know: in: …; variables: …; out: …");
        }
    }

    /** A variable is the route's own, or its callers set it; those of an error policy are those of each route that names it. */
    private void variables(String file, JsonNode yaml) {
        JsonNode route = route(yaml);
        if (!route.isMissingNode()) {
            known(file, route, used(route, ""));
        }
        for (JsonNode entry : yaml) {
            JsonNode policy = entry.path("routeConfiguration");
            String id = policy.path("id").asText("");
            Map<String, String> used = used(policy, "routeConfiguration " + id + ": ");
            used.keySet().removeAll(set(policy));
            files.forEach((other, routes) -> {
                if (route(routes).path("routeConfigurationId").asText("").equals(id)) {
                    known(other, route(routes), used);
                }
            });
        }
    }

    /** @param used the key where each variable is used, by its name */
    private void known(String file, JsonNode route, Map<String, String> used) {
        Set<String> set = set(route);
        Matcher note = NOTE.matcher(note(route));
        String declared = note.matches() ? note.group(2) : "";
        used.forEach((variable, key) -> {
            if (!set.contains(variable) && !declared.matches("(.*\\W)?" + variable + "(\\W.*)?")) {
                complain(
                        file,
                        key,
                        "the variable " + variable + " is not set in the route: set it or name it in the note");
            }
        });
    }

    private static JsonNode route(JsonNode yaml) {
        JsonNode first = yaml.path(0);
        return first.has("routeTemplate") ? first.path("routeTemplate").path("route") : first.path("route");
    }

    private static String note(JsonNode route) {
        return route.path("note").asText("").strip().replaceAll("\\s+", " ");
    }

    private static Map<String, String> used(JsonNode node, String prefix) {
        Map<String, String> used = new TreeMap<>();
        walk(node, "", (key, value) -> {
            Matcher found = VARIABLE.matcher(value.asText(""));
            while (found.find()) {
                used.putIfAbsent(found.group(1), prefix + key);
            }
            if (key.endsWith(".variable.expression")) {
                used.putIfAbsent(value.asText(""), prefix + key);
            }
        });
        return used;
    }

    private static Set<String> set(JsonNode node) {
        Set<String> set = new HashSet<>();
        walk(node, "", (key, value) -> {
            if (last(key).equals("setVariable") || key.matches(".*\\.setVariables\\.variables\\.\\d+")) {
                set.add(value.path("name").asText(""));
            } else if (last(key).equals("variableReceive")) {
                set.add(value.asText(""));
            }
        });
        return set;
    }

    private Set<String> configurations() {
        Set<String> ids = new TreeSet<>();
        files.values()
                .forEach(yaml -> yaml.forEach(entry -> {
                    if (entry.has("routeConfiguration")) {
                        ids.add(entry.get("routeConfiguration").path("id").asText(""));
                    }
                }));
        return ids;
    }

    private void errorPolicy(String file, JsonNode yaml) {
        walk(yaml, "", (key, value) -> {
            if (last(key).equals("onException") && value.isArray() && !key.startsWith("routeConfiguration.")) {
                complain(file, key, "error policy belongs into a routeConfiguration");
            }
            if (last(key).equals("onException") && value.isArray()) {
                List<Class<?>> wider = new ArrayList<>();
                value.forEach(each -> each.path("onException").path("exception").forEach(exception -> {
                    Class<?> type = load(exception.asText(""));
                    if (type == null) {
                        complain(file, key, "there is no class " + exception.asText(""));
                    } else if (wider.stream().anyMatch(before -> before.isAssignableFrom(type))) {
                        complain(file, key, "put " + type.getSimpleName() + " before what it is a kind of");
                    } else {
                        wider.add(type);
                    }
                }));
            }
        });
        for (JsonNode entry : yaml) {
            String id = entry.path("routeConfiguration").path("id").asText("");
            if (entry.has("routeConfiguration")
                    && files.values().stream()
                            .noneMatch(other -> other.findValuesAsText("routeConfigurationId")
                                    .contains(id))) {
                complain(file, "routeConfiguration.id", "no route uses " + id + ": take it out");
            }
        }
    }

    // --- properties ---

    private void placeholders(String file, JsonNode yaml) {
        Set<String> parameters = new TreeSet<>();
        yaml.path(0)
                .path("routeTemplate")
                .path("parameters")
                .forEach(p -> parameters.add(p.path("name").asText("")));
        Set<String> used = new HashSet<>();
        walk(yaml, "", (key, value) -> {
            Matcher found = PLACEHOLDER.matcher(value.asText(""));
            while (found.find()) {
                used.add(found.group(1));
                if (!parameters.contains(found.group(1)) && !declared(found.group(1))) {
                    complain(
                            file,
                            key,
                            "{{" + found.group(1) + "}} is declared nowhere: set it in PearlRoutes or make it"
                                    + " a parameter");
                }
            }
        });
        for (String parameter : parameters) {
            if (!used.contains(parameter)) {
                complain(file, "parameters." + parameter, "nothing uses it: take it out");
            }
        }
    }

    private boolean declared(String key) {
        return properties.contains(key) || camel.containsKey(key);
    }

    private void propertiesAreUsed() {
        String all = files.values() + " " + camel.values();
        for (String property : new TreeSet<>(properties)) {
            if (!all.contains("{{" + property + "}}") && !all.contains("{{" + property + ":")) {
                complain("PearlRoutes.java", property, "neither a route nor camel.properties uses it: take it out");
            }
        }
        camel.forEach((key, value) -> {
            Matcher found = PLACEHOLDER.matcher(value.toString());
            while (found.find()) {
                if (!declared(found.group(1))) {
                    complain("camel.properties", key.toString(), "{{" + found.group(1) + "}} is declared nowhere");
                }
            }
        });
    }

    private void httpAndHttps() {
        for (String key : new TreeSet<>(camel.stringPropertyNames())) {
            String twin = key.startsWith("camel.component.http.")
                    ? key.replace("camel.component.http.", "camel.component.https.")
                    : key.replace("camel.component.https.", "camel.component.http.");
            if (!camel.getProperty(key).equals(camel.getProperty(twin))) {
                complain("camel.properties", key, "set " + twin + " to the same: they are two components");
            }
        }
    }

    // --- channels and endpoints ---

    private void channels() {
        Map<String, Integer> consumers = new HashMap<>();
        Map<String, String> producers = new LinkedHashMap<>();
        files.forEach((file, yaml) -> walk(yaml, "", (key, value) -> {
            String scheme = value.path("uri").asText("");
            if (Set.of("direct", "seda").contains(scheme)) {
                String channel =
                        scheme + ":" + value.path("parameters").path("name").asText("");
                if (last(key).equals("from")) {
                    consumers.merge(channel, 1, Integer::sum);
                } else {
                    producers.put(channel, file);
                }
            }
        }));
        consumers.forEach((channel, count) -> {
            if (count > 1) {
                complain("routes", channel, "has " + count + " consumers: keep one");
            }
            if (!FOR_OTHERS.contains(channel)
                    && producers.keySet().stream().noneMatch(producer -> reaches(producer, channel))) {
                complain("routes", channel, "nothing sends to it: take the route out");
            }
        });
        producers.forEach((producer, file) -> {
            if (consumers.keySet().stream().noneMatch(channel -> reaches(producer, channel))) {
                complain(file, producer, "nothing receives from it: name a route");
            }
        });
    }

    /** A name made of a template's parameter reaches each channel that it may become, and each instance of one can be named. */
    private static boolean reaches(String producer, String channel) {
        return producer.equals(channel) || mayBecome(producer, channel) || mayBecome(channel, producer);
    }

    private static boolean mayBecome(String made, String name) {
        StringBuilder pattern = new StringBuilder();
        Matcher found = PLACEHOLDER.matcher(made);
        int end = 0;
        while (found.find()) {
            pattern.append(Pattern.quote(made.substring(end, found.start()))).append("([a-z-]+|\\{\\{[a-z-]+}})");
            end = found.end();
        }
        String instance = PLACEHOLDER.matcher(name).replaceAll("any");
        return instance.matches(pattern + Pattern.quote(made.substring(end)));
    }

    private void stepIds() {
        Map<String, String> ids = new HashMap<>();
        files.forEach((file, yaml) -> walk(yaml, "", (key, value) -> {
            boolean leaves = PRODUCERS.contains(last(key)) && value.has("uri") && !INSIDE.contains(scheme(value));
            String id = value.path("id").asText("");
            if (leaves && id.isEmpty()) {
                complain(file, key, "leaves the process: give it an id");
            }
            if (value.isObject() && !id.isEmpty()) {
                String before = ids.put(id, file);
                if (before != null) {
                    complain(file, key + ".id", id + " is taken in " + before + ": name it otherwise");
                }
            }
        }));
    }

    private void endpoints(String file, JsonNode yaml) {
        walk(yaml, "", (key, value) -> {
            if (PRODUCERS.contains(last(key)) && value.has("uri") && isHttp(scheme(value))) {
                if (value.path("parameters").path("httpMethod").asText("").isEmpty()) {
                    complain(file, key, "set parameters.httpMethod");
                }
                // With a client of its own it has neither the account's credentials nor its limits.
                boolean ofAccount =
                        value.path("parameters").path("httpClientConfigurer").isMissingNode();
                if (ofAccount && !paced(yaml, key)) {
                    complain(file, key, "put a step of the bean requestThrottle before it, in the same steps");
                }
            }
            if (last(key).equals("setHeader") && value.path("name").asText("").equals("CamelHttpMethod")) {
                complain(file, key, "set httpMethod on the endpoint instead of this header");
            }
        });
    }

    /** Whether the steps that hold the endpoint have a step of the Throttler before it. */
    private static boolean paced(JsonNode yaml, String endpoint) {
        boolean[] paced = {false};
        String steps = endpoint.replaceFirst("\\d+\\.to$", "");
        walk(
                yaml,
                "",
                (key, value) -> paced[0] |= key.startsWith(steps)
                        && key.endsWith(".bean.ref")
                        && value.asText().equals("requestThrottle")
                        && key.substring(steps.length()).matches("\\d+\\.bean\\.ref")
                        && index(key, steps) < index(endpoint, steps));
        return paced[0];
    }

    private static int index(String key, String steps) {
        return Integer.parseInt(key.substring(steps.length()).replaceFirst("\\..*", ""));
    }

    private static String scheme(JsonNode endpoint) {
        String uri = endpoint.path("uri").asText("");
        return uri.startsWith("{{") ? uri : uri.replaceFirst(":.*", "");
    }

    private static boolean isHttp(String scheme) {
        return scheme.startsWith("{{") || scheme.equals("http") || scheme.equals("https");
    }

    // --- canonical YAML ---

    private void canonical(String file, JsonNode yaml) {
        walk(yaml, "", (key, value) -> {
            String name = last(key);
            if (name.equals("uri") && value.asText("").contains("?")) {
                complain(file, key, "put the query into parameters");
            } else if (name.equals("uri") && !value.asText("").matches("[a-z][a-z0-9+-]*|\\{\\{[^}]+}}")) {
                complain(file, key, "keep the scheme alone in the uri, the rest in parameters");
            }
            boolean step = key.matches("(.*\\.)?steps\\.\\d+\\.\\w+");
            if (step && !value.isObject()
                    || LANGUAGES.contains(name)
                            && value.isTextual()
                            && !key.contains("parameters.")
                            && !key.matches(".*(bean|method)\\.(ref|method)")) {
                complain(file, key, "write it out, without the shorthand");
            }
            if (key.matches("(.*\\.)?steps\\.\\d+") && value.size() != 1) {
                complain(file, key, "one step an entry");
            }
            if (Set.of("expression", "script").contains(name)
                    && value.asText("").strip().contains("\n")) {
                complain(file, key, "a script is one line at the most: make it a bean");
            }
        });
    }

    // --- beans ---

    private void beans(String file, JsonNode yaml) {
        walk(yaml, "", (key, value) -> {
            if (Set.of("bean", "method").contains(last(key)) && value.isObject()) {
                bean(
                        file,
                        key,
                        value.path("ref").asText(""),
                        value.path("method").asText(""));
            }
            if (value.asText("").startsWith("#bean:")
                    && !beans.containsKey(value.asText("").substring(6))) {
                complain(file, key, value.asText("") + " is bound nowhere: bind it in PearlRoutes");
            }
            if (value.asText("").startsWith("#class:") && load(value.asText("").substring(7)) == null) {
                complain(file, key, "there is no " + value.asText(""));
            }
            if (last(key).equals("executorService")
                    && !camel.containsKey("camel.threadpool.config[" + value.asText("") + "].poolSize")) {
                complain(file, key, "configure the pool " + value.asText("") + " in camel.properties");
            }
        });
    }

    private void bean(String file, String key, String ref, String call) {
        Object bean = beans.get(ref);
        if (bean == null) {
            complain(file, key + ".ref", "bean " + ref + " is bound nowhere: bind it in PearlRoutes");
            return;
        }
        if (PLACEHOLDER.matcher(call).matches()) {
            return; // An instance of the template names it.
        }
        Matcher parts = METHOD.matcher(call);
        if (!parts.matches()) {
            complain(file, key + ".method", "name a method of " + ref);
            return;
        }
        List<Method> methods = Stream.of(bean.getClass().getMethods())
                .filter(method -> method.getName().equals(parts.group(1)) && Modifier.isPublic(method.getModifiers()))
                .toList();
        if (methods.isEmpty()) {
            complain(
                    file, key + ".method", bean.getClass().getSimpleName() + " has no public method " + parts.group(1));
        } else if (parts.group(2) != null) {
            int arguments = parts.group(2).isBlank() ? 0 : parts.group(2).split(",").length;
            if (methods.stream().noneMatch(method -> method.getParameterCount() == arguments)) {
                complain(file, key + ".method", parts.group(1) + " does not take " + arguments + " arguments");
            }
        }
    }

    // --- secrets ---

    private void secret(String file, String key, JsonNode value) {
        if (!value.isTextual()) {
            return;
        }
        boolean named = SECRET_NAME.matcher(last(key)).matches()
                && !value.asText("").isBlank()
                && !value.asText("").startsWith("{{");
        boolean className = value.asText("").matches("(#class:)?[a-z]+(\\.\\w+)+");
        if (named || !className && SECRET_TEXT.matcher(value.asText("")).find()) {
            complain(file, key, "looks like a secret: name a property whose value is in the environment");
        }
    }

    /** Lines that are switched off count too: a secret that was tried out and commented is still there to be read. */
    private void secretsOfProperties(String file, String text) {
        text.lines().filter(line -> line.matches("#?[\\w.\\[\\]-]+\\s*=.*")).forEach(line -> {
            String key = line.substring(0, line.indexOf('=')).replace("#", "").strip();
            String value = line.substring(line.indexOf('=') + 1).strip();
            boolean given = !value.isEmpty() && !value.startsWith("{{") && !value.startsWith("#bean:");
            if (given && SECRET_NAME.matcher(key).matches()
                    || SECRET_TEXT.matcher(value).find()) {
                complain(file, key, "looks like a secret: leave it blank, its value belongs into the environment");
            }
        });
    }

    // --- the tree ---

    /** Visits every node with its key: names and positions with dots between them, the file's own list left out. */
    private static void walk(JsonNode node, String key, BiConsumer<String, JsonNode> visitor) {
        if (!key.isEmpty()) {
            visitor.accept(key, node);
        }
        node.properties().forEach(child -> walk(child.getValue(), join(key, child.getKey()), visitor));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(node.get(i), key.isEmpty() ? "" : join(key, Integer.toString(i)), visitor);
        }
    }

    private static String join(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
