package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import java.util.Locale;

/**
 * What the reading of a lead's fields needs to know of its outbound.
 *
 * @param outbound its name, for messages
 * @param defaultRegion ISO 3166 alpha-2 of numbers without a country code, in capitals; null for none
 * @param numberTimeZones by which a lead without a time zone gets one; null when it gets none
 */
record FieldReading(
        String outbound,
        PhoneNumbers phoneNumbers,
        TimeZones timeZones,
        String defaultRegion,
        NumberTimeZones numberTimeZones) {

    /**
     * @param defaultRegion in any case; null or empty for none
     * @throws ConfigurationException when there is no such region
     */
    static FieldReading of(String outbound, PhoneNumbers phoneNumbers, TimeZones timeZones, String defaultRegion) {
        String region = defaultRegion == null || defaultRegion.isBlank()
                ? null
                : defaultRegion.strip().toUpperCase(Locale.ROOT);
        FieldReading reading = new FieldReading(outbound, phoneNumbers, timeZones, region, null);
        if (region != null && !phoneNumbers.isRegion(region)) {
            throw new ConfigurationException(reading.key("default-region") + ": '" + region
                    + "' is no region; write its two letters, for instance US, GB or DE");
        }
        return reading;
    }

    FieldReading with(NumberTimeZones numberTimeZones) {
        return new FieldReading(outbound, phoneNumbers, timeZones, defaultRegion, numberTimeZones);
    }

    /** Writes the key of a setting of the outbound. */
    String key(String setting) {
        return "outbound." + outbound + "." + setting;
    }
}
