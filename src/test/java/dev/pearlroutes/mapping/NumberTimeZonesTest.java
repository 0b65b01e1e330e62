package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of prefixes is older than the library of numbers; they are held to work together here. */
class NumberTimeZonesTest {
    private final TimeZones timeZones = new TimeZones(List.of());
    private final NumberTimeZones zones = new NumberTimeZones(timeZones);

    @ParameterizedTest
    @CsvSource({
        "+12125550123,Eastern Standard Time",
        "+14155550100,Pacific Standard Time",
        "+4930901820,W. Europe Standard Time",
        "+4915112345678,W. Europe Standard Time",
        "+442079460958,GMT Standard Time",
        "+34910001234,Romance Standard Time",
        "+390669821234,W. Europe Standard Time",
        "+911140001234,India Standard Time"
    })
    void aNumberOfOneZoneHasIt(String number, String windows) {
        assertThat(zones.of(number)).isEqualTo(new NumberTimeZones.Found(windows, null));
    }

    @ParameterizedTest
    @CsvSource({"+18005550100", "+34612345678", "+79161234567", "+61412345678"})
    void aNumberWhosePrefixTellsNoneOfItsCountrysZonesIsRefused(String number) {
        assertThat(zones.of(number)).isEqualTo(new NumberTimeZones.Found(null, NumberTimeZones.SEVERAL));
    }

    @Test
    void aNumberOfNoCountryHasNone() {
        assertThat(zones.of("+80012345678")).isEqualTo(new NumberTimeZones.Found(null, NumberTimeZones.NONE));
    }

    @Test
    void everyRegionsNumberHasAZoneThatWindowsKnowsOrAReason() {
        PhoneNumberUtil util = PhoneNumberUtil.getInstance();
        List<NumberTimeZones.Found> all = util.getSupportedRegions().stream()
                .flatMap(region -> Stream.of(PhoneNumberUtil.PhoneNumberType.values())
                        .map(type -> util.getExampleNumberForType(region, type)))
                .filter(Objects::nonNull)
                .map(number -> zones.of(util.format(number, PhoneNumberFormat.E164)))
                .toList();

        assertThat(all).allSatisfy(found -> {
            assertThat(found.windows() == null).isNotEqualTo(found.reason() == null);
            assertThat(found.windows() == null
                            || timeZones.toWindows(found.windows()).isPresent())
                    .isTrue();
        });
        assertThat(all).filteredOn(found -> found.windows() != null).hasSizeGreaterThan(all.size() / 2);
    }
}
