package dev.pearlroutes.rows;

import java.util.List;
import java.util.Map;

/**
 * One row of a source as it was read.
 *
 * @param number position among the rows of the source, from 1; together with the source it identifies the row for ever
 * @param line line of the decoded text on which the row starts, from 1; the row's number where the first two elements of JSON
 *     start on one line
 * @param cells CSV: the cells as read, in order, with empty ones for those that are missing at the end. JSON: empty, or the unusable text alone
 * @param values column name to value in the source's order. CSV: strings. JSON: what the object held (String, Number,
 *     Boolean, null, or nested Map and List)
 * @param problem why the row cannot be used, for the operator and without the row's content; null when it can
 * @param formerly what versions before names and cells were cleaned read in columns where that is another text than today's; empty for a
 *     column that they did not know. Mostly there is no such column
 */
public record Row(
        long number,
        long line,
        List<String> cells,
        Map<String, Object> values,
        String problem,
        Map<String, String> formerly) {

    /** Makes a row that was always read as it is today. */
    public Row(long number, long line, List<String> cells, Map<String, Object> values, String problem) {
        this(number, line, cells, values, problem, Map.of());
    }

    @Override
    public String toString() {
        return "Row[number=" + number + ", line=" + line + "]";
    }
}
