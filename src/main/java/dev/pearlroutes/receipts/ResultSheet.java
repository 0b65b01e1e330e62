package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A result file being written: the source's own columns and order with ours behind them, in the source's own format. A first line
 * {@code sep=;} is written too, since without it the spreadsheet of who dropped the file may show all cells in one.
 */
public final class ResultSheet implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Columns of a rejected file, which say nothing any more of the rows that were corrected and dropped again. */
    private static final Set<String> OF_REJECTION = Set.of("_line", "_reason", "_raw");

    /** Quotes a blank cell at the beginning, so that a row of blank cells is not taken for a line of delimiters only. */
    private static final QuoteStrategy BLANK_ROWS = new QuoteStrategy() {
        @Override
        public boolean quoteEmpty(int line, int field) {
            return field == 0;
        }

        @Override
        public boolean quoteValue(int line, int field, String value) {
            return field == 0 && value.isBlank();
        }
    };

    private final AtomicFiles.Draft draft;
    private final List<String> sourceColumns;
    private final List<String> columns;
    private final boolean copy;
    private final CsvWriter csv;
    private final String separatorLine;
    private boolean headerWritten;

    ResultSheet(AtomicFiles.Draft draft, RowReader reader) {
        this(draft, reader, false);
    }

    private ResultSheet(AtomicFiles.Draft draft, RowReader reader, boolean copy) {
        this.draft = draft;
        this.copy = copy;
        this.sourceColumns = reader.columns();
        this.columns = sourceColumns.stream().filter(this::isKept).toList();
        this.separatorLine = reader.separatorLine() ? "sep=" + reader.delimiter() + "\n" : "";
        this.csv = reader.tabular()
                ? CsvWriter.builder()
                        .fieldSeparator(reader.delimiter())
                        .lineDelimiter(LineDelimiter.LF)
                        .quoteStrategy(copy ? BLANK_ROWS : QuoteStrategies.REQUIRED)
                        .build(draft.writer())
                : null;
    }

    /** Makes a copy of the source itself, whose rows keep their numbers and all their columns. */
    public static ResultSheet copy(AtomicFiles.Draft draft, RowReader reader) {
        return new ResultSheet(draft, reader, true);
    }

    public void write(Row row, Map<String, Object> extra) throws IOException {
        if (csv == null) {
            writeJson(row, extra);
        } else {
            writeCsv(row, extra);
        }
    }

    /** Writes the header of CSV, also where no row follows. @param ours names of our columns */
    void header(Collection<String> ours) throws IOException {
        if (csv != null && !headerWritten) {
            draft.writer().write(separatorLine);
            List<String> header = new ArrayList<>(columns);
            ours.stream()
                    .map(name -> ourName(name, columns))
                    .filter(name -> !columns.contains(name))
                    .forEach(header::add);
            csv.writeRecord(header);
            headerWritten = true;
        }
    }

    /** Has the file appear; its name becomes durable with the next sync of its folder. */
    public void finish() throws IOException {
        if (csv != null) {
            csv.flush();
        }
        draft.appear();
    }

    @Override
    public void close() throws IOException {
        draft.close();
    }

    /**
     * Finds the name under which a column of ours is written. One that begins with {@code _} is ours also when the source has it
     * (a corrected rejected file) and is overwritten; any other of the source's own is left to it.
     */
    private static String ourName(String name, Collection<String> sourceNames) {
        String ours = name;
        while (!name.startsWith("_") && sourceNames.contains(ours)) {
            ours = "_" + ours;
        }
        return ours;
    }

    private void writeCsv(Row row, Map<String, Object> extraColumns) throws IOException {
        header(extraColumns.keySet());
        List<String> cells = kept(row.cells());
        while (!copy && cells.size() < columns.size()) {
            cells.add("");
        }
        extraColumns.forEach((name, value) -> {
            String cell = value == null ? "" : value.toString();
            int own = columns.indexOf(ourName(name, columns));
            if (own >= 0) {
                cells.set(own, cell);
            } else {
                cells.add(cell);
            }
        });
        csv.writeRecord(cells);
    }

    private void writeJson(Row row, Map<String, Object> extra) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>(row.values());
        members.keySet().removeIf(name -> !isKept(name));
        if (!row.cells().isEmpty()) {
            members.put("_raw", row.cells().get(0));
        }
        extra.forEach((name, value) -> members.put(ourName(name, row.values().keySet()), value));
        draft.writer().write(JSON.writeValueAsString(members));
        draft.writer().write('\n');
    }

    private boolean isKept(String column) {
        return copy || !OF_REJECTION.contains(column);
    }

    /** Leaves out the cells of columns that are not kept. They stand at the end, where a row with too many cells has them too. */
    private List<String> kept(List<String> cells) {
        List<String> kept = new ArrayList<>(cells);
        int more = Math.max(0, cells.size() - sourceColumns.size());
        for (int i = Math.min(cells.size(), sourceColumns.size()) - 1; i >= 0; i--) {
            if (!isKept(sourceColumns.get(i))) {
                kept.remove(i + more);
            }
        }
        return kept;
    }
}
