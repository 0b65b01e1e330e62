package dev.pearlroutes.suppression;

import dev.pearlroutes.files.LogText;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How old the lists may be that are in force for an outbound. A list is as old as its time of modification says. */
final class ListAges {
    private final Map<String, Duration> maxAges;
    private final Clock clock;

    /** @param maxAges by outbound; one that is not in it takes lists of any age, and needs none */
    ListAges(Map<String, Duration> maxAges, Clock clock) {
        this.maxAges = maxAges;
        this.clock = clock;
    }

    /**
     * Why an outbound's lists cannot be relied on.
     *
     * @param what the same as long as it is the same lists; it has no age
     * @param reason for the operator: which list, its age, and what to do
     */
    record Stale(String what, String reason) {}

    /** Judges all lists that are in force for an outbound. @return null when none of them is too old */
    Stale judge(String outbound, List<SuppressionList> lists) {
        Duration maxAge = maxAges.get(outbound);
        if (maxAge == null) {
            return null;
        }
        String key = "outbound." + outbound + ".suppression-max-age";
        if (lists.isEmpty()) {
            return new Stale(
                    key,
                    "there is no suppression list for " + outbound + ", and " + key + " requires one: put a list into"
                            + " suppress/ or suppress/" + outbound + "/.");
        }
        List<SuppressionList> old =
                lists.stream().filter(list -> age(list).compareTo(maxAge) > 0).toList();
        if (old.isEmpty()) {
            return null;
        }
        return new Stale(
                old.stream().map(SuppressionList::name).collect(Collectors.joining(", ")),
                old.stream()
                                .map(list -> list.name() + " is " + inWords(age(list)) + " old")
                                .collect(Collectors.joining(", "))
                        + ", more than " + inWords(maxAge) + " (" + key + "): put a newer version there.");
    }

    private Duration age(SuppressionList list) {
        return Duration.between(list.modified(), clock.instant());
    }

    private static String inWords(Duration age) {
        if (age.toDays() >= 2) {
            return LogText.count(age.toDays(), "day");
        }
        return age.toHours() >= 1
                ? LogText.count(age.toHours(), "hour")
                : age.toMinutes() >= 1 ? LogText.count(age.toMinutes(), "minute") : LogText.inWords(age);
    }
}
