package dev.pearlroutes.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Map;

/** The rows of JSON Lines. Lines are split before they are parsed, so that a bad line is one bad row; blank lines are skipped. */
final class JsonLinesRows implements RowReader.RowSource {
    private final Reader text;
    private final JsonObjects objects = new JsonObjects();
    private final StringBuilder buffer = new StringBuilder(1024);
    private final char[] chars = new char[16 << 10];
    private int position;
    private int limit;
    private long number;
    private long line;
    private boolean tooLong;

    JsonLinesRows(Reader text) {
        this.text = text;
    }

    @Override
    public Row read() throws IOException {
        while (nextLine()) {
            if (tooLong) {
                return new Row(
                        ++number, line, List.of(), Map.of(), "has more than " + RowReader.MAX_ROW + " characters");
            }
            String content = buffer.toString().strip();
            if (!content.isEmpty()) {
                return row(content);
            }
        }
        return null;
    }

    private Row row(String content) throws IOException {
        number++;
        String problem;
        try (JsonParser parser = JsonObjects.JSON.createParser(content)) {
            try {
                parser.nextToken();
                Map<String, Object> values = objects.read(parser);
                problem = objects.problem();
                if (problem == null && parser.nextToken() == null) {
                    return new Row(number, line, List.of(), values, null, objects.unknownBefore());
                }
                problem = problem == null ? "continues after the end of its JSON object" : problem;
            } catch (JsonProcessingException e) {
                int column = parser.currentLocation().getColumnNr();
                String cause = JsonObjects.cause(e);
                problem = cause.endsWith(",")
                        ? cause + " at column " + column
                        : "is not JSON from column " + column + " on";
            }
        }
        return new Row(number, line, List.of(content), Map.of(), problem);
    }

    /** Reads the next line; unlike {@link BufferedReader#readLine()} it does not keep a line that is too long. */
    private boolean nextLine() throws IOException {
        buffer.setLength(0);
        tooLong = false;
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && chars[end] != '\n') {
                end++;
            }
            tooLong |= buffer.length() + (end - position) > RowReader.MAX_ROW;
            if (!tooLong) {
                buffer.append(chars, position, end - position);
            }
            position = end + 1;
            if (end < limit) {
                break;
            }
        }
        line += any ? 1 : 0;
        return any;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, text.read(chars, 0, chars.length));
        return limit > 0;
    }
}
