package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON objects, read token by token within the bounds of a row. An object beyond a bound, or with a name twice, is read to its end but not
 * kept, so that the next one can be read. Numbers keep every digit: Integer, Long, BigInteger or BigDecimal.
 */
final class JsonObjects {
    /** Without source in its exceptions and without interning, so that neither messages nor the JVM keep the content of a row. */
    static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(RowReader.MAX_CELL)
                    .build())
            .build();

    private String problem;
    private long size;

    /**
     * Reads the value that starts at the parser's current token.
     *
     * @return a map without entries when {@link #problem()} is set
     * @throws IOException when it is no JSON, ends too early, or has a string beyond the bound
     */
    Map<String, Object> read(JsonParser parser) throws IOException {
        problem = null;
        size = 0;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            problem = "is not a JSON object";
            parser.skipChildren();
            return Map.of();
        }
        Map<String, Object> values = object(parser, 1);
        return problem == null ? values : Map.of();
    }

    /** Tells whether the text is one JSON object and nothing more. */
    static boolean isOne(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Returns why the object read last can't be used; null when it can. */
    String problem() {
        return problem;
    }

    private Map<String, Object> object(JsonParser parser, int depth) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser, depth);
            spend(name.length());
            if (problem == null && values.containsKey(name)) {
                problem = "has the name " + ColumnNames.shown(name) + " twice";
            }
            if (problem == null && values.size() == RowReader.MAX_COLUMNS) {
                problem = "has more than " + RowReader.MAX_COLUMNS + " names in an object";
            }
            if (problem == null) {
                values.put(name, value);
            }
        }
        return values;
    }

    private List<Object> array(JsonParser parser, int depth) throws IOException {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser, depth);
            if (problem == null) {
                values.add(value);
            }
        }
        return values;
    }

    private Object value(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        spend(1);
        if (token.isStructStart()) {
            if (problem == null && depth == RowReader.MAX_DEPTH) {
                problem = "is nested deeper than " + RowReader.MAX_DEPTH + " levels";
            }
            if (problem != null) {
                parser.skipChildren();
                return null;
            }
            return token == JsonToken.START_OBJECT ? object(parser, depth + 1) : array(parser, depth + 1);
        }
        if (problem != null) {
            // Without asking for its text Jackson passes over a string and holds nothing of it.
            return null;
        }
        if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
            spend(parser.getTextLength());
        }
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private void spend(int chars) {
        size += chars;
        if (problem == null && size > RowReader.MAX_ROW) {
            problem = "has more than " + RowReader.MAX_ROW + " characters";
        }
    }
}
