package dev.pearlroutes.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of cells of a sheet, one after another, each cell as a person sees it. */
final class SheetCells implements AutoCloseable {
    /** Excel's own bounds. */
    private static final int LAST_COLUMN = 16_384;

    private static final int LAST_ROW = 1_048_576;

    private static final Pattern REFERENCE = Pattern.compile("([A-Za-z]{1,3})([0-9]{1,7})");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{0,400}(\\.[0-9]{0,400})?([eE][+-]?[0-9]{1,5})?");
    private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");
    /** Characters that XML can't hold or changes, and the begin of what looks like an escape. */
    private static final Pattern UNSAFE =
            Pattern.compile("[\\x00-\\x08\\x0B-\\x1F\\uFFFE\\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)");
    /** Where a look-up has found nothing. */
    private static final String NOT_AVAILABLE = "#N/A";

    private final Workbook workbook;
    private final XmlPart xml;
    private final StringBuilder text = new StringBuilder();
    private final List<String> merged = new ArrayList<>();
    private int row;
    private List<String> cells;
    private List<String> problems;
    private long size;
    private boolean ended;

    SheetCells(Workbook workbook, Workbook.Sheet sheet) throws IOException {
        this.workbook = workbook;
        this.xml = workbook.open(sheet);
    }

    /**
     * Reads the next row that has a cell which is not empty; at the end of the cells the whole sheet is read.
     *
     * @return false at the end
     */
    boolean next() throws IOException {
        while (!ended && xml.next()) {
            if (xml.starts("row")) {
                readRow();
                if (problem() != null || cells.stream().anyMatch(cell -> !cell.isBlank())) {
                    return true;
                }
            } else if (xml.starts("mergeCell") && merged.size() < LAST_COLUMN) {
                merged.add(String.valueOf(xml.attribute("ref")));
            }
        }
        ended = true;
        return false;
    }

    /** Returns the number of the row in its sheet, from 1. */
    int row() {
        return row;
    }

    /** Returns the cells from column A on; empty when there are too many characters. */
    List<String> cells() {
        return cells;
    }

    /** Returns why the row cannot be used; null when it can. */
    String problem() {
        return problems.isEmpty() ? null : String.join("; ", problems);
    }

    /** Finds a range of merged cells that a row is part of. To be asked at the end. @return null when there is none */
    String merged(int inRow) {
        for (String range : merged) {
            String[] corners = range.split(":");
            Matcher first = REFERENCE.matcher(corners[0]);
            Matcher last = REFERENCE.matcher(corners[corners.length - 1]);
            if (first.matches()
                    && last.matches()
                    && Integer.parseInt(first.group(2)) <= inRow
                    && inRow <= Integer.parseInt(last.group(2))) {
                return range;
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        xml.close();
    }

    private void readRow() throws IOException {
        int before = row;
        String number = xml.attribute("r");
        row = number == null ? before + 1 : number(number);
        if (row <= before || row > LAST_ROW) {
            throw xml.broken();
        }
        cells = new ArrayList<>(16);
        problems = new ArrayList<>(0);
        size = 0;
        int column = 0;
        while (xml.next() && !xml.ends("row")) {
            if (xml.starts("c")) {
                column = column(column);
                readCell(column);
            }
        }
    }

    /** Returns the column of the cell that begins here, from 1. @param before that of the cell before it */
    private int column(int before) {
        String reference = xml.attribute("r");
        if (reference == null) {
            return before + 1;
        }
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            throw xml.broken();
        }
        int column = 0;
        for (char c : matcher.group(1).toCharArray()) {
            column = column * 26 + Character.toUpperCase(c) - 'A' + 1;
        }
        if (column <= before || column > LAST_COLUMN) {
            throw xml.broken();
        }
        return column;
    }

    private void readCell(int column) throws IOException {
        String type = xml.attribute("t") == null ? "n" : xml.attribute("t");
        int style = xml.attribute("s") == null ? -1 : number(xml.attribute("s"));
        boolean formula = false;
        boolean valued = false;
        text.setLength(0);
        while (xml.next() && !xml.ends("c")) {
            if (xml.starts("f")) {
                formula = true;
                xml.skip();
            } else if (xml.starts("v")) {
                valued = true;
                text.setLength(0);
                xml.text(text);
            } else if (xml.starts("is")) {
                valued = true;
                richText(xml, "is", text);
            }
        }
        if (formula && (!valued || text.length() == 0 && type.equals("n"))) {
            problems.add("has a formula without a result in cell " + name(column)
                    + ": open the workbook in Excel and save it again");
        } else if (valued) {
            put(column, value(column, type, style));
        }
    }

    /** @return null when it is too long */
    private String value(int column, String type, int style) throws IOException {
        if (text.length() > RowReader.MAX_CELL) {
            return null;
        }
        return switch (type) {
            case "s" -> shared();
            case "b" -> text.toString().strip().equals("1") ? "true" : "false";
            case "e" -> error(column);
            case "n" -> number(column, style);
            // A formula's text, text in its cell, and dates, which are ISO already.
            default -> unescaped(text);
        };
    }

    private String shared() throws IOException {
        String number = text.toString().strip();
        try {
            return number.isEmpty() ? "" : workbook.text(number(number));
        } catch (IndexOutOfBoundsException e) {
            throw xml.broken();
        }
    }

    private String error(int column) {
        String error = text.toString().strip();
        if (error.equals(NOT_AVAILABLE)) {
            return "";
        }
        problems.add("shows an error instead of a value in cell " + name(column) + ": correct its formula");
        return error;
    }

    private String number(int column, int style) {
        String number = text.toString().strip();
        if (number.isEmpty()) {
            return "";
        }
        double value = NUMBER.matcher(number).matches() && number.chars().anyMatch(c -> c >= '0' && c <= '9')
                ? Double.parseDouble(number)
                : Double.NaN;
        if (!Double.isFinite(value)) {
            problems.add("has no number that can be read in cell " + name(column));
            return number;
        }
        return workbook.number(value, style);
    }

    /** @param value null when it is too long */
    private void put(int column, String value) {
        if (value == null) {
            problems.add("has a cell of more than " + RowReader.MAX_CELL + " characters");
            return;
        }
        if (value.isEmpty()) {
            return;
        }
        size += value.length();
        boolean tooWide = column > RowReader.MAX_COLUMNS;
        if (tooWide || size > RowReader.MAX_ROW) {
            String problem = tooWide
                    ? "has more than " + RowReader.MAX_COLUMNS + " cells"
                    : "has more than " + RowReader.MAX_ROW + " characters";
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
            return;
        }
        while (cells.size() < column - 1) {
            cells.add("");
        }
        cells.add(value);
    }

    private String name(int column) {
        return columnName(column) + row;
    }

    /** Returns the letters of a column. @param column from 1 */
    static String columnName(int column) {
        StringBuilder letters = new StringBuilder();
        for (int rest = column; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return letters.toString();
    }

    /** Appends the pieces of a text up to the end of its element, without how it is pronounced. */
    static void richText(XmlPart xml, String element, StringBuilder into) throws IOException {
        while (xml.next() && !xml.ends(element)) {
            if (xml.starts("t")) {
                xml.text(into);
            } else if (xml.starts("rPh")) {
                xml.skip();
            }
        }
    }

    /** Returns a text without the escapes that stand for characters which XML can't hold. */
    static String unescaped(CharSequence escaped) {
        String text = escaped.toString();
        if (text.indexOf("_x") < 0) {
            return text;
        }
        return ESCAPE.matcher(text).replaceAll(escape -> {
            char c = (char) Integer.parseInt(escape.group(1), 16);
            return Matcher.quoteReplacement(Character.isSurrogate(c) ? escape.group() : String.valueOf(c));
        });
    }

    /** Returns a text with the escapes of what XML can't hold, and of what looks like one. */
    static String escaped(String text) {
        return UNSAFE.matcher(text)
                .replaceAll(
                        unsafe -> String.format("_x%04X_", (int) unsafe.group().charAt(0)));
    }

    /** Reads a whole number. @return -1 when it is none, or a negative one */
    static int number(String text) {
        try {
            return text == null ? -1 : Math.max(-1, Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
