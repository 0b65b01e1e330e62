package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.openapi.RestOpenApiProcessor;
import org.apache.camel.spi.RestApiProcessorFactory;
import org.apache.camel.spi.RestConfiguration;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.function.Suppliers;

/**
 * The OpenAPI document: what Camel reads from the operations in {@code routes/http}, and what these cannot say: the schemas of bodies, which
 * {@code openapi.json} has, and what the door asks for and answers on every path.
 */
public final class ApiDescription implements RestApiProcessorFactory {
    private static final String JSON = "application/json";

    /** What the door answers on each path of the API, before a route sees the request. */
    private static final Map<String, String> BY_THE_DOOR = Map.of(
            "401", "A password or token is missing or wrong.",
            "403", "It was sent to another host, or by the page of another site.",
            "429", "Too many wrong passwords came from this address.",
            "503", "Not now: the ledger cannot be written, or the program starts, stops or is on hold. Send it again.");

    /** What it answers where a body is read. */
    private static final Map<String, String> OF_BODIES =
            Map.of("408", "The body came too slowly.", "413", "The body is too large.");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public Processor createApiProcessor(
            CamelContext context, String path, RestConfiguration configuration, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.putAll(configuration.getApiProperties());
        // Made for the first who asks, since it would take a good part of each start.
        Supplier<Processor> completed = Suppliers.memorize(() -> completed(context, all, configuration));
        return exchange -> completed.get().process(exchange);
    }

    private static Processor completed(
            CamelContext context, Map<String, Object> parameters, RestConfiguration configuration) {
        try {
            RestOpenApiProcessor completed = new Completed(parameters, configuration);
            completed.setCamelContext(context);
            ServiceHelper.startService(completed);
            return completed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Camel's document with what is missing in it. */
    private static final class Completed extends RestOpenApiProcessor {
        private final ObjectNode more;

        Completed(Map<String, Object> parameters, RestConfiguration configuration) throws IOException {
            super(parameters, configuration);
            try (InputStream in = ApiDescription.class.getResourceAsStream("openapi.json")) {
                more = (ObjectNode) MAPPER.readTree(in);
            }
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            exchange.getMessage().setHeader("Accept", JSON);
            super.process(exchange);
            ObjectNode document =
                    (ObjectNode) MAPPER.readTree(exchange.getMessage().getBody(String.class));
            complete(document);
            exchange.getMessage().setBody(document.toString());
        }

        private void complete(ObjectNode document) {
            ((ObjectNode) document.get("info")).setAll((ObjectNode) more.get("info"));
            document.set("servers", more.get("servers"));
            document.set("components", more.get("components"));
            document.get("paths")
                    .properties()
                    .forEach(path -> path.getValue().forEach(each -> complete(path.getKey(), (ObjectNode) each)));
        }

        private void complete(String path, ObjectNode operation) {
            operation.remove("x-camelContextId");
            boolean webhook = path.startsWith(HttpDoor.WEBHOOKS);
            if (!webhook) {
                allow(operation, List.of("token", "password"));
            } else if (!path.contains("{secret}")) {
                allow(operation, List.of("webhookSecret", "webhookKey"));
            }
            String id = operation.get("operationId").asText();
            if (more.get("bodies").has(id)) {
                operation
                        .withObject("/requestBody")
                        .put("required", true)
                        .withObject("/content")
                        .withObject("/" + JSON.replace("/", "~1"))
                        .set("schema", schema(more.get("bodies").get(id)));
            }
            Map<String, ObjectNode> answers = new TreeMap<>();
            operation
                    .get("responses")
                    .properties()
                    .forEach(each -> answers.put(each.getKey(), (ObjectNode) each.getValue()));
            if (!webhook) {
                BY_THE_DOOR.forEach((code, why) -> answers.computeIfAbsent(code, none -> described(why)));
            }
            if (operation.has("requestBody")) {
                OF_BODIES.forEach((code, why) -> answers.computeIfAbsent(code, none -> described(why)));
            }
            answers.forEach((code, answer) -> complete(id, code, answer));
            operation.putObject("responses").setAll(answers);
        }

        /** Any of them opens the door; where none is set, it is open. */
        private static void allow(ObjectNode operation, List<String> schemes) {
            schemes.forEach(
                    scheme -> operation.withArray("security").addObject().putArray(scheme));
        }

        private static ObjectNode described(String why) {
            return MAPPER.createObjectNode().put("description", why);
        }

        private void complete(String id, String code, ObjectNode answer) {
            boolean problem = code.compareTo("400") >= 0;
            JsonNode type = problem
                    ? MAPPER.getNodeFactory().textNode("Problem")
                    : more.get("answers").get(id);
            if (type != null && type.isTextual()) {
                answer.putObject("content")
                        .putObject(problem ? Problem.CONTENT_TYPE : JSON)
                        .set("schema", schema(type));
            } else if (type != null) {
                answer.set("content", type);
            }
            if (problem && (code.equals("429") || code.equals("503"))) {
                answer.putObject("headers").set("Retry-After", more.at("/headers/Retry-After"));
            } else if (!problem && answer.path("content").toString().contains("/Receipt\"")) {
                answer.set("headers", more.get("headers").deepCopy());
                ((ObjectNode) answer.get("headers")).remove("Retry-After");
            }
        }

        private static JsonNode schema(JsonNode name) {
            return MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name.asText());
        }
    }
}
