package dev.pearlroutes.mapping;

import com.ibm.icu.impl.ICUData;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.UResourceBundle;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Windows names of time zones, which Add Lead takes, found by the CLDR data of ICU. Safe for several threads. */
public final class TimeZones {
    /** Continues "timeZoneId …" for a name that {@link #toWindows} does not know. */
    public static final String REASON =
            "is not a time zone name known here: write a Windows name such as Pacific Standard Time"
                    + " or an IANA name such as America/Los_Angeles (abbreviations such as EST and offsets such as GMT+2 say too little),"
                    + " or let a further Windows name through by leads.extra-time-zones";

    /** The vendor's own example is a name that Windows has since 2023 and CLDR lists as Turkey Standard Time. */
    private static final Set<String> VENDORS_EXAMPLES = Set.of("Türkiye Standard Time");

    private final Set<String> windowsNames = new HashSet<>(VENDORS_EXAMPLES);
    // Only names that exist are kept, so it can't grow beyond the IANA list.
    private final Map<String, String> byIanaName = new ConcurrentHashMap<>();

    /** @param extras Windows names to let through besides CLDR's */
    public TimeZones(Collection<String> extras) {
        windowsNames.addAll(extras);
        UResourceBundle zones = UResourceBundle.getBundleInstance(
                ICUData.ICU_BASE_NAME, "windowsZones", ICUData.class.getClassLoader());
        windowsNames.addAll(Collections.list(zones.get("mapTimezones").getKeys()));
    }

    /**
     * @param name a Windows name, which passes verbatim, or an IANA name, also an old alias; exact in case
     * @return the Windows name; empty when the name is neither, or when Windows has no such zone, see {@link #REASON}
     */
    public Optional<String> toWindows(String name) {
        if (windowsNames.contains(name)) {
            return Optional.of(name);
        }
        String known = byIanaName.get(name);
        if (known == null && !isAbbreviation(name)) {
            known = TimeZone.getWindowsID(name);
            if (known != null) {
                byIanaName.put(name, known);
            }
        }
        return Optional.ofNullable(known);
    }

    /** The IANA list also has EST or CET, but means other places by them than people do (EST is Panama, CET is Brussels). */
    private static boolean isAbbreviation(String name) {
        return name.indexOf('/') < 0 && name.chars().noneMatch(Character::isLowerCase);
    }
}
