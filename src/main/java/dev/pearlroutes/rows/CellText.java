package dev.pearlroutes.rows;

import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * The text of a cell, a name or an id as a person means it. Numbers, headers, ids, zones and list entries are all cleaned here, so that
 * what looks alike is alike.
 */
public final class CellText {
    /** What exports write where there is nothing, in lower case. */
    private static final Set<String> NOTHING = Set.of("null", "nan", "#n/a", "n/a", "none", "nil", "-");

    /** Characters of a number and all that people write between its digits. */
    private static final int LONGEST_NUMBER = 40;

    private static final String BETWEEN = "[\\s\u00A0()./\u2010-\u2015-]*";
    private static final Pattern NUMBER = Pattern.compile("\\(?\\+?(?:" + BETWEEN + "[0-9]){7,15}" + BETWEEN);
    private static final Pattern DATE = Pattern.compile(
            "^(?:(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\\1[0-9]{1,2}|[0-9]{1,2}([-./])[0-9]{1,2}\\2(?:19|20)[0-9]{2})(?![0-9])");

    private CellText() {}

    /**
     * Removes what nobody sees: format characters of Unicode (category Cf) anywhere, and blanks of any kind at both ends. A joiner between
     * letters of a script that is written with joiners stays: it shows, and without it the word is another one.
     */
    public static String clean(String text) {
        String cut = cut(text, CellText::isOuter);
        int kept = 0;
        while (kept < cut.length() && !isFormat(cut.codePointAt(kept))) {
            kept += Character.charCount(cut.codePointAt(kept));
        }
        // Most texts hold none: they are cut and not copied character by character.
        return kept >= cut.length() ? cut : withoutFormat(cut);
    }

    /** Removes blanks of any kind at both ends, also non-breaking ones, which {@link String#strip()} leaves. */
    public static String trim(String text) {
        return cut(text, CellText::isBlank);
    }

    private static String cut(String text, IntPredicate isOuter) {
        int start = 0;
        int end = text.length();
        while (start < end && isOuter.test(text.charAt(start))) {
            start++;
        }
        while (end > start && isOuter.test(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static String withoutFormat(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        int last = -1;
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (!isFormat(c) || isJoiner(c) && isJoined(last)) {
                clean.appendCodePoint(c);
                last = c;
            }
        }
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

    /** Tells whether a clean text may be a phone number by its look: 7 to 15 digits and what people write between them, and no date. */
    static boolean looksLikeNumber(String clean) {
        return clean.length() <= LONGEST_NUMBER
                && NUMBER.matcher(clean).matches()
                && !DATE.matcher(clean).find();
    }

    /** Tells whether a character is a blank of any kind: a space, a tab, a line end or a space that does not break. */
    public static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Writes a character that nobody sees for the operator, such as {@code U+FEFF}. */
    public static String shown(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }

    /**
     * Finds the first character that a clean name cannot have: a control character other than a tab or line end, half a surrogate pair, or
     * one that Unicode says is none.
     *
     * @return -1 when there is none
     */
    static int unusable(String name) {
        return name.codePoints()
                .filter(c ->
                        Character.isISOControl(c) && !Character.isWhitespace(c) || isHalf(c) || (c & 0xFFFE) == 0xFFFE)
                .findFirst()
                .orElse(-1);
    }

    /** Finds the first half of a surrogate pair that lacks its other half. @return -1 when there is none */
    static int half(String text) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (isHalf(c)) {
                return c;
            }
        }
        return -1;
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isOuter(int c) {
        return isBlank(c) || isFormat(c);
    }

    static boolean isFormat(int c) {
        return c >= 0x80 && Character.getType(c) == Character.FORMAT;
    }

    private static boolean isJoiner(int c) {
        return c == 0x200C || c == 0x200D;
    }

    /** Tells whether a character is of the scripts from Arabic to those of India and South East Asia, whose letters join. */
    private static boolean isJoined(int c) {
        return c >= 0x0600
                && c < 0x1D00
                && (Character.isLetter(c)
                        || Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK);
    }
}
