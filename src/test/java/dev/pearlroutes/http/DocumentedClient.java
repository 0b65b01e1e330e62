package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client that knows of the API what its OpenAPI document says: paths, parameters, credentials. It fails where an answer has a status, a
 * media type or a member that the document does not name.
 */
final class DocumentedClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClientOfTest http;
    private final JsonNode document;
    private final Map<String, String> credentials;
    private final Set<String> seen = new TreeSet<>();

    /** @param credentials by the name of their security scheme */
    DocumentedClient(HttpClientOfTest http, JsonNode document, Map<String, String> credentials) {
        this.http = http;
        this.document = document;
        this.credentials = credentials;
    }

    /** The operations and statuses that were answered, such as {@code get-status 200}. */
    Set<String> seen() {
        return seen;
    }

    /** The same of all that the document names. */
    Set<String> documented() {
        Set<String> all = new TreeSet<>();
        document.path("paths")
                .forEach(path -> path.forEach(operation -> operation
                        .path("responses")
                        .fieldNames()
                        .forEachRemaining(
                                status -> all.add(operation.path("operationId").asText() + " " + status))));
        return all;
    }

    Call call(String operationId) {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (operation.getValue().path("operationId").asText().equals(operationId)) {
                    return new Call(operation.getKey(), path.getKey(), operation.getValue());
                }
            }
        }
        throw new AssertionError("the document has no operation " + operationId);
    }

    /** An answer that is as the document says. @param json null when it is no JSON */
    record Answer(int status, HttpResponse<String> response, JsonNode json) {
        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    /** One request, by the parameters of its operation. */
    final class Call {
        private final String method;
        private final String path;
        private final JsonNode operation;
        private final Map<String, String> given = new LinkedHashMap<>();
        private final Map<String, String> credentialsOfThis = new HashMap<>(credentials);
        private String type;
        private String body = "";

        private Call(String method, String path, JsonNode operation) {
            this.method = method;
            this.path = path;
            this.operation = operation;
        }

        Call with(String parameter, String value) {
            given.put(parameter, value);
            return this;
        }

        Call body(String contentType, String text) {
            type = contentType;
            body = text;
            return this;
        }

        Call without(String securityScheme) {
            credentialsOfThis.remove(securityScheme);
            return this;
        }

        JsonNode send(int status) {
            Answer answer = send();
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
            return answer.json();
        }

        Answer send() {
            List<String> headers = new ArrayList<>();
            String address = address(headers);
            addCredential(headers);
            if (type != null) {
                headers.addAll(List.of("Content-Type", type));
            }
            HttpResponse<String> response = method.equals("get")
                    ? http.get(address, headers.toArray(String[]::new))
                    : http.post(address, body, headers.toArray(String[]::new));
            return checked(response);
        }

        private String address(List<String> headers) {
            String address = path;
            StringBuilder query = new StringBuilder();
            Map<String, String> left = new LinkedHashMap<>(given);
            for (JsonNode parameter : operation.path("parameters")) {
                String name = parameter.path("name").asText();
                String value = left.remove(name);
                assertThat(value != null || !parameter.path("required").asBoolean())
                        .as("%s is given", name)
                        .isTrue();
                if (value != null) {
                    switch (parameter.path("in").asText()) {
                        case "path" -> address = address.replace("{" + name + "}", encoded(value));
                        case "query" ->
                            query.append(query.isEmpty() ? "?" : "&")
                                    .append(name)
                                    .append('=')
                                    .append(encoded(value));
                        case "header" -> headers.addAll(List.of(name, value));
                        default -> throw new AssertionError(parameter.toString());
                    }
                }
            }
            assertThat(left).as("parameters that the document does not name").isEmpty();
            assertThat(address).doesNotContain("{");
            return address + query;
        }

        private void addCredential(List<String> headers) {
            for (JsonNode way : operation.path("security")) {
                String name = way.fieldNames().next();
                JsonNode scheme = document.at("/components/securitySchemes/" + name);
                String credential = credentialsOfThis.get(name);
                if (credential != null) {
                    headers.addAll(
                            scheme.path("type").asText().equals("apiKey")
                                    ? List.of(scheme.path("name").asText(), credential)
                                    : List.of(
                                            "Authorization",
                                            scheme.path("scheme").asText() + " " + credential));
                    return;
                }
            }
        }

        private Answer checked(HttpResponse<String> response) {
            String id = operation.path("operationId").asText();
            int status = response.statusCode();
            JsonNode said = operation.path("responses").path(Integer.toString(status));
            assertThat(said.isObject())
                    .as("%s answers %d: %s", id, status, response.body())
                    .isTrue();
            seen.add(id + " " + status);
            if (status < 400 && type != null) {
                assertThat(operation.path("requestBody").path("content").has(type))
                        .as("%s takes %s", id, type)
                        .isTrue();
            }
            said.path("headers").fieldNames().forEachRemaining(name -> {
                if (!name.equals("Preference-Applied") || given.containsKey("Prefer")) {
                    assertThat(response.headers().firstValue(name))
                            .as("%s of %s", name, id)
                            .isPresent();
                }
            });
            return new Answer(status, response, body(id, said.path("content"), response));
        }

        private JsonNode body(String id, JsonNode content, HttpResponse<String> response) {
            if (content.isMissingNode()) {
                assertThat(response.body()).as("the body of %s", id).isEmpty();
                return null;
            }
            String answered =
                    response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
            assertThat(content.has(answered)).as("%s answers %s", id, answered).isTrue();
            if (!answered.endsWith("json")) {
                return null;
            }
            JsonNode json = HttpClientOfTest.json(response);
            assertThat(complaints(content.path(answered).path("schema"), json))
                    .as("%s answers %s", id, json)
                    .isEmpty();
            return json;
        }

        private List<String> complaints(JsonNode schema, JsonNode json) {
            ObjectNode whole = JSON.createObjectNode();
            whole.setAll((ObjectNode) schema);
            whole.set("components", document.get("components"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(whole)
                    .validate(json, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)))
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
