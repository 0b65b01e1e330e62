package dev.pearlroutes.rows;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;

/**
 * Tells whether a CSV row with fewer cells than the header is whole. Spreadsheets leave out the empty cells at its end; but a line break in
 * a cell without quotes, and a file that is cut off, make such rows too, and what is left of them must not be sent as a lead. So a short
 * row is taken only when the row behind it, or the end of the file, shows that a row ends here.
 */
final class ShortRows {
    private enum Kind {
        NUMBER,
        CODE,
        OTHER;

        static Kind of(String cell) {
            String clean = CellText.clean(CellText.unwrapped(cell));
            if (CellText.looksLikeNumber(clean)) {
                return NUMBER;
            }
            boolean code =
                    clean.chars().anyMatch(Character::isDigit) && clean.chars().noneMatch(CellText::isBlank);
            return code ? CODE : OTHER;
        }
    }

    /** The text of a source, whose last character is remembered. */
    static final class Ending extends FilterReader {
        private int last;

        Ending(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int n = super.read(target, offset, length);
            last = n > 0 ? target[offset + n - 1] : last;
            return n;
        }

        boolean isLineEnd() {
            return last == '\n' || last == '\r';
        }
    }

    private static final String BROKEN = ": a cell with a line break in it must have quotes around it";

    private final List<String> columns;
    private final Ending ending;

    /** The row that a line break has cut, and how many cells it lacks. */
    private List<String> cut = List.of();

    private int lacking;

    /** Whether the row before has its last cell, which may go on behind a line break. */
    private boolean mayGoOn;

    /** @param ending of the text whose rows they are */
    ShortRows(List<String> columns, Ending ending) {
        this.columns = columns;
        this.ending = ending;
    }

    /** Notes a row that is not short. @param cells none when they are not known */
    void whole(List<String> cells) {
        lacking = 0;
        mayGoOn = cells.isEmpty() || !cells.get(cells.size() - 1).isBlank();
    }

    /**
     * Judges a short row.
     *
     * @param next cells of the next row; empty when they are not known, null at the end of the text
     * @return why it may be a part of a row; null when it is whole
     */
    String problem(List<String> cells, List<String> next) {
        boolean rest =
                cells.size() == 1 && mayGoOn || lacking > 0 && cells.size() - 1 <= lacking && !beginAlike(cut, cells);
        if (rest) {
            lacking = Math.max(0, lacking - (cells.size() - 1));
            return BROKEN;
        }
        mayGoOn = false;
        lacking = 0;
        if (next == null && mark(cells) >= 0) {
            return ending.isLineEnd() ? null : ", and no line end: it may be cut off";
        }
        if (mark(cells) < 0 || mayBePiece(cells, next) && !beginAlike(cells, next)) {
            cut = cells;
            lacking = columns.size() - cells.size();
            return BROKEN;
        }
        return null;
    }

    /** Pieces of a row have together one cell more for each line break, so that the row behind a piece is not whole, or the piece one cell. */
    private boolean mayBePiece(List<String> cells, List<String> next) {
        return cells.size() + next.size() - 1 <= columns.size() || next.size() > columns.size();
    }

    /** Tells whether a row has a number where another has its first one; the rest of a row mostly has none there. */
    private boolean beginAlike(List<String> cells, List<String> next) {
        int mark = mark(cells);
        if (mark < 0 || next.size() <= mark || Kind.of(next.get(mark)) != Kind.of(cells.get(mark))) {
            return false;
        }
        // Were it the rest of the row, this number would be of the column so many cells behind.
        int behind = cells.size() - 1 + mark;
        return mark == 0 || behind >= columns.size() || !ColumnNames.isOfPhone(columns.get(behind));
    }

    /** Finds the first cell with a number, or else with a code, by which rows can be told; -1 when there is none. */
    private static int mark(List<String> cells) {
        int code = -1;
        for (int i = 0; i < cells.size(); i++) {
            Kind kind = Kind.of(cells.get(i));
            if (kind == Kind.NUMBER) {
                return i;
            }
            code = kind == Kind.CODE && code < 0 ? i : code;
        }
        return code;
    }
}
