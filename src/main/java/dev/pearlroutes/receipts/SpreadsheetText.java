package dev.pearlroutes.receipts;

import java.util.regex.Pattern;

/**
 * Text from outside, made safe for a cell that people open in a spreadsheet, which takes some text for a formula (CSV
 * injection, CWE-1236). A single quote goes before what could begin one, as OWASP advises: not only at the start, but also
 * behind what separates cells, since a spreadsheet set to another delimiter splits the cell there.
 */
final class SpreadsheetText {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+([.,][0-9]+)?");

    /** Place before a formula. East Asian spreadsheets take the wide forms for the same. */
    private static final Pattern BEFORE_FORMULA =
            Pattern.compile("(?:^|(?<=[,;|\t\r\n\"]))(?=\\s*[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=[\t\r\n])");

    private SpreadsheetText() {}

    /** Makes a text safe to be shown; a plain number, which is no formula whatever its sign, stays as it is. */
    static String safe(String text) {
        return NUMBER.matcher(text).matches()
                ? text
                : BEFORE_FORMULA.matcher(text).replaceAll("'");
    }
}
