package dev.pearlroutes.mapping;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The Windows time zones of phone numbers, by libphonenumber's map of prefixes. Safe for several threads. */
public final class NumberTimeZones {
    /** The reason for a number of several zones, or of none that is known. */
    static final String SEVERAL =
            "timeZoneId is missing, and the number's country has several time zones and its prefix is of no single one";

    static final String NONE = "timeZoneId is missing, and no time zone is known of the number's country";

    private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    private final PhoneNumberToTimeZonesMapper mapper = PhoneNumberToTimeZonesMapper.getInstance();
    private final TimeZones timeZones;

    public NumberTimeZones(TimeZones timeZones) {
        this.timeZones = timeZones;
    }

    /**
     * @param windows null when there is no single one
     * @param reason null when there is one
     */
    record Found(String windows, String reason) {}

    /** Finds the zone of a number. Several IANA zones are one where Windows has one name for all of them. */
    Found of(String e164) {
        List<String> zones;
        try {
            zones = mapper.getTimeZonesForNumber(numbers.parse(e164, null));
        } catch (NumberParseException e) {
            return new Found(null, NONE);
        }
        Set<Optional<String>> windows = zones.stream().map(timeZones::toWindows).collect(Collectors.toSet());
        if (windows.contains(Optional.<String>empty())) {
            return new Found(null, windows.size() > 1 ? SEVERAL : NONE);
        }
        return windows.size() == 1
                ? new Found(windows.iterator().next().orElseThrow(), null)
                : new Found(null, windows.isEmpty() ? NONE : SEVERAL);
    }
}
