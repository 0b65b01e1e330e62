package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Set;

/**
 * How the rows of a JSON text are arranged, told by its beginning, which is as long as a row may be. Files and messages are read by this
 * one rule; the ending of a file's name decides only where the text leaves it open.
 *
 * @param numbered whether the first two elements start on one line, so that the number of an element says more than its line
 */
record JsonShape(Kind kind, boolean numbered) {
    /** Members whose array holds the rows, in an object that holds nothing else of use. */
    private static final Set<String> ROWS = Set.of("leads", "data");

    private static final String OWN_NUMBER = "phonenumber";

    enum Kind {
        /** One array of elements. */
        ARRAY,
        /** An object with the array of elements in one of its members. */
        WRAPPED,
        /** An object, or several one after another. */
        OBJECTS,
        /** An object a line; a bad line is one bad row. */
        LINES
    }

    /**
     * Finds the shape, and leaves the text at its beginning.
     *
     * @param lines whether it is said to be JSON Lines; then objects are one a line, even where the first one is broken
     */
    static JsonShape of(BufferedReader text, boolean lines) throws IOException {
        LookAhead ahead = new LookAhead(text);
        Kind objects = lines ? Kind.LINES : Kind.OBJECTS;
        JsonShape shape;
        try (JsonParser parser = JsonObjects.JSON.createParser(ahead)) {
            shape = switch (first(parser)) {
                case START_ARRAY -> ofArray(parser);
                case START_OBJECT -> ofObject(parser, ahead, objects);
                default -> new JsonShape(objects, false);
            };
        }
        ahead.rewind();
        return shape;
    }

    /** Tells whether a member holds the rows of an object that wraps them. */
    static boolean holdsRows(String name, JsonToken value) {
        return value == JsonToken.START_ARRAY && ROWS.contains(name);
    }

    /** Tells whether a member shows that its object is a row itself and wraps none. */
    static boolean isOfRow(String name) {
        return ColumnNames.key(name).equals(OWN_NUMBER);
    }

    private static JsonToken first(JsonParser parser) throws IOException {
        try {
            JsonToken token = parser.nextToken();
            return token == null ? JsonToken.NOT_AVAILABLE : token;
        } catch (JsonProcessingException e) {
            return JsonToken.NOT_AVAILABLE;
        }
    }

    private static JsonShape ofArray(JsonParser parser) throws IOException {
        try {
            return new JsonShape(Kind.ARRAY, isNumbered(parser));
        } catch (JsonProcessingException e) {
            return new JsonShape(Kind.ARRAY, false);
        }
    }

    private static JsonShape ofObject(JsonParser parser, LookAhead ahead, Kind objects) throws IOException {
        long start = parser.currentTokenLocation().getLineNr();
        boolean wraps = false;
        boolean numbered = false;
        boolean row = false;
        try {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                row |= isOfRow(name);
                if (!wraps && !row && holdsRows(name, value)) {
                    wraps = true;
                    numbered = isNumbered(parser);
                    endArray(parser);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            // One that is cut off, or broken, wraps rows where nobody says that it is a line, and longer than a row it
            // is none.
            boolean wrapped = wraps && !row && (ahead.exhausted() || objects != Kind.LINES);
            return wrapped ? new JsonShape(Kind.WRAPPED, numbered) : new JsonShape(objects, false);
        }
        long end = parser.currentLocation().getLineNr();
        long next = lineOfNext(parser);
        if (next == 0 && wraps && !row) {
            return new JsonShape(Kind.WRAPPED, numbered);
        }
        boolean oneLineEach = start == end && next != end;
        return new JsonShape(oneLineEach ? Kind.LINES : objects, next == start);
    }

    /** Returns the line on which the next value, or what is none, starts; 0 at the end of the text. */
    private static long lineOfNext(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() == null
                    ? 0
                    : parser.currentTokenLocation().getLineNr();
        } catch (JsonProcessingException e) {
            return e.getLocation().getLineNr();
        }
    }

    /** Reads the first elements of the array that has begun, and tells whether two of them start on one line. */
    private static boolean isNumbered(JsonParser parser) throws IOException {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            return false;
        }
        long line = parser.currentTokenLocation().getLineNr();
        parser.skipChildren();
        return parser.nextToken() != JsonToken.END_ARRAY
                && parser.currentTokenLocation().getLineNr() == line;
    }

    /** Passes over what is left of an array that holds the rows. */
    private static void endArray(JsonParser parser) throws IOException {
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            parser.nextToken();
        }
    }
}
