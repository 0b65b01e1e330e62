package dev.pearlroutes.mapping;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.NumberParseException.ErrorType;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the numbering plans of all regions, as libphonenumber knows them, say of digits. A region is ISO 3166 alpha-2 in upper case, or
 * null when a number must have its country code. Safe for several threads.
 */
final class NumberingPlans {
    /** Of a national number, with some to spare. */
    private static final int MAX_LENGTH = 17;

    private static final String AMBIGUOUS =
            "is a number with and without the country code that it begins with: write it with + and country code";

    private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();

    /**
     * What digits are.
     *
     * @param number null when they are no valid number
     * @param reason continues "phoneNumber …" and holds no digits; null when there is a number
     */
    record Verdict(PhoneNumber number, String reason) {
        /** Tells whether digits are two numbers: with the country code that they begin with, and without it. */
        boolean ambiguous() {
            return AMBIGUOUS.equals(reason);
        }
    }

    boolean isRegion(String region) {
        return util.getSupportedRegions().contains(region);
    }

    /** Judges digits that are one number, with or without {@code +} before them. */
    Verdict judge(String digits, String region) {
        Verdict verdict = first(digits, region);
        PhoneNumber other = withCountryCode(digits, region);
        return verdict.number() != null && other != null && !other.equals(verdict.number())
                ? new Verdict(null, AMBIGUOUS)
                : verdict;
    }

    /** All valid numbers that digits may be, in E.164: none, one, or two when they are one with and one without the country code. */
    Set<String> readings(String digits, String region) {
        return Stream.of(first(digits, region).number(), withCountryCode(digits, region))
                .filter(Objects::nonNull)
                .map(this::e164)
                .collect(Collectors.toSet());
    }

    private Verdict first(String digits, String region) {
        if (digits.startsWith("+")) {
            return parse(digits, null);
        }
        // 00 is the prefix of most regions and nowhere starts a national number; the region's own prefix has its chance
        // first.
        String international = digits.startsWith("00") ? "+" + digits.substring(2) : null;
        if (region == null) {
            return international != null ? parse(international, null) : new Verdict(null, PhoneNumbers.NO_COUNTRY_CODE);
        }
        Verdict national = parse(digits, region);
        return national.number() == null && international != null ? parse(international, null) : national;
    }

    /**
     * Digits that begin with 00 have their country code behind it, though the region's own prefix may be 009 or 001. Those that begin
     * with the region's country code may have it, or be a national number that begins so.
     *
     * @return null when they are no number so
     */
    private PhoneNumber withCountryCode(String digits, String region) {
        if (digits.startsWith("00")) {
            return parse("+" + digits.substring(2), null).number();
        }
        boolean begins = region != null && digits.startsWith(Integer.toString(util.getCountryCodeForRegion(region)));
        return begins ? parse("+" + digits, null).number() : null;
    }

    private Verdict parse(String digits, String region) {
        PhoneNumber number;
        try {
            number = util.parse(digits, region);
        } catch (NumberParseException e) {
            return new Verdict(
                    null,
                    switch (e.getErrorType()) {
                        case INVALID_COUNTRY_CODE -> "starts with a country code that does not exist";
                        case TOO_LONG -> "has too many digits";
                        case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "has too few digits";
                        default -> "is not a phone number";
                    });
        }
        if (util.isValidNumber(number)) {
            return new Verdict(number, null);
        }
        String of = " of " + util.getRegionCodeForCountryCode(number.getCountryCode()) + " (country code "
                + number.getCountryCode() + ")";
        return new Verdict(
                null,
                switch (util.isPossibleNumberWithReason(number)) {
                    case TOO_SHORT -> "is too short for a number" + of;
                    case TOO_LONG -> "is too long for a number" + of;
                    default -> "is not a valid number" + of;
                });
    }

    boolean isNumber(String digits, String region) {
        return !readings(digits, region).isEmpty();
    }

    String e164(PhoneNumber number) {
        return util.format(number, PhoneNumberFormat.E164);
    }

    /** Finds the number of digits that are written exactly as their own region writes it inside; null when they are not. */
    PhoneNumber asWritten(String digits, String text, String region) {
        PhoneNumber number = first(digits, region).number();
        return number != null && util.format(number, PhoneNumberFormat.NATIONAL).equals(text) ? number : null;
    }

    /** @return null when the number is of no region, as of satellites */
    String region(String e164) {
        PhoneNumber number = parse(e164, null).number();
        String region = number == null ? null : util.getRegionCodeForNumber(number);
        return isRegion(region) ? region : null;
    }

    /** Tells whether digits begin with 0, or with what a region's numbers have before them inside it. */
    boolean beginsWithTrunk(String digits, String region) {
        String prefix = region == null ? null : util.getNddPrefixForRegion(region, true);
        return digits.startsWith("0") || prefix != null && !prefix.isEmpty() && digits.startsWith(prefix);
    }

    /** Tells whether digits are a country code and nothing else: any behind {@code +} or {@code 00}, or the region's own. */
    boolean isCountryCode(String digits, String region) {
        boolean international = digits.startsWith("+") || digits.startsWith("00");
        if (!international) {
            return region != null && digits.equals(Integer.toString(util.getCountryCodeForRegion(region)));
        }
        String code = digits.substring(digits.startsWith("+") ? 1 : 2);
        return code.matches("[1-9]\\d{0,2}") && util.getSupportedCallingCodes().contains(Integer.parseInt(code));
    }

    /** Tells whether the plan knows numbers of this kind by one length only. */
    boolean isOfOneLength(PhoneNumber number) {
        PhoneNumberType type = util.getNumberType(number);
        PhoneNumber other = new PhoneNumber().setCountryCode(number.getCountryCode());
        int lengths = 0;
        long national = 1;
        for (int length = 1; length <= MAX_LENGTH; length++, national *= 10) {
            other.setNationalNumber(national);
            boolean possible = util.isPossibleNumberForTypeWithReason(other, type) == ValidationResult.IS_POSSIBLE;
            lengths += possible ? 1 : 0;
        }
        return lengths == 1;
    }

    /** Tells whether a later plan may have a number that none has today: its country code is unknown, or its length fits. */
    boolean mayComeToBe(String digits) {
        try {
            return util.isPossibleNumberWithReason(util.parse(digits, null)) == ValidationResult.IS_POSSIBLE;
        } catch (NumberParseException e) {
            return e.getErrorType() == ErrorType.INVALID_COUNTRY_CODE;
        }
    }
}
