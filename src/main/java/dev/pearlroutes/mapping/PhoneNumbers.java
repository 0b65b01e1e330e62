package dev.pearlroutes.mapping;

import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Phone numbers in E.164, parsed from what people write: the one reader of every cell, list entry and argument that is a number.
 *
 * <p>Only numbers that libphonenumber calls <em>valid</em> pass, not those that are merely of a possible length: a mistyped number rings
 * a stranger, whereas a number refused wrongly (its range newer than the library) is in the rejected file. Safe for several threads;
 * no number is kept.
 *
 * <p>Where numbers have no fixed length (DE, AT, IT, FI, ID …), a number with something more behind it is valid too, so validity
 * alone proves nothing. Hence the digits of a cell are read as one number only when nothing in it parts two:
 *
 * <ul>
 *   <li>A second {@code +} begins another number, whatever stands before it.
 *   <li>At a slash, a tab, a line end or an opening bracket, the digits before it must not be a number yet.
 *   <li>What follows a slash, a tab or a line end must not begin with 0, except behind the country code, and where it is no number
 *       itself and the plan has but one length for the whole (BE {@code 0475/05.12.34}).
 *   <li>At blanks, {@code -} and {@code .}, a group that begins with 0 or the region's national prefix begins another number only
 *       where the digits before it are a number, and those from it on, to the end or to the next such group, are one too. So
 *       groups of one number may begin with 0 (FR {@code +33 1 05 00 12 34}, IT {@code +39 06 …}).
 *   <li>{@code (0)} stands at the beginning or behind the country code.
 * </ul>
 */
public final class PhoneNumbers {
    /** A long number after a spreadsheet has rewritten it, in English or in a locale with a decimal comma. */
    static final Pattern SCIENTIFIC = Pattern.compile("[+-]?\\d([.,]\\d+)?[eE]\\+?\\d{1,2}");

    /** The reason for a number without a country code where there is no default region. */
    static final String NO_COUNTRY_CODE = "has no country code: write it with +";

    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9][0-9]{4,14}");
    private static final String TWO_NUMBERS = "holds two numbers: keep one, and give the other a row of its own";
    private static final String DATE = "is a date or a time: look whether this is the right column";
    private static final String DECIMAL = "has a decimal part: write the digits of the number only, as text";
    private static final String ZERO_WITHIN =
            "has (0) within it: write (0) behind the country code only, or leave it out";
    /** Fewer may be a floor, a house or a wing; they are no phone number. */
    private static final int FEW = 5;

    private static final int MANY = 20;

    private final NumberingPlans plans = new NumberingPlans();

    /**
     * @param e164 null when the text is no number to be called
     * @param reason continues "phoneNumber …" and never holds the number; null when there is a number
     */
    public record Parsed(String e164, String reason) {
        private static Parsed refused(String reason) {
            return new Parsed(null, reason);
        }
    }

    /**
     * @param numbers in E.164, as a rule one; empty when the text cannot be relied on
     * @param reason as of {@link Parsed}
     */
    public record Suppressed(Set<String> numbers, String reason) {
        /** Tells whether a default region, or the country code, is all that is missing. */
        public boolean lacksCountryCode() {
            return NO_COUNTRY_CODE.equals(reason);
        }
    }

    /** Tells whether a region's numbers are known. @param region ISO 3166 alpha-2 in upper case */
    public boolean isRegion(String region) {
        return plans.isRegion(region);
    }

    /**
     * Parses one number.
     *
     * @param text as written; with a country code after {@code +} (or {@code 00}), or a number of the default region
     * @param defaultRegion ISO 3166 alpha-2 in upper case; null when numbers must have a country code
     * @return the number, or the reason why there is none
     */
    public Parsed toE164(String text, String defaultRegion) {
        PhoneCell cell = PhoneCell.of(text);
        String refusal = refusal(cell, defaultRegion);
        if (refusal != null) {
            return Parsed.refused(refusal);
        }
        NumberingPlans.Verdict verdict = plans.judge(digits(cell), defaultRegion);
        PhoneNumber number =
                verdict.ambiguous() ? plans.asWritten(digits(cell), cell.text(), defaultRegion) : verdict.number();
        return number == null ? Parsed.refused(verdict.reason()) : new Parsed(plans.e164(number), null);
    }

    /**
     * Parses a number that must not be called. One with {@code +} passes also when no plan of today has it, since one of tomorrow
     * may. Digits that are a number both with and without the country code they begin with are both.
     *
     * @param text as for {@link #toE164}
     * @param defaultRegion as for {@link #toE164}
     * @return the numbers, or the reason why the text cannot be relied on
     */
    public Suppressed toSuppress(String text, String defaultRegion) {
        PhoneCell cell = PhoneCell.of(text);
        String refusal = refusal(cell, defaultRegion);
        if (refusal != null) {
            return new Suppressed(Set.of(), refusal);
        }
        String digits = digits(cell);
        Set<String> readings = plans.readings(digits, defaultRegion);
        if (!readings.isEmpty()) {
            return new Suppressed(readings, null);
        }
        boolean later = !cell.hasSlash() && INTERNATIONAL.matcher(digits).matches() && plans.mayComeToBe(digits);
        return later
                ? new Suppressed(Set.of(digits), null)
                : new Suppressed(Set.of(), plans.judge(digits, defaultRegion).reason());
    }

    /**
     * Tells whether a text holds a number, alone or beside others.
     *
     * @param e164 the number
     * @param defaultRegion of numbers without a country code; null for none
     */
    public boolean holds(String text, String e164, String defaultRegion) {
        PhoneCell cell = PhoneCell.of(text);
        if (refusal(cell, defaultRegion) == null) {
            return plans.readings(digits(cell), defaultRegion).contains(e164);
        }
        for (int from = 0; from < cell.size(); from++) {
            for (int to = from + 1; to <= cell.size(); to++) {
                String digits = cell.digits(from, to);
                boolean one = digits.length() >= FEW && digits.length() <= MANY && digits.lastIndexOf('+') <= 0;
                if (one && plans.readings(digits, defaultRegion).contains(e164)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Finds why a cell is not one number, whatever a plan says of its digits as a whole; null when it may be. */
    private String refusal(PhoneCell cell, String region) {
        String kind = cell.kind();
        if (kind != null) {
            return kind;
        }
        if (cell.isDate() && plans.asWritten(digits(cell), cell.text(), region) == null) {
            return DATE;
        }
        PhoneCell.Decimal decimal = cell.decimal();
        if (decimal == PhoneCell.Decimal.YES
                || decimal == PhoneCell.Decimal.BEHIND_A_NUMBER
                        && plans.isNumber(cell.digits(0, cell.size() - 1), region)) {
            return DECIMAL;
        }
        for (int group = 1; group < cell.size(); group++) {
            String reason = refusalAt(cell, group, region);
            if (reason != null) {
                return reason;
            }
        }
        return cell.disorder();
    }

    /** Finds why the digits before a group and those from it on are not of one number; null when they may be. */
    private String refusalAt(PhoneCell cell, int group, String region) {
        String before = cell.digits(cell.beginning(group), group);
        String after = cell.digits(group, cell.size());
        if (after.startsWith("+")) {
            return before.length() >= FEW ? TWO_NUMBERS : null;
        }
        boolean two = switch (cell.gap(group)) {
            case LIGHT -> beginsNumber(cell, group, before, region);
            case BRACKET -> plans.isNumber(before, region);
            case SLASH -> plans.isNumber(before, region) || isOfAnother(cell, before, after, region);
            case FOREIGN -> before.length() >= FEW && isAnother(before, after, region);
        };
        if (two) {
            return TWO_NUMBERS;
        }
        boolean zero = cell.gap(group) == PhoneCell.Gap.BRACKET
                && cell.digits(group, group + 1).equals("0");
        return zero && !plans.isCountryCode(before, region) ? ZERO_WITHIN : null;
    }

    /** Tells whether a number begins at a group, by its zero, behind another number. */
    private boolean beginsNumber(PhoneCell cell, int group, String before, String region) {
        if (!plans.beginsWithTrunk(cell.digits(group, group + 1), region)) {
            return false;
        }
        Optional<String> number = plans.readings(before, region).stream().findAny();
        if (number.isEmpty()) {
            return false;
        }
        int end = group + 1;
        while (end < cell.size() && !plans.beginsWithTrunk(cell.digits(end, end + 1), region)) {
            end++;
        }
        String its = plans.region(number.get());
        return isNumber(cell, group, end, region, its) || isNumber(cell, group, cell.size(), region, its);
    }

    private boolean isNumber(PhoneCell cell, int from, int to, String region, String otherRegion) {
        String digits = cell.digits(from, to);
        return plans.isNumber(digits, region) || plans.isNumber(digits, otherRegion);
    }

    /** Tells whether what follows a slash is no part of the number before it, by its zero. */
    private boolean isOfAnother(PhoneCell cell, String before, String after, String region) {
        if (!after.startsWith("0") || plans.isCountryCode(before, region)) {
            return false;
        }
        PhoneNumber whole = plans.judge(digits(cell), region).number();
        return whole == null || !plans.isOfOneLength(whole) || plans.isNumber(after, region);
    }

    /** Tells whether digits behind something that stands within no number are a second number, rather than a house or a floor. */
    private boolean isAnother(String before, String after, String region) {
        return after.length() > 1 && plans.isNumber(before, region) || after.length() >= FEW && after.startsWith("0");
    }

    private static String digits(PhoneCell cell) {
        return cell.digits(0, cell.size());
    }
}
