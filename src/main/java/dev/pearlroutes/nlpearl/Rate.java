package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds the API's own limit below the configured ceiling. The vendor documents no limit [?], so it is learned from the 429s, one
 * lesson an episode of them: the limit lies between what was taken from the last episode to this one (each found the API with
 * nothing left to give) and the rate that was refused. The rate goes on from the lower part of that range and returns to the
 * refused rate along a cubic curve, flat where the limit is likely, then ever faster, as CUBIC of TCP does (RFC 9438).
 */
public final class Rate {
    /** Tried at most after the first 429: what was taken so far may have been a burst that the API saves up. */
    private static final double FIRST_TRY = 25;

    /** Seconds after which what was taken is more than a burst. */
    private static final double LONGER_THAN_A_BURST = 5;

    /** Requests a second while not one is taken. */
    private static final double WHILE_REFUSED = 5;

    private static final double LOWEST = 0.5;
    private static final double HIGHEST = 10_000;

    /** How far into the range of the limit the rate goes on. */
    private static final double INTO_THE_RANGE = 0.3;

    /** The range is taken to be so wide at least, in parts of the refused rate: a limit may rise. */
    private static final double NARROWEST = 0.02;

    /** The way back to the refused rate, in times between the last two episodes: each episode makes the next one rarer. */
    private static final double WAY_BACK = 4;

    private static final double SHORTEST_WAY_BACK = 2;
    private static final double LONGEST_WAY_BACK = 45;

    /** A longer time without an answer is no sending: in it the rate proves nothing, and does not grow. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** A client that sends less than this part of what it may is slower than its rate, and was not refused at that. */
    private static final double KEEPS_UP = 0.4;

    private static final double SECOND = 1e9;

    private final double ceiling;
    private final Clock clock;
    private Curve curve;

    /** Nanoseconds of sending so far, pauses included. */
    private long now;

    private Instant readAt;
    private Instant resumeAt = Instant.MIN;
    /** When the curve begins, in nanoseconds of sending. */
    private long resumed;

    private long lastEpisode;
    private long taken;
    private Mark older = new Mark(0, 0);
    private Mark newer = older;

    /** The rate over the seconds of sending since the last pause. */
    @FunctionalInterface
    private interface Curve {
        double at(double seconds);
    }

    /** How many requests had been taken at a moment. */
    private record Mark(long at, long taken) {}

    /** @param ceiling requests a second at the most; 0 for no limit */
    public Rate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.clock = clock;
        this.readAt = clock.instant();
    }

    /** Requests a second at this moment; infinite when nothing limits them. */
    public synchronized double perSecond() {
        read();
        return current();
    }

    /** A request was answered, and not by a 429. */
    synchronized void answered() {
        read();
        taken++;
        if (now - newer.at >= SECOND) {
            older = newer;
            newer = new Mark(now, taken);
        }
    }

    /** An episode of 429s begins. @param pause until requests go on */
    synchronized void limited(Duration pause) {
        read();
        double sent = sent();
        double refused = sent < KEEPS_UP * current() ? sent : current();
        double seconds = Math.max(0.05, (now - lastEpisode) / SECOND);
        double proven = Math.min(taken / seconds, (1 - NARROWEST) * refused);
        boolean first = curve == null;
        if (first && seconds < LONGER_THAN_A_BURST) {
            curve = slowStart(Math.max(WHILE_REFUSED, Math.min(refused / 2, FIRST_TRY)));
        } else if (taken == 0) {
            curve = slowStart(Math.min(refused / 2, WHILE_REFUSED));
        } else {
            curve = cubic(proven + INTO_THE_RANGE * (refused - proven), refused, WAY_BACK * seconds);
        }
        lastEpisode = now;
        taken = 0;
        resumeAt = clock.instant().plus(pause);
        resumed = now + pause.toNanos();
        older = new Mark(resumed, 0);
        newer = older;
    }

    private double current() {
        double rate = curve == null ? ceiling : curve.at(Math.max(0, now - resumed) / SECOND);
        return Math.min(ceiling, Math.max(LOWEST, curve == null ? rate : Math.min(HIGHEST, rate)));
    }

    /** Requests a second in the last second or two: a client may send less than it is allowed to. */
    private double sent() {
        double seconds = (now - older.at) / SECOND;
        return seconds < 0.2 ? Double.POSITIVE_INFINITY : Math.max(LOWEST, (taken - older.taken + 1) / seconds);
    }

    /** Time goes on while requests are answered, and over the pauses between them. */
    private void read() {
        Instant at = clock.instant();
        Duration most =
                resumeAt.isAfter(readAt) ? Duration.between(readAt, resumeAt).plus(IDLE) : IDLE;
        Duration passed = Duration.between(readAt, at);
        if (!passed.isNegative()) {
            now += (passed.compareTo(most) < 0 ? passed : most).toNanos();
        }
        readAt = at;
    }

    /** Doubles each second. */
    private static Curve slowStart(double from) {
        return seconds -> from * Math.pow(2, seconds);
    }

    private static Curve cubic(double from, double refused, double wayBack) {
        double range = Math.max(refused - from, NARROWEST * refused);
        double length = Math.max(SHORTEST_WAY_BACK, Math.min(LONGEST_WAY_BACK, wayBack));
        return seconds -> refused + range * Math.pow(seconds / length - 1, 3);
    }
}
