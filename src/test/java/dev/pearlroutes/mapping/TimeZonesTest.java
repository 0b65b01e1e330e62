package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeZonesTest {
    private final TimeZones zones = new TimeZones(List.of("Mars Standard Time"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pacific Standard Time",
                "Turkey Standard Time",
                "Türkiye Standard Time",
                "UTC",
                "UTC-02",
                "Mars Standard Time"
            })
    void windowsNamesPassVerbatim(String name) {
        assertThat(zones.toWindows(name)).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "America/Los_Angeles,Pacific Standard Time",
        "US/Pacific,Pacific Standard Time",
        "Asia/Calcutta,India Standard Time",
        "Asia/Kolkata,India Standard Time",
        "Europe/Kyiv,FLE Standard Time",
        "Europe/Istanbul,Turkey Standard Time",
        "Japan,Tokyo Standard Time",
        "Etc/UTC,UTC"
    })
    void ianaNamesAreTranslated(String iana, String windows) {
        assertThat(zones.toWindows(iana)).contains(windows);
        assertThat(zones.toWindows(iana)).as("from the cache").contains(windows);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EST",
                "PST",
                "CET",
                "EST5EDT",
                "GMT+2",
                "+02:00",
                "Pacific",
                "pacific standard time",
                "Mars/Olympus",
                ""
            })
    void anythingElseIsRefused(String name) {
        assertThat(zones.toWindows(name)).isEmpty();
        assertThat(TimeZones.REASON).contains("Pacific Standard Time", "America/Los_Angeles");
    }
}
