package dev.pearlroutes.rows;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The cells of one record, dropped when the record is beyond a bound. */
final class CsvRecords extends AbstractBaseCsvCallbackHandler<CsvRecords.CsvRecord> {
    /** @param cells empty when the record is beyond a bound */
    record CsvRecord(long line, List<String> cells, boolean quoted, String problem) {
        /** Tells whether it is a blank line, or one of delimiters only as spreadsheets leave it of rows that were emptied. */
        boolean blank() {
            return problem == null && !quoted && cells.stream().allMatch(String::isBlank);
        }
    }

    private List<String> cells;
    private boolean quotes;
    private long size;
    private String problem;

    long line() {
        return getStartingLineNumber();
    }

    @Override
    protected void handleBegin(long line) {
        cells = new ArrayList<>(16);
        quotes = false;
        size = 0;
        problem = null;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
        size += length;
        quotes |= quoted;
        if (length > RowReader.MAX_CELL) {
            problem = "has a cell of more than " + RowReader.MAX_CELL + " characters";
        } else if (size > RowReader.MAX_ROW) {
            problem = "has more than " + RowReader.MAX_ROW + " characters";
        } else if (index >= RowReader.MAX_COLUMNS) {
            problem = "has more than " + RowReader.MAX_COLUMNS + " cells";
        }
        if (problem != null) {
            cells = List.of();
        } else {
            cells.add(new String(buffer, offset, length));
        }
    }

    @Override
    protected CsvRecord buildRecord() {
        return new CsvRecord(getStartingLineNumber(), Collections.unmodifiableList(cells), quotes, problem);
    }
}
