package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A result file being written: the source's own columns and order with ours behind them, in the source's own format. A first line
 * {@code sep=;} is written too, since without it the spreadsheet of who dropped the file may show all cells in one.
 */
public final class ResultSheet implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicFiles.Draft draft;
    private final List<String> columns;
    private final CsvWriter csv;
    private final String separatorLine;
    private boolean headerWritten;

    public ResultSheet(AtomicFiles.Draft draft, RowReader reader) {
        this.draft = draft;
        this.columns = reader.columns();
        this.separatorLine = reader.separatorLine() ? "sep=" + reader.delimiter() + "\n" : "";
        this.csv = reader.csv()
                ? CsvWriter.builder()
                        .fieldSeparator(reader.delimiter())
                        .lineDelimiter(LineDelimiter.LF)
                        .build(draft.writer())
                : null;
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
        List<String> cells = new ArrayList<>(row.cells());
        while (cells.size() < columns.size()) {
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
        if (!row.cells().isEmpty()) {
            members.put("_raw", row.cells().get(0));
        }
        extra.forEach((name, value) -> members.put(ourName(name, row.values().keySet()), value));
        draft.writer().write(JSON.writeValueAsString(members));
        draft.writer().write('\n');
    }
}
