package dev.pearlroutes.rows;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of a file or message, one after another in constant memory: CSV, JSON (an array, also as a member
 * of an object, or objects one after another), JSON Lines and Excel workbooks; a file of text may be gzipped.
 *
 * <p>What is wrong with one row is that row's {@link Row#problem()}. Where the rows that follow can't be told apart, the whole source is
 * unreadable: {@link #hasNext()} and {@link #next()} throw {@link UnreadableSourceException}, and throw it again at each further call. A
 * failing disk is an {@link UncheckedIOException}: the file is not to blame. Not safe for several threads.
 */
public final class RowReader implements Iterator<Row>, AutoCloseable {
    /** Characters of a cell or JSON string; an Excel cell holds half of it. */
    static final int MAX_CELL = 64 << 10;
    /** Characters of a row; together with the rows of a batch it bounds the memory. */
    static final int MAX_ROW = 1 << 20;
    /** Columns of a CSV file, members of a JSON object. */
    static final int MAX_COLUMNS = 1_000;
    /** Levels of objects and arrays in a JSON row. */
    static final int MAX_DEPTH = 32;

    private final Closeable source;
    private final RowSource rows;
    private final ArrayDeque<Row> ahead = new ArrayDeque<>();
    private boolean ended;
    private RuntimeException failure;
    private long left = Long.MAX_VALUE;

    /** The rows of one format. */
    interface RowSource {
        /** Reads the next row; null at the end. */
        Row read() throws IOException;

        /** Returns the names of the columns; empty when there is no header. */
        default List<String> columns() {
            return List.of();
        }
    }

    RowReader(Closeable source, RowSource rows) {
        this.source = source;
        this.rows = rows;
    }

    /**
     * Opens a file and reads its header.
     *
     * @param file where it lies
     * @param fileName the name it was dropped with; its ending decides the format
     * @throws UnreadableSourceException when the name's ending is not supported, the file is empty or is something else than its ending
     *     says, it has no sheet that can be read, or its header can't be read
     * @throws UncheckedIOException when the disk fails
     */
    public static RowReader open(Path file, String fileName, ReadOptions options) {
        SourceFormat format = SourceFormat.of(fileName);
        try {
            return format == SourceFormat.WORKBOOK
                    ? WorkbookRows.open(Workbook.open(file, options.scratch()), options)
                    : of(SourceText.open(file, SourceFormat.isGzip(fileName), options), format, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens a text of lines that are no rows, in UTF-8 unless it starts with a byte order mark. It is decoded as that of rows is.
     *
     * @throws UnreadableSourceException when it holds no byte or is no text, here and at any reading when it is not of its charset
     */
    public static BufferedReader openText(Path file) throws IOException {
        return SourceText.open(file, false, ReadOptions.utf8(null));
    }

    /**
     * Opens the body of a message, whose first characters decide the format: {@code [} or <code>{</code> is JSON, of the same shapes as
     * in files, those of a ZIP archive are an Excel workbook, and anything else is the header of CSV.
     *
     * @param options of which the charset is not used: the body is in UTF-8
     * @throws UnreadableSourceException when the body is empty, it has no sheet that can be read, or its header can't be read
     */
    public static RowReader open(byte[] body, ReadOptions options) {
        try {
            if (isWorkbook(body)) {
                return WorkbookRows.open(Workbook.open(body, options.scratch()), options);
            }
            BufferedReader text = SourceText.of(body);
            int first = firstCharacter(text);
            return of(text, first == '[' || first == '{' ? SourceFormat.JSON : SourceFormat.CSV, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether the body of a message is an Excel workbook. */
    public static boolean isWorkbook(byte[] body) {
        return FileSignature.of(Arrays.copyOf(body, Math.min(body.length, FileSignature.START)))
                == FileSignature.WORKBOOK;
    }

    /** Tells whether the body of a message is text that is read as JSON, and not as CSV. @throws UnreadableSourceException when it is no text */
    public static boolean isJson(byte[] body) {
        try (BufferedReader text = SourceText.of(body)) {
            int first = firstCharacter(text);
            return first == '[' || first == '{';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RowReader of(BufferedReader text, SourceFormat format, ReadOptions options) throws IOException {
        try {
            boolean csv = format == SourceFormat.CSV;
            RowReader reader = new RowReader(
                    text, csv ? CsvRows.open(text) : JsonRows.open(text, format == SourceFormat.JSON_LINES));
            if (csv) {
                options.columns().accept(reader);
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /** Returns the first character that is not blank; -1 when there is none within the longest row. */
    private static int firstCharacter(BufferedReader text) throws IOException {
        LookAhead ahead = new LookAhead(text);
        int c = ahead.read();
        while (c >= 0 && CellText.isBlank(c)) {
            c = ahead.read();
        }
        ahead.rewind();
        return c;
    }

    /** Tells whether the rows are cells below a header, as those of CSV and workbooks are. */
    public boolean tabular() {
        return rows instanceof CsvRows || rows instanceof WorkbookRows;
    }

    /** Returns the names of the columns in order, cleaned, with blank ones; empty for JSON. */
    public List<String> columns() {
        return rows.columns();
    }

    /** Returns what separates the cells of CSV; a comma for other formats. */
    public char delimiter() {
        return rows instanceof CsvRows csv ? csv.dialect().delimiter() : ',';
    }

    /** Returns the name of the sheet that is read; null when the source is no workbook. */
    public String sheet() {
        return rows instanceof WorkbookRows workbook ? workbook.sheet() : null;
    }

    /** Lists the sheets of a workbook that are neither read nor blank, hidden ones too. */
    public List<String> otherSheets() {
        try {
            return rows instanceof WorkbookRows workbook ? workbook.otherSheets() : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether the first line names the delimiter, such as {@code sep=;}, and is no header. */
    public boolean separatorLine() {
        return rows instanceof CsvRows csv && csv.dialect().separatorLine();
    }

    @Override
    public boolean hasNext() {
        if (left == 0) {
            return false;
        }
        readAhead(1);
        if (ahead.isEmpty() && failure != null) {
            throw failure;
        }
        return !ahead.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        left--;
        return ahead.remove();
    }

    /** Looks at the next rows, at most {@code most}, which are still to be read; fewer where the source ends or is unreadable. */
    public List<Row> peek(int most) {
        readAhead(most);
        return ahead.stream().limit(most).toList();
    }

    private void readAhead(int most) {
        while (ahead.size() < most && !ended && failure == null) {
            try {
                Row row = rows.read();
                ended = row == null;
                if (!ended) {
                    ahead.add(row);
                }
            } catch (IOException e) {
                failure = new UncheckedIOException(e);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
    }

    /** Ends behind the first rows, whatever stands there: others may be in the making. */
    public RowReader endingAfter(long rows) {
        left = rows;
        return this;
    }

    /** Reads the next rows, at most {@code most}; none at the end. */
    public List<Row> next(int most) {
        List<Row> page = new ArrayList<>();
        while (page.size() < most && hasNext()) {
            page.add(next());
        }
        return page;
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
