package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.ApiCode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The Normalizer of what the platform posts to webhooks. Members of V2 are in camelCase [D], those of V1 in PascalCase or in camelCase [S];
 * here they have the names that the API's answers have. Members that nobody reads stay, so that a new one does no harm.
 */
public final class WebhookBody {
    /** Like the vendor's, which are 24 hex digits, and longer ones too. */
    private static final Pattern ID = Pattern.compile("[!-~]{1,128}");

    private static final Pattern CODE = Pattern.compile("[0-9]{1,6}");

    private static final int DEEPEST = 50;

    /** Objects whose members are ids of variables, in which upper case counts. */
    private static final Set<String> BY_ID = Set.of("collectedData", "callData", "additionalData");

    /** Members of {@code collectedData} where it is the platform's own object and not one by ids [D]. */
    private static final Set<String> OF_COLLECTED = Set.of("collectedInfos", "transcript");

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    // An error must not quote the body.
                    .disable(com.fasterxml.jackson.core.StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private WebhookBody() {}

    /** Reads a body that has an id. @param body null for none @throws UnreadableWebhookException when it is no JSON object, or has no id */
    public static ObjectNode read(byte[] body) {
        JsonNode given;
        try (JsonParser parser = JSON.createParser(body == null ? new byte[0] : body)) {
            given = JSON.readTree(parser);
        } catch (IOException e) {
            // Neither its message nor the cause is passed on: both may quote the body.
            throw new UnreadableWebhookException("the body is no JSON");
        }
        if (given == null || !given.isObject()) {
            throw new UnreadableWebhookException("the body is no JSON object");
        }
        ObjectNode named = (ObjectNode) camelCase(given);
        if (!isId(named.path("id").textValue())) {
            throw new UnreadableWebhookException("the body has no id, which is 1 to 128 letters, digits and signs");
        }
        return named;
    }

    /** Tells whether a text may be an id of the API. @param text null for none */
    public static boolean isId(String text) {
        return text != null && ID.matcher(text).matches();
    }

    /**
     * Reads a code, which may come as a number, its text or its name.
     *
     * @param ofName finds the code of a name
     * @return null when there is none
     */
    public static Integer code(JsonNode given, Function<String, Optional<? extends ApiCode>> ofName) {
        if (given.isInt()) {
            return given.intValue();
        }
        String text = given.isTextual() ? given.textValue().strip() : "";
        return CODE.matcher(text).matches()
                ? Integer.valueOf(text)
                : ofName.apply(text).map(ApiCode::code).orElse(null);
    }

    private static JsonNode camelCase(JsonNode given) {
        if (given.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            given.forEach(item -> array.add(camelCase(item)));
            return array;
        }
        if (!given.isObject()) {
            return given;
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : given.properties()) {
            String name = camelCase(member.getKey());
            JsonNode value = BY_ID.contains(name) ? byId(member.getValue()) : camelCase(member.getValue());
            // Where a member is there in both cases, the one that is not null counts, and of two that in camelCase.
            if (!named.hasNonNull(name) || name.equals(member.getKey()) && !value.isNull()) {
                named.set(name, value);
            }
        }
        return named;
    }

    private static JsonNode byId(JsonNode given) {
        if (!given.isObject()) {
            return camelCase(given);
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : given.properties()) {
            String name = camelCase(member.getKey());
            boolean own = OF_COLLECTED.contains(name) && member.getValue().isArray();
            kept.set(own ? name : member.getKey(), own ? camelCase(member.getValue()) : member.getValue());
        }
        return kept;
    }

    private static String camelCase(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
