package dev.pearlroutes.rows;

import java.util.ArrayList;
import java.util.List;

/** A format code of a workbook, such as {@code #,##0.00 "EUR";-0}, taken apart. */
final class FormatCode {
    /** Sections that a code may have. */
    private static final int MAX_SECTIONS = 4;
    /** Characters; Excel allows 255. */
    private static final int MAX_LENGTH = 1_000;

    private FormatCode() {}

    /**
     * A part of a section.
     *
     * @param text its characters, without quotes
     * @param literal whether it is shown as it is; otherwise it is a place of a digit or a symbol
     */
    record Item(String text, boolean literal) {
        /** Tells whether a digit is shown here. */
        boolean place() {
            return !literal && (text.equals("0") || text.equals("#") || text.equals("?"));
        }

        /** Tells whether it is a letter of a date, a point, a comma, a percent sign or the like. */
        boolean symbol() {
            return !literal && !place();
        }
    }

    /** Splits a code at its semicolons. */
    static List<String> sections(String code) {
        List<String> sections = new ArrayList<>();
        String bounded = code.substring(0, Math.min(MAX_LENGTH, code.length()));
        int start = 0;
        for (int at = 0; at < bounded.length(); at = end(bounded, at)) {
            if (bounded.charAt(at) == ';') {
                sections.add(bounded.substring(start, at));
                start = at + 1;
            }
        }
        sections.add(bounded.substring(start));
        return sections.subList(0, Math.min(MAX_SECTIONS, sections.size()));
    }

    /** Takes a section apart. Colours, conditions and calendars in brackets are left out; of a currency its sign stays. */
    static List<Item> items(String section) {
        List<Item> items = new ArrayList<>();
        for (int at = 0; at < section.length(); ) {
            int end = end(section, at);
            char c = section.charAt(at);
            String text = section.substring(at, end);
            switch (c) {
                case '"' -> items.add(new Item(text.replace("\"", ""), true));
                case '\\' -> items.add(new Item(text.substring(1), true));
                case '_', '*' -> {
                    // A gap as wide as the next character, or one that fills the cell.
                }
                case '[' -> {
                    if (text.startsWith("[$")) {
                        items.add(new Item(text.substring(2).split("[-\\]]", 2)[0], true));
                    }
                }
                default -> items.add(new Item(text, isShown(c)));
            }
            at = end;
        }
        return items;
    }

    /** Finds the end of the item that begins here. */
    private static int end(String code, int at) {
        int end = switch (code.charAt(at)) {
            case '"' -> code.indexOf('"', at + 1) + 1;
            case '[' -> code.indexOf(']', at + 1) + 1;
            case '\\', '_', '*' -> at + 2;
            default -> at + 1;
        };
        // Without its end it goes on to that of the code.
        return end <= at || end > code.length() ? code.length() : end;
    }

    /** Tells whether a character needs no quotes to be shown. */
    private static boolean isShown(char c) {
        return !Character.isLetterOrDigit(c) && "#?.,%/@:;".indexOf(c) < 0 || c == '\u20AC';
    }
}
