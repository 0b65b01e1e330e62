package dev.pearlroutes.mapping;

import java.util.regex.Pattern;

/** Recognises dates and times by how they are written: with separators, day, month and year in any order that people use. */
final class DateText {
    private static final String DAY = "(?:0?[1-9]|[12]\\d|3[01])";
    private static final String MONTH = "(?:0?[1-9]|1[0-2])";
    private static final String YEAR = "(?:19|20)\\d\\d";
    private static final String BETWEEN = "[-/.] ?";
    private static final String ZONE = " ?(?:Z|[AaPp]\\.?[Mm]\\.?|[+-]\\d\\d:?(?:\\d\\d)?)?";
    private static final String TIME = "(?:[01]?\\d|2[0-3])[:.]?[0-5]\\d(?:[:.]?[0-5]\\d(?:[.,]\\d+)?)?" + ZONE;

    /** Its century gives it away, so that something else may follow it. */
    private static final Pattern WITH_CENTURY = Pattern.compile(
            "(?:" + inOrder(YEAR, MONTH, DAY, 1) + "|" + inOrder(DAY, MONTH, YEAR, 2) + "|"
                    + inOrder(MONTH, DAY, YEAR, 3) + ")(?:[ T,;\n].*)?",
            Pattern.DOTALL);

    private static final Pattern WITHOUT_CENTURY = Pattern.compile("(?:" + inOrder(DAY, MONTH, "\\d\\d", 1) + "|"
            + inOrder(MONTH, DAY, "\\d\\d", 2) + "|" + inOrder("\\d\\d", MONTH, DAY, 3) + ")(?:[ ,;\n]+" + TIME + ")?");

    private static final Pattern COMPACT =
            Pattern.compile(YEAR + "(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[ T_-]+" + TIME);

    private static final Pattern TIME_OF_DAY =
            Pattern.compile("(?:[01]?\\d|2[0-3])([:.])[0-5]\\d\\1[0-5]\\d(?:[.,]\\d+)?" + ZONE);

    private DateText() {}

    /** Tells whether a text is a date, a time or both, or begins with a date that has its century. */
    static boolean is(String text) {
        return WITH_CENTURY.matcher(text).matches()
                || WITHOUT_CENTURY.matcher(text).matches()
                || COMPACT.matcher(text).matches()
                || TIME_OF_DAY.matcher(text).matches();
    }

    /** @param separator number of the group that the separator is, which is the same twice */
    private static String inOrder(String first, String second, String third, int separator) {
        return first + "(" + BETWEEN + ")" + second + "\\" + separator + third;
    }
}
