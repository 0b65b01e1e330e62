package dev.pearlroutes.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an outbound's lead files are released: in waves.
 *
 * @param leads of a wave, at least 1
 * @param period from the beginning of one wave to that of the next: an hour or a day
 */
public record ReleaseRate(int leads, Duration period) {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,7})\\s*/\\s*(hour|day)");

    /** @throws IllegalArgumentException that says how it is written */
    public static ReleaseRate of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write how many leads an hour or a day, such as 100/hour or 500/day");
        }
        return new ReleaseRate(
                Integer.parseInt(matcher.group(1)),
                matcher.group(2).equals("hour") ? Duration.ofHours(1) : Duration.ofDays(1));
    }

    /** How many leads it releases within a day at the most. */
    public long mostADay() {
        return leads * (Duration.ofDays(1).toSeconds() / period.toSeconds());
    }

    /** How long the last of so many leads waits for its wave, when the first one begins now. */
    public Duration waitOf(long last) {
        return last == 0 ? Duration.ZERO : period.multipliedBy((last - 1) / leads);
    }

    @Override
    public String toString() {
        return leads + (period.toHours() == 1 ? "/hour" : "/day");
    }
}
