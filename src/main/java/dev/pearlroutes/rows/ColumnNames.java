package dev.pearlroutes.rows;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Column names: how they are compared, and how messages show them. */
public final class ColumnNames {
    private static final int SHOWN_COLUMNS = 30;
    private static final int SHOWN_CHARS = 60;
    private static final int DIGITS_OF_DATA = 7;

    private static final Pattern PHONE = Pattern.compile("(?i)phone|mobil|cell|tel|number|handy|fax|rufnummer|msisdn");

    private ColumnNames() {}

    /**
     * Returns the name without case, spaces, underscores, dashes and what nobody sees, so that {@code Phone Number} equals
     * {@code phone_number}.
     */
    public static String key(String name) {
        StringBuilder key = new StringBuilder(name.length());
        name.codePoints()
                .filter(c -> c != '_' && c != '-' && !CellText.isBlank(c) && !CellText.isFormat(c))
                .forEach(key::appendCodePoint);
        return key.toString().toLowerCase(Locale.ROOT);
    }

    /** Tells whether a name as it was written had another {@link #key} before names were cleaned. @param name the clean one */
    static boolean hadAnotherKey(String written, String name) {
        // Few names hold more than what is cut off at both ends.
        return !written.strip().equals(name)
                && (written.codePoints().anyMatch(CellText::isFormat)
                        || !key(written).equals(key(name)));
    }

    /** Tells whether a name looks like a cell of a file without a header: such a name must not reach a message. */
    public static boolean looksLikeData(String name) {
        return name.indexOf('@') >= 0
                || name.codePoints().filter(Character::isDigit).count() >= DIGITS_OF_DATA;
    }

    /** Tells whether a name has a length at which a message shows it whole. */
    public static boolean isShort(String name) {
        return name.length() <= SHOWN_CHARS;
    }

    /** Writes the name in quotes, cut to a readable length, on one line. */
    public static String shown(String name) {
        if (looksLikeData(name)) {
            return "'…'";
        }
        String line = name.replaceAll("\\p{Cntrl}", " ");
        return "'" + (isShort(line) ? line : line.substring(0, SHOWN_CHARS) + "…") + "'";
    }

    /** Writes the names in quotes, with commas between them. */
    public static String shown(List<String> names) {
        String list =
                names.stream().limit(SHOWN_COLUMNS).map(ColumnNames::shown).collect(Collectors.joining(", "));
        return names.size() > SHOWN_COLUMNS ? list + ", … (" + names.size() + " in all)" : list;
    }

    /** Tells whether a column may hold phone numbers, by its name alone. */
    static boolean isOfPhone(String name) {
        return PHONE.matcher(name).find();
    }

    /** Guesses the column of the phone number, as a suggestion for a mapping line. */
    public static String likelyPhone(List<String> names) {
        return names.stream()
                .filter(name -> PHONE.matcher(name).find())
                .findFirst()
                .orElse("your column");
    }
}
