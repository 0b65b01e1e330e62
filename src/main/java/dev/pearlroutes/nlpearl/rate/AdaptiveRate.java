package dev.pearlroutes.nlpearl.rate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds the API's own limit below the configured ceiling. The vendor documents no limit [?], so it is learned from the 429s, one lesson
 * an episode of them. The first ends a slow start as TCP's (RFC 5681), and a slow growth leads to the next. If both show a
 * {@link TokenBucketEstimate} its limit is known; the rate keeps just below it and goes beyond seldom, the seldomer the longer a pause is.
 * Otherwise, as with windows, the limit lies between what was taken from the last episode to this one (each found the API with nothing
 * left to give) and the rate that was refused: from the lower part of that range a cubic curve leads back to the refused rate and beyond.
 */
public final class AdaptiveRate {
    /** Requests a second at the beginning, and by how much each one that is taken raises that. */
    private static final double START = 250;

    private static final double RISE = 4;

    /** Slow growth begins at this part of what was taken a second; at the other of what was refused if almost none was taken. */
    private static final double OF_TAKEN = 0.65;

    private static final double OF_REFUSED = 0.3;

    /** Seconds in which it doubles: the slower, the better the next 429 tells the limit. */
    private static final double SLOW = 5;

    /** The rate keeps so far below a known limit, in parts of it. */
    private static final double MARGIN = 0.005;

    /** It goes beyond after so many pauses; seconds in which it doubles then. */
    private static final double SELDOM = 100;

    private static final double BEYOND = 15;

    /** Seconds after which it goes beyond even if pauses are long: what was learned of a bad hour must not last for a day. */
    private static final double LONGEST = 600;

    /** Requests a second while not one is taken, and the seconds in which they double. */
    private static final double WHILE_REFUSED = 5;

    private static final double QUICKLY = 0.7;

    private static final double LOWEST = 0.5;
    private static final double HIGHEST = 10_000;

    /** How far into the range of the limit the cubic curve begins. */
    private static final double INTO_THE_RANGE = 0.3;

    /** Its way back to the refused rate, in times between the last two episodes: each episode makes the next one rarer. */
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

    /** Null until the first episode. */
    private RateCurve curve;
    /** The curve of the last episode before which anything was taken; null if there was none. */
    private RateCurve learned;
    /** Null without a slow start. */
    private TokenBucketEstimate bucket;

    /** Nanoseconds of sending so far, pauses included. */
    private long now;

    private Instant readAt;
    private Instant resumeAt = Instant.MIN;
    /** When the curve begins, in nanoseconds of sending. */
    private long resumed;

    private long lastEpisode;
    /** What was taken since then. */
    private AcceptedRequests span = new AcceptedRequests();

    /** @param ceiling requests a second at the most; 0 for no limit */
    public AdaptiveRate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.clock = clock;
        this.readAt = clock.instant();
    }

    /** Requests a second that are known to be possible at this moment; infinite when nothing is known to limit them. */
    public synchronized double perSecond() {
        return curve == null ? ceiling : allowed();
    }

    /** Requests a second that may go at this moment, the slow start included. */
    public synchronized double allowed() {
        read();
        return current();
    }

    /** How many requests the API takes at once after it was left alone; 0 while that is unknown. */
    public synchronized double savedUp() {
        return bucket == null ? 0 : bucket.savedUp();
    }

    /**
     * How many requests may go at once: half of what the API saves up, as long as the ceiling holds over a second, or the worth of
     * ten milliseconds while that is unknown, since more would be a burst where the API allows for none.
     */
    public synchronized double atOnce() {
        double few = current() / 100;
        return savedUp() == 0 ? few : Math.min(savedUp() / 2, Math.max(few, ceiling - current()));
    }

    /** A request was answered, and not by a 429. */
    public synchronized void answered() {
        read();
        span.taken(now);
    }

    /** An episode of 429s begins. @param pause until requests go on */
    public synchronized void limited(Duration pause) {
        read();
        span.end(now);
        curve = next(pause.toNanos() / SECOND);
        lastEpisode = now;
        span = new AcceptedRequests();
        resumeAt = clock.instant().plus(pause);
        resumed = now + pause.toNanos();
    }

    private RateCurve next(double pause) {
        double sent = Math.max(LOWEST, span.lately());
        double refused = sent < KEEPS_UP * current() ? sent : current();
        if (span.taken() == 0) {
            RateCurve careful = RateCurve.growing(Math.min(refused / 2, WHILE_REFUSED), QUICKLY);
            return learned == null ? careful : careful.atMost(learned);
        }
        double seconds = Math.max(0.05, (now - lastEpisode) / SECOND);
        double proven = Math.min(span.taken() / seconds, (1 - RateCurve.NARROWEST) * refused);
        learned = curve == null ? first(proven, refused) : further(proven, refused, seconds, pause);
        return learned;
    }

    private RateCurve first(double proven, double refused) {
        bucket = new TokenBucketEstimate(span);
        return RateCurve.growing(Math.max(OF_TAKEN * proven, OF_REFUSED * refused), SLOW);
    }

    private RateCurve further(double proven, double refused, double seconds, double pause) {
        double limit = bucket == null ? Double.NaN : bucket.limit(span, proven, current(), pause);
        if (!Double.isNaN(limit)) {
            return RateCurve.keeping((1 - MARGIN) * limit, Math.min(LONGEST, SELDOM * pause), BEYOND);
        }
        double wayBack = Math.max(SHORTEST_WAY_BACK, Math.min(LONGEST_WAY_BACK, WAY_BACK * seconds));
        return RateCurve.cubic(proven + INTO_THE_RANGE * (refused - proven), refused, wayBack);
    }

    private double current() {
        if (curve == null) {
            double rate = START + RISE * span.taken();
            return rate < HIGHEST ? Math.min(ceiling, rate) : ceiling;
        }
        double rate = curve.at(Math.max(0, now - resumed) / SECOND);
        return Math.min(ceiling, Math.max(LOWEST, Math.min(HIGHEST, rate)));
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
}
