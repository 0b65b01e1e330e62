package dev.pearlroutes.ledger.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** What a look-up found, as the ledger keeps it: the columns that its result file adds, as JSON. */
final class FoundColumns {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private FoundColumns() {}

    /** @return null when nothing was found */
    static String text(Map<String, Object> found) {
        try {
            return found.isEmpty() ? null : JSON.writeValueAsString(found);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }

    static Map<String, Object> of(String text) {
        try {
            return JSON.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            // The finding is about a person: neither it nor the parser's message belongs into a log.
            throw new IllegalStateException("the ledger holds the finding of a look-up that is no JSON");
        }
    }
}
