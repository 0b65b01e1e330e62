package dev.pearlroutes.rows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * The rows of a file or message, one after another in constant memory: CSV, JSON (an array, also as a member
 * of an object, or objects one after another) and JSON Lines; a file may be gzipped.
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

    private static final String SUPPORTED = ".csv, .json, .jsonl and .ndjson, each also with .gz";

    private final BufferedReader text;
    private final RowSource rows;
    private final ArrayDeque<Row> ahead = new ArrayDeque<>();
    private boolean ended;
    private RuntimeException failure;
    private long left = Long.MAX_VALUE;

    /** The rows of one format. */
    interface RowSource {
        /** Reads the next row; null at the end. */
        Row read() throws IOException;
    }

    private RowReader(BufferedReader text, RowSource rows) {
        this.text = text;
        this.rows = rows;
    }

    /**
     * Opens a file whose charset is fixed; see {@link #open(Path, String, Charset, String)}.
     *
     * @param charset of the text, unless it starts with a byte order mark
     */
    public static RowReader open(Path file, String fileName, Charset charset) {
        return open(file, fileName, charset, null);
    }

    /**
     * Opens a file and reads its header.
     *
     * @param file where it lies
     * @param fileName the name it was dropped with; its ending decides the format
     * @param charset of the text, unless it starts with a byte order mark
     * @param charsetKey setting of the charset, for the message when the text is of another; null when there is none
     * @throws UnreadableSourceException when the name's ending is not supported, the file is empty, or its header can't be read
     * @throws UncheckedIOException when the disk fails
     */
    public static RowReader open(Path file, String fileName, Charset charset, String charsetKey) {
        return open(file, fileName, charset, charsetKey, false);
    }

    /**
     * Opens a file of which nothing was sent, as {@link #open(Path, String, Charset, String)} does. Text that is UTF-8 though its charset is
     * one of one byte makes it unreadable, which shows at its end.
     */
    public static RowReader openToJudge(Path file, String fileName, Charset charset, String charsetKey) {
        return open(file, fileName, charset, charsetKey, true);
    }

    private static RowReader open(Path file, String fileName, Charset charset, String charsetKey, boolean judge) {
        String name = fileName.toLowerCase(Locale.ROOT);
        boolean gzip = name.endsWith(".gz");
        String plain = gzip ? name.substring(0, name.length() - ".gz".length()) : name;
        String format = plain.substring(plain.lastIndexOf('.') + 1);
        if (!plain.contains(".") || !List.of("csv", "json", "jsonl", "ndjson").contains(format)) {
            throw new UnreadableSourceException("the ending of its name is not supported: use " + SUPPORTED);
        }
        BufferedReader text = null;
        try {
            text = SourceText.open(file, gzip, charset, charsetKey, judge);
            RowSource rows = switch (format) {
                case "csv" -> CsvRows.open(text);
                default -> JsonRows.open(text, !format.equals("json"));
            };
            return new RowReader(text, rows);
        } catch (IOException e) {
            closeAfter(e, text);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            closeAfter(e, text);
            throw e;
        }
    }

    /**
     * Opens a text of lines that are no rows, in UTF-8 unless it starts with a byte order mark. It is decoded as that of rows is.
     *
     * @throws UnreadableSourceException when it holds no byte, here and at any reading when it is not of its charset
     */
    public static BufferedReader openText(Path file) throws IOException {
        return SourceText.open(file, false, StandardCharsets.UTF_8, null, false);
    }

    /**
     * Opens the body of a message, whose first character decides the format: {@code [} or <code>{</code> is JSON, of the same shapes
     * as in files, and anything else the header of CSV.
     *
     * @throws UnreadableSourceException when the body is empty or its header can't be read
     */
    public static RowReader open(byte[] body) {
        try {
            BufferedReader text = SourceText.of(body);
            int first = firstCharacter(text);
            boolean json = first == '[' || first == '{';
            return new RowReader(text, json ? JsonRows.open(text, false) : CsvRows.open(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Tells whether the rows are those of CSV. */
    public boolean csv() {
        return rows instanceof CsvRows;
    }

    /** Returns the names of the CSV header in order, trimmed, with blank ones; empty for JSON. */
    public List<String> columns() {
        return rows instanceof CsvRows csv ? csv.columns() : List.of();
    }

    /** Returns what separates the cells of CSV; a comma for JSON. */
    public char delimiter() {
        return rows instanceof CsvRows csv ? csv.dialect().delimiter() : ',';
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
            text.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeAfter(Exception first, BufferedReader text) {
        try {
            if (text != null) {
                text.close();
            }
        } catch (IOException e) {
            first.addSuppressed(e);
        }
    }
}
