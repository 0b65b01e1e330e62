package dev.pearlroutes.mapping;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Phone numbers in E.164, parsed from what people write.
 *
 * <p>Only numbers that libphonenumber calls <em>valid</em> pass, not those that are merely of a possible length: a mistyped number rings
 * a stranger, whereas a number refused wrongly (its range newer than the library) is in the rejected file. Safe for several threads;
 * no number is kept.
 */
public final class PhoneNumbers {
    /** A long number after a spreadsheet has rewritten it, in English or in a locale with a decimal comma. */
    static final Pattern SCIENTIFIC = Pattern.compile("[+-]?\\d([.,]\\d+)?[eE]\\+?\\d{1,2}");

    /** The reason for a number without a country code where there is no default region. */
    static final String NO_COUNTRY_CODE = "has no country code: write it with +";

    private static final Pattern EXTENSION =
            Pattern.compile("(?i).*\\d[\\s.,;(]*(x|ext|extn|extension|durchwahl|poste)[\\s.:=)]*\\d.*");
    private static final int MAX_CHARS = 60;
    private static final int MIN_DIGITS = 5;
    private static final int MAX_DIGITS = 20;

    private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();

    /**
     * @param e164 null when the text is no number to be called
     * @param reason continues "phoneNumber …" and never holds the number; null when there is a number
     */
    public record Parsed(String e164, String reason) {
        private static Parsed refused(String reason) {
            return new Parsed(null, reason);
        }
    }

    /** Tells whether a region's numbers are known. @param region ISO 3166 alpha-2 in upper case */
    public boolean isRegion(String region) {
        return numbers.getSupportedRegions().contains(region);
    }

    /**
     * Parses one number.
     *
     * @param text as written; with a country code after {@code +} (or {@code 00}), or a number of the default region
     * @param defaultRegion ISO 3166 alpha-2 in upper case; null when numbers must have a country code
     * @return the number, or the reason why there is none
     */
    public Parsed toE164(String text, String defaultRegion) {
        String plain = plain(text);
        String refusal = refusal(plain);
        if (refusal != null) {
            return Parsed.refused(refusal);
        }
        if (plain.indexOf('+') >= 0) {
            return parse(plain, null);
        }
        // 00 is the prefix of most regions and nowhere starts a national number; the region's own prefix has its chance
        // first.
        String international = plain.startsWith("00") ? "+" + plain.substring(2) : null;
        if (defaultRegion == null) {
            return international != null ? parse(international, null) : Parsed.refused(NO_COUNTRY_CODE);
        }
        Parsed national = parse(plain, defaultRegion);
        return national.e164() == null && international != null ? parse(international, null) : national;
    }

    private Parsed parse(String plain, String region) {
        PhoneNumber number;
        try {
            number = numbers.parse(plain, region);
        } catch (NumberParseException e) {
            return Parsed.refused(
                    switch (e.getErrorType()) {
                        case INVALID_COUNTRY_CODE -> "starts with a country code that does not exist";
                        case TOO_LONG -> "has too many digits";
                        case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "has too few digits";
                        default -> "is not a phone number";
                    });
        }
        if (numbers.isValidNumber(number)) {
            return new Parsed(numbers.format(number, PhoneNumberFormat.E164), null);
        }
        String of = " of " + numbers.getRegionCodeForCountryCode(number.getCountryCode()) + " (country code "
                + number.getCountryCode() + ")";
        ValidationResult possible = numbers.isPossibleNumberWithReason(number);
        return Parsed.refused(
                switch (possible) {
                    case TOO_SHORT -> "is too short for a number" + of;
                    case TOO_LONG -> "is too long for a number" + of;
                    default -> "is not a valid number" + of;
                });
    }

    /** Finds why the plain text can't be a number, without the cost of an exception; null when it can. */
    private static String refusal(String plain) {
        if (plain.isEmpty()) {
            return "is empty";
        }
        if (plain.length() > MAX_CHARS) {
            return "is too long for a phone number";
        }
        int digits = 0;
        int plus = 0;
        boolean letters = false;
        boolean others = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '+') {
                plus++;
                others |= digits > 0;
            } else {
                letters |= Character.isLetter(c);
                others |= " -.()/".indexOf(c) < 0;
            }
        }
        if (others && SCIENTIFIC.matcher(plain).matches()) {
            return "was destroyed by a spreadsheet (scientific notation): format the column as text and export it again";
        }
        if (others && EXTENSION.matcher(plain).matches()) {
            return "has an extension, which can't be dialled: give the number without it";
        }
        if (letters) {
            return "has letters in it: write it in digits";
        }
        if (others || plus > 1) {
            return "has more in it than one number: digits, a leading + and spaces . - / ( ) are understood";
        }
        if (digits < MIN_DIGITS || digits > MAX_DIGITS) {
            return digits < MIN_DIGITS ? "has too few digits" : "has too many digits";
        }
        return null;
    }

    /** Removes what writing programs add: direction marks, full-width forms, kinds of spaces and dashes, Excel's apostrophe, {@code tel:}. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int type = c < 0x80 ? Character.UNASSIGNED : Character.getType(c);
            if (c >= '\uFF01' && c <= '\uFF5E') {
                plain.append((char) (c - 0xFEE0));
            } else if (type == Character.DECIMAL_DIGIT_NUMBER) {
                plain.append((char) ('0' + Character.digit(c, 10)));
            } else if (type == Character.DASH_PUNCTUATION || c == '\u2212') {
                plain.append('-');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                plain.append(' ');
            } else if (type != Character.FORMAT) {
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
