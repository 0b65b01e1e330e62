package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {
    private final PhoneNumbers numbers = new PhoneNumbers();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "+14155550100|",
                "+1 (212) 555-0123|",
                "+1.415.555.0100|",
                "(+1) 415/555/0100|",
                "tel:+1-415-555-0100|",
                "'+14155550100|",
                "\u202A+14155550100\u202C|",
                "+1\u00A0415\u00A0555\u20110100|",
                "＋１４１５５５５０１００|",
                "+٤٤٢٠٧٩٤٦٠٩٥٨|",
                "+44 (0)20 7946 0958|",
                "0044 20 7946 0958|",
                "0044 20 7946 0958|DE",
                "0044 20 7946 0958|US",
                "011 44 20 7946 0958|US",
                "415-555-0100|US",
                "14155550100|US",
                "020 7946 0958|GB",
                "+14155550100|GB"
            })
    void readsWhatPeopleWrite(String text, String region) {
        PhoneNumbers.Parsed parsed = numbers.toE164(text, region);

        assertThat(parsed.reason()).isNull();
        assertThat(parsed.e164()).isIn("+14155550100", "+12125550123", "+442079460958");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "4155550100||has no country code: write it with +",
                "14155550100||has no country code: write it with +",
                "1.41555E+10|US|scientific notation",
                "1,41555E+10|DE|scientific notation",
                "+1 415 555 0100 x123||extension",
                "+1 415 555 0100 ext. 12||extension",
                "tel:+1-415-555-0100;ext=12||extension",
                "1-800-FLOWERS|US|letters",
                "call 415 555 0100|US|letters",
                "+14155550100 / +14155550101||more in it than one number",
                "+14155550100,,1||more in it than one number",
                "+1415#5550100||more in it than one number",
                "+999 12345678||country code",
                "+1 415 555||too short for a number of US",
                "+1 415 555 0100 0100||too long for a number of US",
                "+1 115 555 0100||not a valid number of US",
                "+447700900123||not a valid number of GB",
                "911|US|too few digits",
                "+||too few digits",
                "12345678901234567890123|US|too many digits",
                "`  `|US|is empty",
                "-|US|too few digits"
            })
    void refusesWithAReasonThatHelps(String text, String region, String reason) {
        PhoneNumbers.Parsed parsed = numbers.toE164(text, region);

        assertThat(parsed.e164()).isNull();
        assertThat(parsed.reason()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+14155550100 x9", "+1 415 5555 55555", "4155550100", "+1abc4155550100", "+9994155550100"})
    void neverPutsTheNumberIntoTheReason(String text) {
        assertThat(numbers.toE164(text, null).reason().replaceAll("\\D", "")).doesNotContain("415", "555", "0100");
    }

    @Test
    void knowsRegions() {
        assertThat(numbers.isRegion("US")).isTrue();
        assertThat(numbers.isRegion("XX")).isFalse();
    }
}
