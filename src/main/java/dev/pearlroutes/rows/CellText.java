package dev.pearlroutes.rows;

import java.util.Locale;
import java.util.Set;

/**
 * The text of a cell, a name or an id as a person means it. Numbers, headers, ids, zones and list entries are all cleaned here, so that
 * what looks alike is alike.
 */
public final class CellText {
    /** What exports write where there is nothing, in lower case. */
    private static final Set<String> NOTHING = Set.of("null", "nan", "#n/a", "n/a", "none", "nil", "-");

    private CellText() {}

    /** Removes what nobody sees: format characters of Unicode (category Cf) anywhere, and blanks of any kind at both ends. */
    public static String clean(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isOuter(text.charAt(start))) {
            start++;
        }
        while (end > start && isOuter(text.charAt(end - 1))) {
            end--;
        }
        // Most texts hold none: they are cut and not copied character by character.
        String trimmed = text.substring(start, end);
        if (trimmed.codePoints().noneMatch(CellText::isFormat)) {
            return trimmed;
        }
        StringBuilder clean = new StringBuilder(trimmed.length());
        trimmed.codePoints().filter(c -> !isFormat(c)).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** Tells whether a clean text is empty or a word for nothing, such as {@code NULL}, {@code nan} or {@code #N/A}, in any case. */
    public static boolean isNothing(String clean) {
        return clean.isEmpty() || clean.length() <= 4 && NOTHING.contains(clean.toLowerCase(Locale.ROOT));
    }

    /** Takes the text out of a cell that is a formula of one text, {@code ="00123"}: it keeps a spreadsheet from reading a number. */
    public static String unwrapped(String cell) {
        if (!cell.startsWith("=\"")) {
            return cell;
        }
        String formula = cell.stripTrailing();
        String text = formula.substring(2, Math.max(2, formula.length() - 1));
        boolean whole = formula.length() > 2
                && formula.endsWith("\"")
                && text.replace("\"\"", "").indexOf('"') < 0;
        return whole ? text.replace("\"\"", "\"") : cell;
    }

    /** Tells whether a character is a blank of any kind: a space, a tab, a line end or a space that does not break. */
    public static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isOuter(char c) {
        return isBlank(c) || isFormat(c);
    }

    private static boolean isFormat(int c) {
        return c >= 0x80 && Character.getType(c) == Character.FORMAT;
    }
}
