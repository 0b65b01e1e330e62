package dev.pearlroutes.rows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** The beginning of a text, read before its format is known: as many characters as a row may have, and read again afterwards. */
final class LookAhead extends Reader {
    private final BufferedReader text;
    private int left = RowReader.MAX_ROW;

    LookAhead(BufferedReader text) throws IOException {
        this.text = text;
        // Fills the reader's buffer: with a mark in it, filling makes it as large as the mark's bound, some MB a file.
        // The beginning that is looked at is in the buffer already, as a rule.
        text.mark(1);
        text.read();
        text.reset();
        // One character more than is read, so that the mark holds when the bound is reached.
        text.mark(RowReader.MAX_ROW + 1);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int n = left == 0 ? -1 : text.read(target, offset, Math.min(length, left));
        left -= Math.max(n, 0);
        return n;
    }

    /** Tells whether the bound was reached, so that an end is none of the text. */
    boolean exhausted() {
        return left == 0;
    }

    /** Has the text begin again where the look began. */
    void rewind() throws IOException {
        text.reset();
        // Ends the mark, for the same reason.
        text.mark(0);
    }

    /** Does nothing: who parses the beginning does not end the text. */
    @Override
    public void close() {}
}
