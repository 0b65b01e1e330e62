package dev.pearlroutes.rows;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Column names: how they are compared, and how messages show them. */
public final class ColumnNames {
    private static final int SHOWN_COLUMNS = 30;
    private static final int SHOWN_CHARS = 60;
    private static final int DIGITS_OF_DATA = 7;

    private static final Pattern PHONE = Pattern.compile("(?i)phone|mobil|cell|tel|handy|rufnummer|msisdn");
    private static final Pattern FAX = Pattern.compile("(?i)fax");
    private static final Pattern NUMBER = Pattern.compile("(?i)number|nummer");

    /** How numbers begin that are written as a person dials them; ids mostly do not. */
    private static final Pattern DIALLED = Pattern.compile("[+(]|00?[1-9]");

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
        return Stream.of(PHONE, FAX, NUMBER)
                .anyMatch(words -> words.matcher(name).find());
    }

    /**
     * Finds the column that holds the phone numbers, as a suggestion for a mapping line: most of its cells look like numbers, and its name
     * says so too, or they are written as they are dialled.
     *
     * @param firstRows whose cells are looked at
     */
    public static Optional<String> likelyPhone(List<String> names, List<Row> firstRows) {
        List<String> possible =
                names.stream().filter(name -> !FAX.matcher(name).find()).toList();
        Predicate<String> number = CellText::looksLikeNumber;
        Predicate<String> dialled = number.and(cell -> DIALLED.matcher(cell).lookingAt());
        return Stream.concat(
                        possible.stream()
                                .filter(name -> PHONE.matcher(name).find())
                                .filter(name -> holds(name, firstRows, number)),
                        possible.stream().filter(name -> holds(name, firstRows, dialled)))
                .findFirst();
    }

    /** Tells whether most cells of a column that hold something are of a kind. */
    private static boolean holds(String name, List<Row> rows, Predicate<String> kind) {
        List<String> cells = rows.stream()
                .map(row -> row.values().get(name))
                .map(value -> value == null ? "" : CellText.clean(value.toString()))
                .filter(cell -> !CellText.isNothing(cell))
                .toList();
        return cells.stream().filter(kind).count() * 2 > cells.size();
    }
}
