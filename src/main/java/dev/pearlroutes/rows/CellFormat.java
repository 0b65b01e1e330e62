package dev.pearlroutes.rows;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a number of a workbook is shown, by its format code: as a person sees it in Excel, with these exceptions. Dates are ISO. Amounts are plain
 * numbers with a decimal point, without separators and currency. Digits are never replaced by an exponent, unless they are lost: Excel keeps 15
 * of them, and who reads an id or a phone number must see that it is destroyed.
 */
final class CellFormat {
    static final CellFormat GENERAL = new CellFormat(List.of());

    /** Codes that have numbers and stand in no file; those of the calendars of Asia are dates and times alike. */
    private static final Map<Integer, String> BUILT_IN = Map.ofEntries(
            Map.entry(1, "0"),
            Map.entry(2, "0.00"),
            Map.entry(3, "#,##0"),
            Map.entry(4, "#,##0.00"),
            Map.entry(5, "#,##0"),
            Map.entry(6, "#,##0"),
            Map.entry(7, "#,##0.00"),
            Map.entry(8, "#,##0.00"),
            Map.entry(9, "0%"),
            Map.entry(10, "0.00%"),
            Map.entry(18, "h:mm"),
            Map.entry(19, "h:mm:ss"),
            Map.entry(20, "h:mm"),
            Map.entry(21, "h:mm:ss"),
            Map.entry(22, "yyyy-mm-dd h:mm"),
            Map.entry(32, "h:mm"),
            Map.entry(33, "h:mm:ss"),
            Map.entry(34, "h:mm"),
            Map.entry(35, "h:mm:ss"),
            Map.entry(37, "#,##0"),
            Map.entry(38, "#,##0"),
            Map.entry(39, "#,##0.00"),
            Map.entry(40, "#,##0.00"),
            Map.entry(41, "#,##0"),
            Map.entry(42, "#,##0"),
            Map.entry(43, "#,##0.00"),
            Map.entry(44, "#,##0.00"),
            Map.entry(45, "mm:ss"),
            Map.entry(46, "[h]:mm:ss"),
            Map.entry(47, "mm:ss"),
            Map.entry(55, "h:mm"),
            Map.entry(56, "h:mm"));

    /** Significant digits that Excel keeps of a number. */
    private static final MathContext KEPT = new MathContext(15, RoundingMode.HALF_UP);
    /** From here on a whole number has more. */
    private static final double LOST = 1e15;
    /** Digits behind the point of the smallest number that is written without an exponent. */
    private static final int MAX_SCALE = 30;

    private static final long SECONDS_A_DAY = 86_400;
    /** Day of 9999-12-31, the last that Excel shows. */
    private static final int LAST_DAY = 2_958_465;

    private static final LocalDate EPOCH_1900 = LocalDate.of(1899, 12, 30);
    private static final LocalDate EPOCH_1904 = LocalDate.of(1904, 1, 1);
    /** The first day of March 1900: Excel has a 29th of February before it, which never was. */
    private static final int AFTER_LEAP_DAY = 61;

    private static final Pattern CONDITION = Pattern.compile("\\[(<=|>=|<>|<|>|=)(-?[0-9.]+)]");
    private static final Pattern ELAPSED = Pattern.compile("(?i)\\[(h+|m+|s+)]");

    private final List<Section> sections;

    private CellFormat(List<Section> sections) {
        this.sections = sections;
    }

    /** @param code null when the file has none of this number */
    static CellFormat of(int id, String code) {
        String known = code != null ? code : BUILT_IN.get(id);
        if (known == null) {
            boolean date = id >= 14 && id <= 17 || id >= 27 && id <= 36 || id >= 50 && id <= 58;
            known = date ? "yyyy-mm-dd" : "General";
        }
        return new CellFormat(
                FormatCode.sections(known).stream().map(Section::of).toList());
    }

    /** Writes a number as text. @param date1904 whether days are counted from 1904 */
    String text(double value, boolean date1904) {
        if (Math.abs(value) >= LOST) {
            return scientific(value);
        }
        Section section = section(value);
        if (section == null) {
            return general(value);
        }
        return switch (section.kind) {
            case GENERAL -> general(value);
            case ELAPSED -> value < 0 ? general(value) : elapsed(value);
            case DATE, TIME -> value < 0 || value >= LAST_DAY + 1 ? general(value) : date(value, section, date1904);
            case AMOUNT -> amount(value, section);
            case DIGITS -> digits(value, section);
        };
    }

    private Section section(double value) {
        for (Section section : sections) {
            if (section.condition != null && section.condition.holds(value)) {
                return section;
            }
        }
        List<Section> free = sections.stream().filter(s -> s.condition == null).toList();
        if (free.isEmpty() || free.size() < sections.size()) {
            return free.isEmpty() ? null : free.get(0);
        }
        int wanted = value < 0 ? 1 : value == 0 ? 2 : 0;
        // No amount is often shown as a dash, which is no number.
        boolean own = wanted < free.size() && (value < 0 || free.get(0).kind != Kind.AMOUNT);
        return own ? free.get(wanted) : free.get(0);
    }

    private static String general(double value) {
        BigDecimal kept = BigDecimal.valueOf(value).round(KEPT).stripTrailingZeros();
        return kept.signum() == 0 ? "0" : kept.scale() > MAX_SCALE ? kept.toString() : kept.toPlainString();
    }

    /** With as many digits as are kept, and an exponent that tells of those that are not. */
    private static String scientific(double value) {
        BigDecimal kept = new BigDecimal(value).round(KEPT).stripTrailingZeros();
        int exponent = kept.precision() - kept.scale() - 1;
        return kept.movePointLeft(exponent).toPlainString() + "E+" + exponent;
    }

    private static String elapsed(double value) {
        long seconds = Math.round(value * SECONDS_A_DAY);
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String date(double value, Section section, boolean date1904) {
        long day = (long) Math.floor(value);
        long second = Math.round((value - day) * SECONDS_A_DAY);
        if (second == SECONDS_A_DAY) {
            day++;
            second = 0;
        }
        LocalTime time = LocalTime.ofSecondOfDay(second);
        if (day == 0 && (section.kind == Kind.TIME || !date1904)) {
            // A cell that refers to an empty one is shown as day 0 of January 1900.
            return section.kind == Kind.TIME || second > 0 ? time.toString() : "";
        }
        LocalDate date = date1904 ? EPOCH_1904 : day < AFTER_LEAP_DAY ? EPOCH_1900.plusDays(1) : EPOCH_1900;
        date = date.plusDays(day);
        return second == 0 ? date.toString() : LocalDateTime.of(date, time).toString();
    }

    private static String amount(double value, Section section) {
        BigDecimal shown = BigDecimal.valueOf(value)
                .round(KEPT)
                .movePointRight(2 * section.percents)
                .setScale(section.decimals, RoundingMode.HALF_UP);
        while (shown.scale() > section.zeroDecimals
                && shown.remainder(BigDecimal.ONE.movePointLeft(shown.scale() - 1))
                                .signum()
                        == 0) {
            shown = shown.setScale(shown.scale() - 1, RoundingMode.UNNECESSARY);
        }
        String plain = shown.abs().toPlainString();
        int whole = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
        return (shown.signum() < 0 ? "-" : "")
                + "0".repeat(Math.max(0, section.zeros - whole))
                + plain
                + "%".repeat(section.percents);
    }

    /** Puts the digits into their places from the right, and what is left of them into the first place. */
    private String digits(double value, Section section) {
        String digits = BigDecimal.valueOf(Math.abs(value))
                .setScale(0, RoundingMode.HALF_UP)
                .toBigInteger()
                .toString();
        int left = digits.equals("0") ? 0 : digits.length();
        StringBuilder shown = new StringBuilder();
        int places = section.places;
        for (int i = section.items.size() - 1; i >= 0; i--) {
            FormatCode.Item item = section.items.get(i);
            if (!item.place()) {
                shown.insert(0, item.text());
                continue;
            }
            places--;
            int take = places == 0 ? left : Math.min(1, left);
            shown.insert(0, digits, left - take, left);
            left -= take;
            if (take == 0 && item.text().equals("0")) {
                shown.insert(0, '0');
            }
        }
        boolean own = section.condition == null && sections.size() > 1 && sections.get(1) == section;
        return (value < 0 && !own ? "-" : "") + shown;
    }

    private enum Kind {
        GENERAL,
        DATE,
        TIME,
        ELAPSED,
        /** With decimals, separators or percent. */
        AMOUNT,
        /** Places of digits, and text between them. */
        DIGITS
    }

    private record Condition(String operator, double than) {
        static Condition of(String code) {
            Matcher matcher = CONDITION.matcher(code);
            try {
                return matcher.find() ? new Condition(matcher.group(1), Double.parseDouble(matcher.group(2))) : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }

        boolean holds(double value) {
            return switch (operator) {
                case "<" -> value < than;
                case "<=" -> value <= than;
                case ">" -> value > than;
                case ">=" -> value >= than;
                case "=" -> value == than;
                default -> value != than;
            };
        }
    }

    /**
     * One of the formats for positive numbers, negative ones, zero and text.
     *
     * @param zeros places before the point that always show a digit
     * @param decimals places behind it
     * @param zeroDecimals those of them that always show a digit
     */
    private record Section(
            Kind kind,
            Condition condition,
            List<FormatCode.Item> items,
            int places,
            int zeros,
            int decimals,
            int zeroDecimals,
            int percents) {

        static Section of(String code) {
            List<FormatCode.Item> items = FormatCode.items(code);
            int places = 0;
            int zeros = 0;
            int decimals = 0;
            int zeroDecimals = 0;
            int percents = 0;
            boolean point = false;
            boolean comma = false;
            StringBuilder letters = new StringBuilder();
            for (FormatCode.Item item : items) {
                boolean zero = item.place() && item.text().equals("0");
                if (item.place()) {
                    places++;
                    comma = false;
                    zeros += zero && !point ? 1 : 0;
                    decimals += point ? 1 : 0;
                    zeroDecimals += zero && point ? 1 : 0;
                } else if (item.symbol()) {
                    point |= item.text().equals(".");
                    comma |= item.text().equals(",");
                    percents += item.text().equals("%") ? 1 : 0;
                    letters.append(item.text());
                }
            }
            Kind kind = kind(code, letters.toString().toLowerCase(Locale.ROOT), places, comma);
            return new Section(
                    kind, Condition.of(code), items, places, zeros, decimals, zeroDecimals, Math.min(percents, 2));
        }

        /** @param scaled whether a comma behind the last place has thousands left out */
        private static Kind kind(String code, String symbols, int places, boolean scaled) {
            if (ELAPSED.matcher(code).find()) {
                return Kind.ELAPSED;
            }
            if (has(symbols, "yd") || has(symbols, "m") && !has(symbols, "hs")) {
                return Kind.DATE;
            }
            if (has(symbols, "hs")) {
                return Kind.TIME;
            }
            if (places == 0 || scaled || has(symbols, "eg/@")) {
                return Kind.GENERAL;
            }
            return has(symbols, ".,%") ? Kind.AMOUNT : Kind.DIGITS;
        }

        private static boolean has(String symbols, String any) {
            return symbols.chars().anyMatch(symbol -> any.indexOf(symbol) >= 0);
        }
    }
}
