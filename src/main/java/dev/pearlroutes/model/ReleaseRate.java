package dev.pearlroutes.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rate at which the leads of an outbound's files are released, in waves.
 *
 * @param leads of a wave, at least 1
 * @param period from the beginning of one wave to that of the next: an hour or a day
 */
public record ReleaseRate(int leads, Duration period) {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,7})\\s*/\\s*(hour|day)");

    /** Parses a rate such as {@code 100/hour}. @throws IllegalArgumentException whose message says how to write it */
    public static ReleaseRate of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write how many leads an hour or a day, such as 100/hour or 500/day");
        }
        return new ReleaseRate(
                Integer.parseInt(matcher.group(1)),
                matcher.group(2).equals("hour") ? Duration.ofHours(1) : Duration.ofDays(1));
    }

    /** Returns the most leads that it releases within a day. */
    public long mostADay() {
        return leads * (Duration.ofDays(1).toSeconds() / period.toSeconds());
    }

    /** Returns how long the last of a number of leads waits for its wave when the first wave begins now. */
    public Duration waitOf(long last) {
        return last == 0 ? Duration.ZERO : period.multipliedBy((last - 1) / leads);
    }

    @Override
    public String toString() {
        return leads + (period.toHours() == 1 ? "/hour" : "/day");
    }
}
