package dev.pearlroutes.intake;

import dev.pearlroutes.rows.RowReader;

/**
 * What the first reading of a source found.
 *
 * @param sheet whose rows they are; null when it is no workbook
 */
record Scan(long rows, String sheet) {
    /** Reads a source to its end. */
    static Scan of(RowReader reader) {
        long rows = 0;
        while (reader.hasNext()) {
            reader.next();
            rows++;
        }
        return new Scan(rows, reader.sheet());
    }
}
