package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.pearlroutes.rows.JsonShape.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The rows of JSON that is not split into lines: an array of objects, alone or as a member {@code leads} or {@code data} of an object, or
 * objects one after another.
 *
 * <p>An element that is no object, has a name twice, or is too large or deep is a bad row. Where the text is no JSON, or a string is too
 * long, the rows that follow can't be told apart and the source is unreadable; JSON Lines are more forgiving.
 */
final class JsonRows implements RowReader.RowSource {
    private final JsonText text;
    private final JsonParser parser;
    private final JsonObjects objects = new JsonObjects();
    private final JsonShape shape;
    private JsonToken ahead;
    private long number;

    /**
     * Opens JSON of any shape.
     *
     * @param lines whether it is said to be JSON Lines
     * @throws UnreadableSourceException when it starts with neither an array nor an object
     */
    static RowReader.RowSource open(BufferedReader text, boolean lines) throws IOException {
        JsonShape shape = JsonShape.of(text, lines);
        return shape.kind() == Kind.LINES ? new JsonLinesRows(text) : new JsonRows(text, shape);
    }

    private JsonRows(BufferedReader text, JsonShape shape) throws IOException {
        this.text = new JsonText(text);
        this.shape = shape;
        parser = JsonObjects.JSON.createParser(this.text);
        JsonToken first = nextToken();
        if (first != JsonToken.START_ARRAY && first != JsonToken.START_OBJECT) {
            throw new UnreadableSourceException("holds neither a JSON array nor a JSON object");
        }
        if (shape.kind() == Kind.WRAPPED) {
            passToRows();
        }
        ahead = shape.kind() == Kind.OBJECTS ? first : null;
    }

    @Override
    public Row read() throws IOException {
        boolean array = shape.kind() != Kind.OBJECTS;
        JsonToken token = ahead == null ? nextToken() : ahead;
        ahead = null;
        if (array && token == JsonToken.END_ARRAY) {
            end();
            return null;
        }
        if (token == null) {
            if (array) {
                throw unreadable("its JSON array has no end");
            }
            return null;
        }
        JsonLocation start = parser.currentTokenLocation();
        text.begin(start.getCharOffset());
        number++;
        long line = shape.numbered() ? number : start.getLineNr();
        try {
            Map<String, Object> values = objects.read(parser);
            if (objects.problem() == null) {
                return new Row(number, line, List.of(), values, null, objects.unknownBefore());
            }
            return new Row(number, line, unusable(token), Map.of(), objects.problem());
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    /** Returns the text of the present element, which was read to its end; nothing when it is longer than a row may be. */
    private List<String> unusable(JsonToken token) throws IOException {
        long end = parser.currentLocation().getCharOffset();
        if (token == JsonToken.VALUE_STRING) {
            // The parser has not read it yet, and would hold it to do so: what follows says where it ends.
            ahead = nextToken();
            end = ahead == null
                    ? parser.currentLocation().getCharOffset()
                    : parser.currentTokenLocation().getCharOffset();
        }
        String element = text.element(end);
        return element == null
                ? List.of()
                : List.of(token == JsonToken.VALUE_STRING ? element.replaceFirst("[\\s,]+$", "") : element);
    }

    /** Passes over the members before the one that holds the rows. The shape says that it is there. */
    private void passToRows() throws IOException {
        nextToken();
        while (!JsonShape.holdsRows(parser.currentName(), nextToken())) {
            skipValue();
            nextToken();
        }
    }

    /** @throws UnreadableSourceException when something follows that may be another row */
    private void end() throws IOException {
        boolean wrapped = shape.kind() == Kind.WRAPPED;
        while (wrapped && nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (JsonShape.holdsRows(name, nextToken())) {
                throw unreadable("has its rows in two arrays, the second one");
            }
            if (JsonShape.isOfRow(name)) {
                throw unreadable("has a " + ColumnNames.shown(name) + " beside the array of its rows");
            }
            skipValue();
        }
        if (nextToken() != null) {
            throw unreadable("continues after the end of its JSON " + (wrapped ? "object" : "array"));
        }
    }

    private void skipValue() throws IOException {
        try {
            parser.skipChildren();
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    private JsonToken nextToken() throws IOException {
        try {
            return parser.nextToken();
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    /** Jackson's own message quotes the text and is left out, also as a cause. */
    private UnreadableSourceException broken(JsonProcessingException e) {
        return unreadable(JsonObjects.cause(e));
    }

    private UnreadableSourceException unreadable(String why) {
        JsonLocation location = parser.currentLocation();
        return new UnreadableSourceException(
                why + " at line " + location.getLineNr() + ", column " + location.getColumnNr(), location.getLineNr());
    }
}
