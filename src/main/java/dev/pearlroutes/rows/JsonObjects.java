package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

    private static final String HALF_FIX = ": write all of it, or leave it out";

    private static final Pattern NO_NUMBER =
            Pattern.compile("^(Non-standard token|Unrecognized token '(?i:nan|[+-]?inf))");
    private static final Pattern COMMA_AT_END =
            Pattern.compile("^Unexpected character \\(('\\]' .*expected a valid value|'\\}' .*to start field name)");

    /** Characters; nobody names a column by more, and what is kept must stay small. */
    private static final int MAX_KEPT_NAME = 100;

    /** Clean names by those written: most rows of a source have the same ones. */
    private final Map<String, String> names = new HashMap<>();

    private String problem;
    private long size;
    private Map<String, String> unknownBefore = Map.of();

    /**
     * Reads the value that starts at the parser's current token.
     *
     * @return a map without entries when {@link #problem()} is set
     * @throws IOException when it is no JSON, ends too early, or has a string beyond the bound
     */
    Map<String, Object> read(JsonParser parser) throws IOException {
        problem = null;
        size = 0;
        unknownBefore = Map.of();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            problem = "is not a JSON object";
            parser.skipChildren();
            return Map.of();
        }
        Map<String, Object> values = object(parser, 1);
        return problem == null ? values : Map.of();
    }

    /**
     * Says what is wrong with a text that the parser cannot read, without quoting it as the parser's message does. A test holds what
     * is taken from that message.
     */
    static String cause(JsonProcessingException e) {
        String said = e.getOriginalMessage();
        if (e instanceof StreamConstraintsException) {
            return "has a string of more than " + RowReader.MAX_CELL
                    + " characters, or a name, number or nesting beyond all bounds,";
        }
        if (e instanceof JsonEOFException) {
            return "is cut off: its JSON has no end";
        }
        if (said.contains("surrogate")) {
            return "has half a character in a name" + HALF_FIX + ",";
        }
        if (NO_NUMBER.matcher(said).find()) {
            return "has NaN or Infinity where JSON must have null,";
        }
        boolean value = said.contains("']'")
                && ((JsonParser) e.getProcessor()).getParsingContext().inObject();
        return COMMA_AT_END.matcher(said).find() && !value ? "has a comma before a closing bracket," : "is not JSON";
    }

    /** Returns why the object read last can't be used; null when it can. */
    String problem() {
        return problem;
    }

    /** Returns the names of the object read last that versions before names were cleaned did not know, each with nothing. */
    Map<String, String> unknownBefore() {
        return unknownBefore;
    }

    private Map<String, Object> object(JsonParser parser, int depth) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String written = parser.currentName();
            String name = clean(written);
            parser.nextToken();
            Object value = value(parser, depth);
            spend(written.length());
            checkName(name);
            if (value instanceof String text) {
                checkHalves(text, ColumnNames.shown(name));
            }
            if (depth == 1 && ColumnNames.hadAnotherKey(written, name)) {
                unknownBefore = unknownBefore.isEmpty() ? new HashMap<>() : unknownBefore;
                unknownBefore.put(name, "");
            }
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

    private String clean(String written) {
        String known = names.get(written);
        if (known != null) {
            return known;
        }
        String name = CellText.clean(written);
        if (names.size() < RowReader.MAX_COLUMNS && written.length() <= MAX_KEPT_NAME) {
            names.put(written, name);
        }
        return name;
    }

    private void checkName(String name) {
        int unusable = CellText.unusable(name);
        if (problem == null && unusable >= 0) {
            problem = "has the character " + CellText.shown(unusable) + " in a name: take it out";
        }
    }

    /** Half a character is sent as a question mark: as an id it is another's, and as a name it is spoken. */
    private void checkHalves(String text, String where) {
        int half = CellText.half(text);
        if (problem == null && half >= 0) {
            problem = "has half a character (" + CellText.shown(half) + ") in " + where + HALF_FIX;
        }
    }

    private List<Object> array(JsonParser parser, int depth) throws IOException {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser, depth);
            if (value instanceof String text) {
                checkHalves(text, "a list");
            }
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
