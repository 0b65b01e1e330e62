package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Map;

/**
 * The rows of a {@code .json} file: an array of objects, one object, or objects one after another.
 *
 * <p>An element that is no object, has a name twice, or is too large or deep is a bad row. Where the text is no JSON, or a string is too
 * long, the rows that follow can't be told apart and the file is unreadable; JSON Lines named {@code .jsonl} are more forgiving.
 */
final class JsonRows implements RowReader.RowSource {
    private final JsonParser parser;
    private final JsonObjects objects = new JsonObjects();
    private final boolean array;
    private boolean started;
    private long number;

    /** @throws UnreadableSourceException when it starts with neither an array nor an object */
    JsonRows(Reader text) throws IOException {
        parser = JsonObjects.JSON.createParser(text);
        JsonToken first = nextToken();
        array = first == JsonToken.START_ARRAY;
        if (!array && first != JsonToken.START_OBJECT) {
            throw new UnreadableSourceException("holds neither a JSON array nor a JSON object");
        }
    }

    @Override
    public Row read() throws IOException {
        JsonToken token = started || array ? nextToken() : parser.currentToken();
        started = true;
        if (array && token == JsonToken.END_ARRAY) {
            if (nextToken() != null) {
                throw unreadable("continues after the end of its JSON array");
            }
            return null;
        }
        if (token == null) {
            if (array) {
                throw unreadable("its JSON array has no end");
            }
            return null;
        }
        long line = parser.currentTokenLocation().getLineNr();
        try {
            Map<String, Object> values = objects.read(parser);
            return new Row(++number, line, List.of(), values, objects.problem(), objects.unknownBefore());
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
        if (JsonObjects.isHalfInName(e)) {
            return unreadable(JsonObjects.HALF_NAME + ",");
        }
        return unreadable("is cut off, not JSON, or has a string of more than " + RowReader.MAX_CELL + " characters");
    }

    private UnreadableSourceException unreadable(String why) {
        JsonLocation location = parser.currentLocation();
        return new UnreadableSourceException(
                why + " at line " + location.getLineNr() + ", column " + location.getColumnNr(), location.getLineNr());
    }
}
