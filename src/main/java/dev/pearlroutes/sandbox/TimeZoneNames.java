package dev.pearlroutes.sandbox;

import com.ibm.icu.util.TimeZone;
import java.util.HashMap;
import java.util.Map;

/** The Windows zone names that the documentation of {@code timeZoneId} refers to, from CLDR. */
final class TimeZoneNames {
    private static final Map<String, Double> HOURS_BY_NAME = load();

    private TimeZoneNames() {}

    static boolean contains(String windowsName) {
        return HOURS_BY_NAME.containsKey(windowsName);
    }

    /** Standard offset from UTC in hours. */
    static double hours(String windowsName) {
        return HOURS_BY_NAME.get(windowsName);
    }

    private static Map<String, Double> load() {
        Map<String, Double> hours = new HashMap<>();
        for (String id : TimeZone.getAvailableIDs()) {
            String windows = TimeZone.getWindowsID(id);
            if (windows != null) {
                hours.put(
                        windows,
                        TimeZone.getTimeZone(TimeZone.getIDForWindowsID(windows, null))
                                        .getRawOffset()
                                / 3_600_000.0);
            }
        }
        // The vendor's own example; CLDR knows the older spelling "Turkey".
        hours.put("Türkiye Standard Time", 3.0);
        return Map.copyOf(hours);
    }
}
