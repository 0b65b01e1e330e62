package dev.pearlroutes.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** The values of call data that Add Lead takes, made from cells and JSON scalars: Boolean, Long, Double or String. */
final class CallDataValues {
    private static final Pattern INT = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern FLOAT = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?");
    /** Thousands may be apart by points or by blanks, never by both. */
    private static final Pattern FLOAT_COMMA =
            Pattern.compile("[+-]?(\\d+|\\d{1,3}(\\.\\d{3})+|\\d{1,3}([ \\u00A0\\u202F]\\d{3})+)(,\\d+)?");

    private static final Pattern THOUSANDS = Pattern.compile("[. \\u00A0\\u202F]");
    /** Digits behind the point; beyond it the plain form of a number may be endless (1e999999999) and is never made. */
    private static final int MAX_SCALE = 1_000;

    private CallDataValues() {}

    /**
     * @param value a trimmed text that is not empty, a Number or a Boolean
     * @return null when the value is not of the type
     */
    static Object of(Object value, Mapping.Type type) {
        return switch (type) {
            case ANY -> value instanceof Number number ? plain(number) : value;
            case STRING -> text(value);
            case BOOLEAN -> value instanceof Boolean ? value : bool(text(value));
            case INT -> value instanceof Boolean ? null : whole(text(value));
            case FLOAT -> value instanceof Boolean ? null : real(text(value));
            case FLOAT_COMMA ->
                value instanceof Boolean
                        ? null
                        : value instanceof Number ? real(text(value)) : realWithComma(text(value));
        };
    }

    /** Describes what is expected, for the reason of a rejection. */
    static String expected(Mapping.Type type) {
        return switch (type) {
            case ANY -> "must be a number of at most 18 digits, or text";
            case STRING -> "must be text";
            case BOOLEAN -> "must be true or false";
            case INT -> "must be a whole number of at most 18 digits, without separators";
            case FLOAT ->
                "must be a number with a decimal point, without other separators (:float-comma reads 1.234,5)";
            case FLOAT_COMMA ->
                "must be a number with a decimal comma, such as 1234,5 or 1.234,5 (:float reads 1234.5)";
        };
    }

    /** Writes a value as text: the digits of a number as far as its value keeps them, and no fraction of zeros. */
    static String text(Object value) {
        if (!(value instanceof BigDecimal number)) {
            return value.toString();
        }
        if (number.scale() <= 0 || number.scale() > MAX_SCALE) {
            return number.toString();
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() <= 0 ? stripped.toPlainString() : number.toPlainString();
    }

    private static Object plain(Number number) {
        if (number instanceof BigDecimal) {
            double value = number.doubleValue();
            return Double.isFinite(value) ? (Object) value : null;
        }
        return number instanceof BigInteger big && big.bitLength() >= Long.SIZE ? null : (Object) number.longValue();
    }

    private static Object bool(String text) {
        boolean yes = text.equalsIgnoreCase("true");
        return yes || text.equalsIgnoreCase("false") ? (Object) yes : null;
    }

    private static Object whole(String text) {
        return INT.matcher(text).matches() ? (Object) Long.parseLong(text) : null;
    }

    private static Object realWithComma(String text) {
        return FLOAT_COMMA.matcher(text).matches()
                ? real(THOUSANDS.matcher(text).replaceAll("").replace(',', '.'))
                : null;
    }

    private static Object real(String text) {
        if (!FLOAT.matcher(text).matches()) {
            return null;
        }
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? (Object) value : null;
    }
}
