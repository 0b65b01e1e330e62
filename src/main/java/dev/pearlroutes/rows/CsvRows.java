package dev.pearlroutes.rows;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.pearlroutes.rows.CsvRecords.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of a CSV file with a header.
 *
 * <p>A quote inside an unquoted cell is a plain character. Text after a closing quote, and a quoted cell that never ends, make the file
 * unreadable: the start of the next row could only be guessed, and a wrong guess swallows rows.
 */
final class CsvRows implements RowReader.RowSource {
    private final CsvDialect dialect;
    private final CsvRecords records;
    private final Iterator<CsvRecord> parsed;
    private final List<String> columns;
    private long number;

    /** @throws UnreadableSourceException when there is no usable header */
    static CsvRows open(BufferedReader text) throws IOException {
        return new CsvRows(text, CsvDialect.of(text));
    }

    private CsvRows(BufferedReader text, CsvDialect dialect) throws IOException {
        this.dialect = dialect;
        this.records = new CsvRecords();
        this.parsed = CsvReader.builder()
                .fieldSeparator(dialect.delimiter())
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .maxBufferSize(RowReader.MAX_ROW)
                .build(records, text)
                .iterator();
        this.columns = header();
    }

    CsvDialect dialect() {
        return dialect;
    }

    List<String> columns() {
        return columns;
    }

    @Override
    public Row read() throws IOException {
        CsvRecord record = nextRecord();
        // A line of only spaces is a blank line too, where it can't be the one cell of a row.
        while (record != null
                && record.blank()
                && (columns.size() > 1 || record.cells().size() > 1)) {
            record = nextRecord();
        }
        if (record == null) {
            return null;
        }
        number++;
        List<String> cells = record.cells();
        String problem = record.problem();
        if (problem == null && cells.size() > columns.size() && emptyFrom(cells, columns.size())) {
            cells = cells.subList(0, columns.size());
        }
        if (problem == null && cells.size() != columns.size()) {
            problem = "has " + cells.size() + (cells.size() == 1 ? " cell" : " cells") + " where the header has "
                    + columns.size();
        }
        return new Row(number, record.line(), cells, problem == null ? values(cells) : Map.of(), problem);
    }

    private Map<String, Object> values(List<String> cells) {
        Map<String, Object> values = new LinkedHashMap<>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).isEmpty()) {
                values.put(columns.get(i), CellText.unwrapped(cells.get(i)));
            }
        }
        return values;
    }

    private static boolean emptyFrom(List<String> cells, int from) {
        return cells.subList(from, cells.size()).stream().allMatch(String::isEmpty);
    }

    private List<String> header() throws IOException {
        CsvRecord record = nextFilled();
        if (record != null && dialect.separatorLine()) {
            record = nextFilled();
        }
        if (record == null) {
            throw new UnreadableSourceException("has no header: its first line must name the columns");
        }
        if (record.problem() != null) {
            throw new UnreadableSourceException("its header " + record.problem());
        }
        List<String> names = record.cells().stream()
                .map(String::strip)
                .map(CellText::unwrapped)
                .toList();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!name.isEmpty() && !seen.add(name)) {
                String shown = names.stream().anyMatch(ColumnNames::looksLikeData) ? "'…'" : ColumnNames.shown(name);
                throw new UnreadableSourceException(
                        "has two columns named " + shown + " in its first line: rename one");
            }
        }
        return names;
    }

    private CsvRecord nextFilled() throws IOException {
        CsvRecord record = nextRecord();
        while (record != null && record.blank()) {
            record = nextRecord();
        }
        return record;
    }

    private CsvRecord nextRecord() throws IOException {
        try {
            return parsed.hasNext() ? parsed.next() : null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            // FastCSV wraps what comes from below, and its own messages may quote content.
            if (e.getCause() instanceof UnreadableSourceException unreadable) {
                throw unreadable;
            }
            throw new UnreadableSourceException(
                    "the quotes don't match up in the row that starts on line " + records.line()
                            + ": a quoted cell must end with a quote (within " + RowReader.MAX_ROW
                            + " characters) and have quotes inside it doubled",
                    records.line());
        }
    }
}
