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
                "+14155550100 / +14155550101||holds two numbers",
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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "06221/54123|DE|+49622154123",
                "06221 / 54123-0|DE|+496221541230",
                "+49 6221/54123|DE|+49622154123",
                "0049/6221/54123|DE|+49622154123",
                "(+49)/0 89/123456|US|+4989123456",
                "(06221) 54123|DE|+49622154123",
                "(0)30 901820|DE|+4930901820",
                "+49 (0) 30 901820|US|+4930901820",
                "0049 (0)30/901820||+4930901820",
                "+49 0 30 901820||+4930901820",
                "030 901820-21|DE|+493090182021",
                "+49 30 0123 45||+4930012345",
                "0043/1/5120||+4315120",
                "01/05/00/12/34|FR|+33105001234",
                "+33 1 05 00 12 34||+33105001234",
                "01.23.45.67.89|FR|+33123456789",
                "01.23.45.67.00|FR|+33123456700",
                "0475/05.12.34|BE|+32475051234",
                "+39 06 0612 345||+39060612345",
                "06 6982|IT|+39066982",
                "+39 (0)6 6982||+39066982",
                "20.12.34|NC|+687201234",
                "+687 20.12.34|NC|+687201234",
                "415.555.0100|US|+14155550100",
                "415555.0100|US|+14155550100",
                "415 555 0100|US|+14155550100",
                "030\\n901820|DE|+4930901820",
                "\\t+4930901820\\n|US|+4930901820",
                "20240102|NO|",
            })
    void readsOneNumberAsPeopleWriteIt(String text, String region, String e164) {
        String given = text.replace("\\n", "\n").replace("\\t", "\t");

        assertThat(numbers.toE164(given, region).e164()).isEqualTo(e164);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "493012345678.0|DE|+493012345678",
                "3012345678.0|DE|+493012345678",
                "+493012345678.00||+493012345678",
                "03012345678,0|DE|+493012345678",
                "'493012345678.0|DE|+493012345678",
                "14155550100.0|US|+14155550100",
                "431234567.0|AT|+431234567",
                "390236618300.0|IT|+390236618300"
            })
    void aTailOfZerosBehindAWholeNumberGoes(String text, String region, String e164) {
        assertThat(numbers.toE164(text, region)).isEqualTo(new PhoneNumbers.Parsed(e164, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "493012345678.5|DE",
                "493012345678,5|DE",
                "493012345678.25|AT",
                "493012345678.12345|DE",
                "+49 30 12345678.0|DE",
                "030/901820.0|DE",
                "030.901820.0|DE",
                "030 901820.21|DE",
                "4155550100.5|US",
                "415555010.5|US"
            })
    void anyOtherDecimalIsRefused(String text, String region) {
        assertThat(numbers.toE164(text, region).reason())
                .isEqualTo("has a decimal part: write the digits of the number only, as text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "089 123456 / 089 123457|DE",
                "030 901820 / 21|DE",
                "06221 54123 / 54124|DE",
                "06221/54123/54124|DE",
                "06221 54123, 54124|DE",
                "06221 54123; 54124|DE",
                "06221 54123 & 54124|DE",
                "06221 54123 ¦ 54124|DE",
                "06221 54123\\n54124|DE",
                "06221 54123\\t54124|DE",
                "06221 54123 oder 54124|DE",
                "06221 54123 (54124)|DE",
                "030 901820 (0)|DE",
                "030 901820 mobil: 0171 1234567|DE",
                "Haus 12345 Tel. 030 901820|DE",
                "12345 / 089 123456|AT",
                "089 123456 089 123457|DE",
                "089 123456 - 089 123457|DE",
                "+49 89 123456 089 123457|US",
                "+49 89 123456 089 123457|",
                "+49 89 123456 0049 89 123457|",
                "0049 89 123456 +49 89 123457|DE",
                "06 6982123 06 6982124|IT",
                "+1 415 555 0100/+1 415 555 0101|US"
            })
    void twoNumbersInOneCellAreRefused(String text, String region) {
        String given = text.replace("\\n", "\n").replace("\\t", "\t").replace('¦', '|');

        assertThat(numbers.toE164(given, region))
                .isEqualTo(new PhoneNumbers.Parsed(
                        null, "holds two numbers: keep one, and give the other a row of its own"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-02",
                "2024/01/02",
                "2.1.2024",
                "02.01.2024",
                "1/2/2024",
                "02-01-2024",
                "02.01.24",
                "2024-01-02 10.30",
                "2024-01-02T10:30:00Z",
                "2024-01-02 12345",
                "20240102 1030",
                "20240102-103000",
                "10:30:59",
                "23.59.59"
            })
    void datesAndTimesAreNoNumbers(String text) {
        for (String region : new String[] {"DE", "AT", "IT", "FI", "ID", "NO"}) {
            assertThat(numbers.toE164(text, region).reason())
                    .isEqualTo("is a date or a time: look whether this is the right column");
        }
    }

    @ParameterizedTest
    @CsvSource({"4915112345678,DE", "4915112345678.0,DE", "49 (0)30 901820,DE", "3906698212,IT"})
    void aNumberWithAndWithoutTheCountryCodeThatItBeginsWithIsRefused(String text, String region) {
        assertThat(numbers.toE164(text, region).reason()).startsWith("is a number with and without the country code");
    }

    @Test
    void bothReadingsOfSuchANumberAreSuppressedAndFound() {
        assertThat(numbers.toSuppress("4915112345678", "DE").numbers())
                .containsExactlyInAnyOrder("+4915112345678", "+494915112345678");
        assertThat(numbers.holds("4915112345678", "+4915112345678", "DE")).isTrue();
    }

    @Test
    void theGroupsOfItsOwnPlanTellANumberApart() {
        assertThat(numbers.toE164("390 669 8212", "IT").e164()).isEqualTo("+393906698212");
    }

    @Test
    void aZeroInBracketsStandsBehindTheCountryCodeOnly() {
        assertThat(numbers.toE164("030 (0) 901820", "DE").reason()).startsWith("has (0) within it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+14155550100 x9", "+1 415 5555 55555", "4155550100", "+1abc4155550100", "+9994155550100"})
    void neverPutsTheNumberIntoTheReason(String text) {
        assertThat(numbers.toE164(text, null).reason().replaceAll("\\D", "")).doesNotContain("415", "555", "0100");
    }

    @Test
    void findsANumberAmongOthers() {
        for (String text :
                new String[] {"+4989123456", "089 123456 / 089 123457", "Tel. 089/123456, Fax -57", "4989123456.0"}) {
            assertThat(numbers.holds(text, "+4989123456", "DE")).as(text).isTrue();
        }
        assertThat(numbers.holds("089 123457", "+4989123456", "DE")).isFalse();
        assertThat(numbers.holds("089 1234 5678", "+49891234", "DE")).isFalse();
    }

    @Test
    void knowsRegions() {
        assertThat(numbers.isRegion("US")).isTrue();
        assertThat(numbers.isRegion("XX")).isFalse();
    }
}
