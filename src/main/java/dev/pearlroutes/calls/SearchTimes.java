package dev.pearlroutes.calls;

import dev.pearlroutes.config.Outbound;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * When the calls of each outbound are read. Outbounds that have the same cron of the kind {@code 0 0/5 * * * ?}, which the default is, are
 * spread over its period: each has a time of its own, which its name gives. Any other cron, and that of one outbound alone, is kept.
 */
public final class SearchTimes {
    private static final int MINUTES = 60;
    private static final int SECONDS = 60;
    private static final Pattern EVERY_FEW_MINUTES = Pattern.compile("0 (?:0|\\*)/([1-9]\\d?) \\* \\* \\* \\?");

    private SearchTimes() {}

    /** Answers with the Quartz cron of each outbound, by name. */
    public static Map<String, String> of(List<Outbound> outbounds) {
        Map<String, Long> same = outbounds.stream()
                .map(SearchTimes::configured)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Map<String, String> crons = new HashMap<>();
        for (Outbound outbound : outbounds) {
            String cron = configured(outbound);
            crons.put(outbound.name(), same.get(cron) > 1 ? spread(outbound.name(), cron) : cron);
        }
        return crons;
    }

    private static String configured(Outbound outbound) {
        return outbound.searchCalls().cron();
    }

    private static String spread(String outbound, String cron) {
        Matcher every = EVERY_FEW_MINUTES.matcher(cron);
        int minutes = every.matches() ? Integer.parseInt(every.group(1)) : 0;
        // Where it divides no hour its runs are not evenly apart, and a later begin would leave one out.
        if (minutes == 0 || MINUTES % minutes != 0) {
            return cron;
        }
        CRC32 hash = new CRC32();
        hash.update(outbound.getBytes(StandardCharsets.UTF_8));
        long offset = hash.getValue() % (minutes * SECONDS);
        return "%d %d/%d * * * ?".formatted(offset % SECONDS, offset / SECONDS, minutes);
    }
}
