package dev.pearlroutes.mapping;

import dev.pearlroutes.rows.CellText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a phone cell, cleaned and taken apart into groups of digits and the gaps between them. It knows no numbering plan:
 * {@link PhoneNumbers} judges what the groups are.
 */
final class PhoneCell {
    private static final Pattern EXTENSION =
            Pattern.compile("(?i).*\\d[\\s.,;(]*(x|ext|extn|extension|durchwahl|poste)[\\s.:=)]*\\d.*", Pattern.DOTALL);

    private static final Pattern TAIL = Pattern.compile("(?s)(.*\\d)[.,](\\d+)");
    private static final Pattern WHOLE = Pattern.compile("\\+?\\d{5,}");
    private static final int MAX_CHARS = 60;
    private static final int MIN_DIGITS = 5;
    private static final int MAX_DIGITS = 20;

    private final String text;
    private final List<String> groups = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private int digits;
    private boolean letters;
    private boolean others;

    /** What stands between two groups. */
    enum Gap {
        /** Blanks, {@code -}, {@code .} and closing brackets: they may stand within a number, and decide nothing. */
        LIGHT,
        /** A bracket opens. */
        BRACKET,
        /** A slash, a tab or a line end: within a number where people write it so, or between two. */
        SLASH,
        /** Anything else: it stands within no number. */
        FOREIGN
    }

    /** Whether the digits behind the last point or comma are a fraction. */
    enum Decimal {
        NO,
        /** They are one if the digits before them are a number. */
        BEHIND_A_NUMBER,
        YES
    }

    private PhoneCell(String text) {
        this.text = text;
        takeApart();
    }

    /** Cleans a text and takes it apart. A decimal tail of zeros behind a whole number is no part of it. */
    static PhoneCell of(String text) {
        String plain = plain(text);
        Matcher tail = TAIL.matcher(plain.length() > MAX_CHARS ? "" : plain);
        boolean zeros = tail.matches() && WHOLE.matcher(tail.group(1)).matches() && isZeros(tail.group(2));
        return new PhoneCell(zeros ? tail.group(1) : plain);
    }

    /** The text without what nobody sees, each kind of blank, dash and digit as one. */
    String text() {
        return text;
    }

    /** The number of groups. A group is a run of digits, with the {@code +} before it if there is one. */
    int size() {
        return groups.size();
    }

    /** The digits from one group to before another, with the {@code +} that the first may have. */
    String digits(int from, int to) {
        return String.join("", groups.subList(from, to));
    }

    /** What stands before a group, from the second on. */
    Gap gap(int group) {
        return gaps.get(group);
    }

    /** The first group behind the last thing before a group that stands within no number. */
    int beginning(int group) {
        int first = group - 1;
        while (first > 0 && gaps.get(first) != Gap.FOREIGN) {
            first--;
        }
        return first;
    }

    /** Tells whether a slash, a tab or a line end is between two groups. */
    boolean hasSlash() {
        return gaps.lastIndexOf(Gap.SLASH) > 0;
    }

    /** Tells whether the text is a date or a time by its looks. */
    boolean isDate() {
        // A + is of a country code, and most numbers have one.
        return digits > 4 && groups.size() > 1 && text.charAt(0) != '+' && DateText.is(text);
    }

    /** Tells whether the last gap looks like the point or comma of a decimal. */
    Decimal decimal() {
        Matcher tail = gaps.size() > 1 ? TAIL.matcher(text) : null;
        if (tail == null || !tail.matches()) {
            return Decimal.NO;
        }
        int places = tail.group(2).length();
        if (WHOLE.matcher(tail.group(1)).matches()) {
            return places <= 3 ? Decimal.YES : Decimal.BEHIND_A_NUMBER;
        }
        boolean onlyPoint = tail.group(1).indexOf('.') < 0;
        return places <= 2 && (isZeros(tail.group(2)) || onlyPoint) ? Decimal.BEHIND_A_NUMBER : Decimal.NO;
    }

    /** Finds what the text is instead of a number; null when it may be one. */
    String kind() {
        if (text.isEmpty()) {
            return "is empty";
        }
        if (text.length() > MAX_CHARS) {
            return "is too long for a phone number";
        }
        if (others && PhoneNumbers.SCIENTIFIC.matcher(text).matches()) {
            return "was destroyed by a spreadsheet (scientific notation): format the column as text and export it again";
        }
        if (others && EXTENSION.matcher(text).matches()) {
            return "has an extension, which can't be dialled: give the number without it";
        }
        return null;
    }

    /** Finds what else stands in the text; null when it is one number by its characters. */
    String disorder() {
        if (letters) {
            return "has letters in it: write it in digits";
        }
        if (others) {
            return "has more in it than one number: digits, a leading + and spaces . - / ( ) are understood";
        }
        if (digits < MIN_DIGITS || digits > MAX_DIGITS) {
            return digits < MIN_DIGITS ? "has too few digits" : "has too many digits";
        }
        return null;
    }

    private void takeApart() {
        int end = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isDigit(text.charAt(i))) {
                int start = i;
                while (i + 1 < text.length() && isDigit(text.charAt(i + 1))) {
                    i++;
                }
                take(text.substring(end, start), text.substring(start, i + 1));
                end = i + 1;
            }
        }
        Gap behind = gapOf(text.substring(end));
        others |= behind == Gap.FOREIGN || digits > 0 && text.indexOf('+', end) >= 0;
        letters = text.chars().anyMatch(Character::isLetter);
    }

    private void take(String before, String run) {
        int plus = before.indexOf('+');
        Gap gap = gapOf(before);
        others |= gap == Gap.FOREIGN || plus >= 0 && (digits > 0 || plus != before.lastIndexOf('+'));
        digits += run.length();
        gaps.add(gap);
        groups.add(plus >= 0 ? "+" + run : run);
    }

    private static Gap gapOf(String between) {
        Gap gap = Gap.LIGHT;
        for (int i = 0; i < between.length(); i++) {
            char c = between.charAt(i);
            Gap its = switch (c) {
                case ' ', '-', '.', ')', '+' -> Gap.LIGHT;
                case '(' -> Gap.BRACKET;
                case '/', '\n' -> Gap.SLASH;
                default -> Gap.FOREIGN;
            };
            gap = its.compareTo(gap) > 0 ? its : gap;
        }
        return gap;
    }

    private static boolean isZeros(String run) {
        return run.chars().allMatch(c -> c == '0');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Removes what writing programs add: direction marks, full-width forms, kinds of spaces and dashes, Excel's apostrophe, {@code tel:}. */
    private static String plain(String text) {
        String clean = CellText.clean(text);
        StringBuilder plain = new StringBuilder(clean.length());
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            int type = c < 0x80 ? Character.UNASSIGNED : Character.getType(c);
            if (c >= '\uFF01' && c <= '\uFF5E') {
                plain.append((char) (c - 0xFEE0));
            } else if (type == Character.DECIMAL_DIGIT_NUMBER) {
                plain.append((char) ('0' + Character.digit(c, 10)));
            } else if (type == Character.DASH_PUNCTUATION || c == '\u2212') {
                plain.append('-');
            } else if (c >= '\t' && c <= '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                plain.append('\n');
            } else if (CellText.isBlank(c)) {
                plain.append(' ');
            } else {
                plain.append(c);
            }
        }
        String trimmed = plain.toString().strip();
        if (trimmed.startsWith("'") || trimmed.startsWith("\u2019")) {
            trimmed = trimmed.substring(1).strip();
        }
        return trimmed.toLowerCase(Locale.ROOT).startsWith("tel:")
                ? trimmed.substring(4).strip()
                : trimmed;
    }
}
