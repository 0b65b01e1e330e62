package dev.pearlroutes.rows;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the cells of a CSV text are separated.
 *
 * @param separatorLine whether the first line is {@code sep=;}, which spreadsheets read and write; it is no header then
 * @param spacedQuotes whether cells of the header may be quoted ones with a space before their quote
 */
record CsvDialect(char delimiter, boolean separatorLine, boolean spacedQuotes) {
    private static final String DELIMITERS = ",;\t|";

    /** Names any character but those that cells, quotes and lines are made of; padded as rows are, or quoted as a cell is. */
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("(?i)(\"?)sep=(?:\\\\(t)|([\t!-\u00BF&&[^a-z0-9\"#=]]))\\3*\\1\\3* *");

    private static final int LONGEST_SEPARATOR_LINE = 1 << 10;

    /** Finds the dialect in the first line that is not blank, and leaves the text at its beginning. */
    static CsvDialect of(BufferedReader text) throws IOException {
        LookAhead ahead = new LookAhead(text);
        int[] counts = new int[DELIMITERS.length()];
        StringBuilder start = new StringBuilder();
        boolean quoted = false;
        boolean blank = true;
        boolean spacedQuotes = false;
        int last = -1;
        int c = ahead.read();
        while (c >= 0 && (quoted || blank || c != '\n' && c != '\r')) {
            if (start.length() < LONGEST_SEPARATOR_LINE) {
                start.append((char) c);
            }
            quoted ^= c == '"';
            blank &= Character.isWhitespace(c) && c != '\t';
            int at = quoted ? -1 : DELIMITERS.indexOf(c);
            if (at >= 0) {
                counts[at]++;
            }
            spacedQuotes |= c == '"' && last == ' ';
            last = c;
            c = ahead.read();
        }
        ahead.rewind();
        Matcher separator = SEPARATOR_LINE.matcher(start.toString().stripLeading());
        if (separator.matches()) {
            return new CsvDialect(
                    separator.group(2) == null ? separator.group(3).charAt(0) : '\t', true, true);
        }
        return new CsvDialect(mostFrequent(counts), false, spacedQuotes);
    }

    /** A comma where none is more frequent. */
    private static char mostFrequent(int[] counts) {
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return DELIMITERS.charAt(best);
    }
}
