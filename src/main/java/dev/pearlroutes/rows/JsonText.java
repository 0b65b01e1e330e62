package dev.pearlroutes.rows;

import java.io.IOException;
import java.io.Reader;

/** The text that a parser reads, with what it read of the present element, so that one that cannot be used can be shown as it was. */
final class JsonText extends Reader {
    private final Reader text;
    private final StringBuilder kept = new StringBuilder(8 << 10);
    private long keptFrom;
    private long element;

    JsonText(Reader text) {
        this.text = text;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int n = text.read(target, offset, length);
        if (n > 0) {
            long used = Math.min(element - keptFrom, kept.length());
            // What is longer than a row may be is not shown.
            boolean tooLong = kept.length() - used > RowReader.MAX_ROW;
            drop(tooLong ? kept.length() : (int) Math.max(0, used));
            kept.append(target, offset, n);
        }
        return n;
    }

    /** @param from where the next element starts, in characters of the text */
    void begin(long from) {
        element = from;
    }

    /** Returns the present element; null when it is longer than a row may be. @param to where it ends, in characters of the text */
    String element(long to) {
        return element < keptFrom || to - element > RowReader.MAX_ROW
                ? null
                : kept.substring((int) (element - keptFrom), (int) (to - keptFrom))
                        .strip();
    }

    private void drop(int chars) {
        kept.delete(0, chars);
        keptFrom += chars;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
