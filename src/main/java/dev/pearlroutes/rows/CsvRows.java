package dev.pearlroutes.rows;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.pearlroutes.rows.CsvRecords.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The rows of a CSV file with a header.
 *
 * <p>A quote inside an unquoted cell is a plain character. Text after a closing quote, and a quoted cell that never ends, make the file
 * unreadable: the start of the next row could only be guessed, and a wrong guess swallows rows. Spaces before an opening quote count only
 * where the header has none of them.
 */
final class CsvRows implements RowReader.RowSource {
    private final CsvDialect dialect;
    private final CsvRecords records;
    private final Iterator<CsvRecord> parsed;
    private final List<String> columns;
    /** Columns that versions before names were cleaned did not know, each with nothing in it. */
    private final Map<String, String> unknownBefore;

    private final ShortRows shortRows;
    private CsvRecord ahead;
    private UnreadableSourceException failure;
    private long number;

    /** @throws UnreadableSourceException when there is no usable header */
    static CsvRows open(BufferedReader text) throws IOException {
        return new CsvRows(text, CsvDialect.of(text));
    }

    private CsvRows(BufferedReader text, CsvDialect dialect) throws IOException {
        this.dialect = dialect;
        List<String> plain = dialect.spacedQuotes() ? headerAhead(text, false) : null;
        boolean spaced =
                plain != null && plain.stream().anyMatch(CsvRows::hasSpacedQuote) && isOneLine(headerAhead(text, true));
        this.records = new CsvRecords();
        ShortRows.Ending ending = new ShortRows.Ending(text);
        this.parsed = parse(records, ending, spaced);
        List<String> written = header(parsed, records);
        this.columns = names(written);
        this.unknownBefore = unknownBefore(spaced ? plain : written);
        this.shortRows = new ShortRows(columns, ending);
    }

    private Iterator<CsvRecord> parse(CsvRecords records, Reader text, boolean spaced) {
        return CsvReader.builder()
                .fieldSeparator(dialect.delimiter())
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .trimWhitespacesAroundQuotes(spaced)
                .maxBufferSize(RowReader.MAX_ROW)
                .build(records, text)
                .iterator();
    }

    /** Reads the header and has the text begin again. @return null when there is none that can be read in this way */
    private List<String> headerAhead(BufferedReader text, boolean spaced) throws IOException {
        LookAhead ahead = new LookAhead(text);
        try {
            CsvRecords ofHeader = new CsvRecords();
            return header(parse(ofHeader, ahead, spaced), ofHeader);
        } catch (UnreadableSourceException e) {
            return null;
        } finally {
            ahead.rewind();
        }
    }

    private static boolean hasSpacedQuote(String cell) {
        return cell.startsWith(" ") && cell.stripLeading().startsWith("\"");
    }

    /** Tells whether a header is one; a quote that is none would find its end somewhere in the rows. */
    private static boolean isOneLine(List<String> header) {
        return header != null && header.stream().noneMatch(cell -> cell.indexOf('\n') >= 0 || cell.indexOf('\r') >= 0);
    }

    CsvDialect dialect() {
        return dialect;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public Row read() throws IOException {
        if (failure != null) {
            throw failure;
        }
        CsvRecord record = ahead == null ? nextRecord() : ahead;
        ahead = null;
        if (record == null) {
            return null;
        }
        number++;
        String problem = record.problem();
        List<String> cells = record.cells();
        if (problem == null && cells.size() < columns.size()) {
            problem = shortProblem(cells);
            cells = problem == null ? padded(cells) : cells;
        } else {
            shortRows.whole(cells);
            cells = withoutEmpty(cells);
            problem = problem == null && cells.size() != columns.size() ? misfit(cells) : problem;
        }
        return new Row(
                number,
                record.line(),
                cells,
                problem == null ? Header.values(columns, cells) : Map.of(),
                problem,
                formerly(cells));
    }

    private String shortProblem(List<String> cells) throws IOException {
        List<String> next = List.of();
        try {
            ahead = nextRecord();
            next = ahead == null ? null : ahead.cells();
        } catch (UnreadableSourceException e) {
            // Is said when that row is asked for: it may be none of those that are.
            failure = e;
        }
        String problem = shortRows.problem(cells, next);
        return problem == null ? null : misfit(cells) + problem;
    }

    private String misfit(List<String> cells) {
        return "has " + cells.size() + (cells.size() == 1 ? " cell" : " cells") + " where the header has "
                + columns.size();
    }

    private List<String> padded(List<String> cells) {
        List<String> padded = new ArrayList<>(cells);
        padded.addAll(Collections.nCopies(columns.size() - cells.size(), ""));
        return padded;
    }

    private List<String> withoutEmpty(List<String> cells) {
        boolean empty = cells.size() > columns.size()
                && cells.subList(columns.size(), cells.size()).stream().allMatch(String::isEmpty);
        return empty ? cells.subList(0, columns.size()) : cells;
    }

    /** Finds the cells that versions before formulas were unwrapped read as they are written. */
    private Map<String, String> formerly(List<String> cells) {
        Map<String, String> formerly = unknownBefore;
        for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
            if (cells.get(i).startsWith("=") && !unknownBefore.containsKey(columns.get(i))) {
                formerly = formerly == unknownBefore ? new HashMap<>(unknownBefore) : formerly;
                formerly.put(columns.get(i), cells.get(i));
            }
        }
        return formerly;
    }

    /** Reads the cells of the header as they are written. */
    private List<String> header(Iterator<CsvRecord> parsed, CsvRecords records) throws IOException {
        CsvRecord record = nextFilled(parsed, records);
        if (record != null && dialect.separatorLine()) {
            record = nextFilled(parsed, records);
        }
        if (record == null) {
            throw new UnreadableSourceException("has no header: its first line must name the columns");
        }
        if (record.problem() != null) {
            throw new UnreadableSourceException("its header " + record.problem());
        }
        return record.cells();
    }

    private static List<String> names(List<String> written) {
        for (int i = 0; i < written.size(); i++) {
            int before = beforeQuote(written.get(i));
            if (before >= 0) {
                throw Header.unusable(before, i);
            }
        }
        return Header.names(written);
    }

    /** Finds the character before the quote of a cell, which makes the quotes a part of its name. @return -1 when there is none */
    private static int beforeQuote(String written) {
        int quote = written.indexOf('"');
        boolean late = quote > 0 && Header.name(written).startsWith("\"");
        String start = late ? written.substring(0, quote).replaceAll("[ =]", "") : "";
        return start.isEmpty() ? -1 : start.codePointAt(0);
    }

    /** @param written the header as versions before names were cleaned read it */
    private Map<String, String> unknownBefore(List<String> written) {
        Map<String, String> unknown = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            if (i >= written.size() || ColumnNames.hadAnotherKey(written.get(i), columns.get(i))) {
                unknown.put(columns.get(i), "");
            }
        }
        return Map.copyOf(unknown);
    }

    private static CsvRecord nextFilled(Iterator<CsvRecord> parsed, CsvRecords records) throws IOException {
        CsvRecord record = next(parsed, records);
        while (record != null && record.blank()) {
            record = next(parsed, records);
        }
        return record;
    }

    private CsvRecord nextRecord() throws IOException {
        CsvRecord record = next(parsed, records);
        // A line of only spaces is a blank line too, where it can't be the one cell of a row.
        while (record != null
                && record.blank()
                && (columns.size() > 1 || record.cells().size() > 1)) {
            record = next(parsed, records);
        }
        return record;
    }

    private static CsvRecord next(Iterator<CsvRecord> parsed, CsvRecords records) throws IOException {
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
