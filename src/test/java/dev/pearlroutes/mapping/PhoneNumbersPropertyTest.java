package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** What is accepted has exactly the digits of one number of the cell, in every region. */
class PhoneNumbersPropertyTest {
    private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
    private static final PhoneNumbers NUMBERS = new PhoneNumbers();
    private static final List<String> REGIONS =
            UTIL.getSupportedRegions().stream().sorted().toList();
    /** Where validity proves nothing, since numbers have many lengths. */
    private static final List<String> OF_MANY_LENGTHS = List.of("DE", "AT", "IT", "FI", "ID", "LU", "SE", "NZ");

    private static final List<String> JOINERS = List.of(
            "/",
            " / ",
            "//",
            ",",
            ", ",
            " , ",
            ";",
            "; ",
            "&",
            " & ",
            "|",
            " | ",
            "\n",
            "\r\n",
            "\t",
            "\u2028",
            " or ",
            " oder ",
            " und ",
            " and ",
            " Tel. ",
            " mobil: ",
            "、",
            " + ",
            "\\");
    private static final List<String> LIGHT = List.of(" ", "  ", " - ", "-", ". ", ".", "\u00A0", "\u2013", ") ");

    private static final List<String> SEPARATORS =
            List.of(" ", "-", ".", "/", " / ", "(", ")", ") ", " - ", "\n", "\u00A0", "\u2011");

    private static final List<String> DATES = List.of(
            "yyyy-MM-dd",
            "yyyy/MM/dd",
            "yyyy.MM.dd",
            "d.M.yyyy",
            "dd.MM.yyyy",
            "M/d/yyyy",
            "MM/dd/yyyy",
            "dd/MM/yyyy",
            "dd-MM-yyyy",
            "d. M. yyyy",
            "dd.MM.yy",
            "M/d/yy",
            "yy-MM-dd",
            "yyyy-MM-dd HH:mm",
            "yyyy-MM-dd HH:mm:ss",
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            "dd.MM.yyyy HH.mm",
            "M/d/yyyy H:mm",
            "yyyyMMdd HHmm",
            "yyyyMMdd-HHmmss",
            "yyyyMMdd'T'HHmmss",
            "HH:mm:ss",
            "HH.mm.ss",
            "dd.MM.yy HH.mm");

    /** A number of five digits is the shortest that is read. */
    private static final int FEWEST_DIGITS = 5;

    /** A number of a region and a way to write it. */
    record Written(String region, PhoneNumber number, String text) {
        String e164() {
            return UTIL.format(number, PhoneNumberFormat.E164);
        }

        @Override
        public String toString() {
            return region + " " + e164() + " as '" + text + "'";
        }
    }

    @Provide
    Arbitrary<PhoneNumber> numbers() {
        return numbersOf(Arbitraries.oneOf(Arbitraries.of(REGIONS), Arbitraries.of(OF_MANY_LENGTHS)));
    }

    /** Examples of the plan with other last digits, and up to six fewer or two more of them, as far as that is a number too. */
    private static Arbitrary<PhoneNumber> numbersOf(Arbitrary<String> regions) {
        return Combinators.combine(regions, Arbitraries.of(PhoneNumberType.class), Arbitraries.longs())
                // By a seed: a Random that is used twice would make another number than the one that was filtered.
                .as((region, type, seed) -> number(region, type, new Random(seed)))
                .filter(Objects::nonNull);
    }

    private static PhoneNumber number(String region, PhoneNumberType type, Random random) {
        PhoneNumber example = UTIL.getExampleNumberForType(region, type);
        if (example == null) {
            return null;
        }
        String digits = UTIL.format(example, PhoneNumberFormat.E164);
        int kept = digits.length() - random.nextInt(7);
        int length = digits.length() + (random.nextBoolean() ? random.nextInt(9) - 6 : 0);
        StringBuilder other = new StringBuilder(digits.substring(0, Math.min(kept, length)));
        while (other.length() < length) {
            other.append(random.nextInt(10));
        }
        PhoneNumber number = parsed(other.toString(), null);
        return number != null && region.equals(UTIL.getRegionCodeForNumber(number)) ? number : example;
    }

    private static PhoneNumber parsed(String text, String region) {
        try {
            PhoneNumber number = UTIL.parse(text, region);
            return UTIL.isValidNumber(number) ? number : null;
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static Written written(PhoneNumber number, PhoneNumberFormat format) {
        return new Written(UTIL.getRegionCodeForNumber(number), number, UTIL.format(number, format));
    }

    /** Numbers in the forms of the plan, and with 00. */
    @Provide
    Arbitrary<Written> written() {
        return written(numbers());
    }

    private static Arbitrary<Written> written(Arbitrary<PhoneNumber> numbers) {
        Arbitrary<PhoneNumberFormat> formats =
                Arbitraries.of(PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164);
        return Combinators.combine(numbers, formats, Arbitraries.of(true, false))
                .as((number, format, zeros) -> {
                    Written written = written(number, format);
                    return zeros && format != PhoneNumberFormat.NATIONAL
                            ? new Written(written.region, number, "00" + written.text.substring(1))
                            : written;
                })
                .filter(written -> digits(written.text).length() >= FEWEST_DIGITS);
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9+]", "");
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aNumberAsItsPlanWritesItIsRead(@ForAll("written") Written written) {
        assertThat(NUMBERS.toE164(written.text, written.region))
                .isEqualTo(new PhoneNumbers.Parsed(written.e164(), null));
    }

    @Test
    void everyExampleOfEveryRegionIsRead() {
        List<Written> examples = REGIONS.stream()
                .flatMap(region ->
                        Stream.of(PhoneNumberType.values()).map(type -> UTIL.getExampleNumberForType(region, type)))
                .filter(Objects::nonNull)
                .flatMap(number -> Stream.of(
                        written(number, PhoneNumberFormat.NATIONAL), written(number, PhoneNumberFormat.INTERNATIONAL)))
                .filter(written -> digits(written.text).length() >= FEWEST_DIGITS)
                .toList();

        assertThat(examples)
                .hasSizeGreaterThan(1_500)
                .allSatisfy(written -> assertThat(
                                NUMBERS.toE164(written.text, written.region).e164())
                        .isEqualTo(written.e164()));
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aNumberWithItsCountryCodeIsNoOtherInAnotherRegion(
            @ForAll("written") Written written, @ForAll("regions") String region) {
        if (written.text.startsWith("+")) {
            assertThat(NUMBERS.toE164(written.text, region).e164()).isEqualTo(written.e164());
        } else if (written.text.startsWith("00")) {
            assertThat(NUMBERS.toE164(written.text, region).e164()).as(region).isIn(null, written.e164());
        }
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void separatorsMakeNoOtherNumberOfIt(@ForAll("written") Written written, @ForAll Random random) {
        StringBuilder text = new StringBuilder();
        for (char c : digits(written.text).toCharArray()) {
            boolean joined = text.isEmpty() || c == '+' || text.toString().endsWith("+") || random.nextInt(3) > 0;
            text.append(joined ? "" : any(SEPARATORS, random)).append(c);
        }

        // A point before the last zeros alone makes a decimal of it.
        Assume.that(!text.toString().matches("\\+?\\d+\\.0+"));

        String read = NUMBERS.toE164(text.toString(), written.region).e164();

        assertThat(read).as(text.toString()).isIn(null, written.e164());
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void twoNumbersAreNeverReadAsOne(
            @ForAll("written") Written first, @ForAll("written") Written second, @ForAll Random random) {
        String text = first.text + any(JOINERS, random) + second.text;

        PhoneNumbers.Parsed read = NUMBERS.toE164(text, first.region);

        assertThat(read.e164()).as(text).isNull();
        assertThat(NUMBERS.toSuppress(text, first.region).numbers()).as(text).isEmpty();
    }

    /** Blanks decide nothing: the second number is known by what it begins with. */
    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void twoNumbersWithBlanksBetweenAreNeverReadAsOne(@ForAll("pairs") List<Written> pair, @ForAll Random random) {
        String text = pair.get(0).text + any(LIGHT, random) + pair.get(1).text;

        PhoneNumbers.Parsed read = NUMBERS.toE164(text, pair.get(0).region);

        assertThat(read.e164()).as(text).isNull();
        assertThat(NUMBERS.toSuppress(text, pair.get(0).region).numbers())
                .as(text)
                .isEmpty();
    }

    /** Two numbers of a region, the second with {@code +}, {@code 00} or a trunk zero. */
    @Provide
    Arbitrary<List<Written>> pairs() {
        return Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.of(REGIONS)), Tuple.of(4, Arbitraries.of(OF_MANY_LENGTHS)))
                .flatMap(region ->
                        written(numbersOf(Arbitraries.just(region))).list().ofSize(2))
                .filter(pair -> pair.get(1).text.matches("(?s)[+(]*[+0].*"));
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aDecimalTailAddsNoDigit(@ForAll("written") Written written, @ForAll Random random) {
        String zeros = any(List.of(".0", ",0", ".00", ",00"), random);
        String digits = digits(written.text);
        String whole = digits + zeros;
        String grouped = written.text + zeros;
        String fraction = written.text + any(List.of(".5", ",5", ".25", ".75", ".05", ",50"), random);

        assertThat(NUMBERS.toE164(whole, written.region)).as(whole).isEqualTo(NUMBERS.toE164(digits, written.region));
        assertThat(NUMBERS.toSuppress(whole, written.region).numbers())
                .as(whole)
                .contains(written.e164());
        assertThat(NUMBERS.toE164(grouped, written.region).e164()).as(grouped).isIn(null, written.e164());
        assertThat(NUMBERS.toE164(fraction, written.region).e164()).as(fraction).isNull();
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aDateIsNoNumberOfAnyRegion(
            @ForAll("regions") String region, @ForAll("dates") LocalDate date, @ForAll Random random) {
        String text = DateTimeFormatter.ofPattern(any(DATES, random)).format(date.atTime(10, 30, 59));
        PhoneNumber number = parsed(digits(text), region);
        boolean plansOwn = number != null
                && UTIL.format(number, PhoneNumberFormat.NATIONAL).equals(text);

        assertThat(NUMBERS.toE164(text, region).e164() == null || plansOwn)
                .as(text + " in " + region)
                .isTrue();
    }

    @Provide
    Arbitrary<String> regions() {
        return Arbitraries.oneOf(Arbitraries.of(REGIONS), Arbitraries.of(OF_MANY_LENGTHS));
    }

    @Provide
    Arbitrary<LocalDate> dates() {
        return Arbitraries.longs()
                .between(0, 36_500)
                .map(days -> LocalDate.of(1930, 1, 1).plusDays(days));
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
