package dev.pearlroutes.rows;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of one sheet of a workbook, whose first row that is not blank names the columns. */
final class WorkbookRows implements RowReader.RowSource, Closeable {
    private final Workbook workbook;
    private final Workbook.Sheet sheet;
    private final SheetCells cells;
    private final int headerRow;
    private final List<String> columns;
    private long number;

    /**
     * Opens the sheet that is named, or else the first one that people see and whose columns can be used.
     *
     * @param workbook closed with the rows, also when this fails
     * @throws UnreadableSourceException when there is no such sheet
     */
    static RowReader open(Workbook workbook, ReadOptions options) throws IOException {
        try {
            return options.sheet() == null ? firstUsable(workbook, options) : named(workbook, options);
        } catch (IOException | RuntimeException e) {
            workbook.close();
            throw e;
        }
    }

    private static RowReader named(Workbook workbook, ReadOptions options) throws IOException {
        Workbook.Sheet sheet = workbook.sheet(options.sheet())
                .orElseThrow(() -> new UnreadableSourceException("has no sheet " + ColumnNames.shown(options.sheet())
                        + (options.sheetKey() == null ? "" : ", which " + options.sheetKey() + " names")
                        + "; its sheets are "
                        + ColumnNames.shown(names(workbook.sheets()))));
        RowReader rows = usable(workbook, sheet, options);
        if (rows == null) {
            throw new UnreadableSourceException("its sheet " + ColumnNames.shown(sheet.name()) + " is blank");
        }
        return rows;
    }

    private static RowReader firstUsable(Workbook workbook, ReadOptions options) throws IOException {
        UnreadableSourceException first = null;
        for (Workbook.Sheet sheet : workbook.sheets()) {
            if (!sheet.hidden()) {
                try {
                    RowReader rows = usable(workbook, sheet, options);
                    if (rows != null) {
                        return rows;
                    }
                } catch (UnreadableSourceException e) {
                    first = first == null ? e : first;
                }
            }
        }
        throw first != null
                ? first
                : new UnreadableSourceException("has no header: each sheet that is not hidden is blank");
    }

    /** @return null when the sheet is blank */
    private static RowReader usable(Workbook workbook, Workbook.Sheet sheet, ReadOptions options) throws IOException {
        SheetCells cells = new SheetCells(workbook, sheet);
        try {
            if (!cells.next()) {
                cells.close();
                return null;
            }
            return new WorkbookRows(workbook, sheet, cells).checked(options);
        } catch (IOException | RuntimeException e) {
            cells.close();
            throw e;
        }
    }

    private WorkbookRows(Workbook workbook, Workbook.Sheet sheet, SheetCells cells) {
        this.workbook = workbook;
        this.sheet = sheet;
        this.cells = cells;
        this.headerRow = cells.row();
        if (cells.problem() != null) {
            throw new UnreadableSourceException(inSheet("its header " + cells.problem()));
        }
        this.columns = Header.names(cells.cells());
    }

    /** Has the columns judged; when they can't be used, merged cells may be why. */
    private RowReader checked(ReadOptions options) throws IOException {
        try {
            RowReader reader = new RowReader(this, this);
            options.columns().accept(reader);
            return reader;
        } catch (UnreadableSourceException e) {
            while (cells.next()) {
                // What is merged stands behind the rows.
            }
            requireUnmerged();
            throw new UnreadableSourceException(inSheet(e.getMessage()));
        }
    }

    private String inSheet(String problem) {
        return workbook.sheets().size() == 1
                ? problem
                : problem + " (in its sheet " + ColumnNames.shown(sheet.name()) + ")";
    }

    @Override
    public Row read() throws IOException {
        if (!cells.next()) {
            requireUnmerged();
            return null;
        }
        List<String> read = new ArrayList<>(cells.cells());
        String problem = cells.problem();
        if (read.size() > columns.size()) {
            String beyond = "has a value in cell " + SheetCells.columnName(read.size()) + cells.row()
                    + ", whose column has no name: name it in the header, or empty it";
            problem = problem == null ? beyond : problem + "; " + beyond;
        }
        while (read.size() < columns.size()) {
            read.add("");
        }
        return new Row(
                ++number,
                cells.row(),
                List.copyOf(read),
                problem == null ? Header.values(columns, read) : Map.of(),
                problem);
    }

    private void requireUnmerged() {
        String merged = cells.merged(headerRow);
        if (merged != null) {
            throw new UnreadableSourceException(
                    inSheet("has merged cells in its header (" + merged
                            + "): unmerge them, and name each column in the first row that is not blank"),
                    headerRow);
        }
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    String sheet() {
        return sheet.name();
    }

    List<String> otherSheets() throws IOException {
        List<Workbook.Sheet> others = new ArrayList<>();
        for (Workbook.Sheet other : workbook.sheets()) {
            if (!other.equals(sheet)) {
                try (SheetCells of = new SheetCells(workbook, other)) {
                    if (of.next()) {
                        others.add(other);
                    }
                }
            }
        }
        return names(others);
    }

    private static List<String> names(List<Workbook.Sheet> sheets) {
        return sheets.stream().map(Workbook.Sheet::name).toList();
    }

    @Override
    public void close() throws IOException {
        try (workbook) {
            cells.close();
        }
    }
}
