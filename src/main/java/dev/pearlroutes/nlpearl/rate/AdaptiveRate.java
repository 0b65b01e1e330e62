package dev.pearlroutes.nlpearl.rate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The rate of requests that adapts to the API's own limit, below the configured ceiling. The vendor documents no limit [?], so it
 * is learned from the 429s, one lesson an episode of them. The first episode ends a slow start like TCP's (RFC 5681), and a slow
 * growth leads to the second. If both fit a {@link TokenBucketEstimate} the limit is known: the rate stays just below it and probes
 * above it, the more rarely the longer a pause is. Otherwise, as with windows, the limit lies between what was accepted from the
 * last episode to this one (after each the API had nothing left to give) and the refused rate: a cubic curve leads from the
 * lower part of that range to the refused rate and above.
 */
public final class AdaptiveRate {
    /** Rate of the slow start, in requests a second. */
    private static final double START_RATE = 250;

    /** Requests a second by which each accepted request raises the rate of the slow start. */
    private static final double START_GROWTH = 4;

    /** Start of the slow growth, as a part of the accepted rate. */
    private static final double GROW_FROM_ACCEPTED = 0.65;

    /** Start of the slow growth where almost nothing was accepted, as a part of the refused rate. */
    private static final double GROW_FROM_REFUSED = 0.3;

    /** Seconds in which the slow growth doubles the rate: the slower it is, the more exactly the next 429 shows the limit. */
    private static final double SLOW_DOUBLING = 5;

    /** Distance that the rate keeps below a known limit, as a part of it. */
    private static final double MARGIN = 0.005;

    /** Time after which the rate probes above the known limit, in lengths of the last pause. */
    private static final double PROBE_EVERY = 100;

    /** Longest time after which it probes, in seconds: what was learned in a bad hour must not last for a day. */
    private static final double MAX_PROBE_INTERVAL = 600;

    /** Seconds in which a probe doubles the rate. */
    private static final double PROBE_DOUBLING = 15;

    /** Rate while the API accepts nothing, in requests a second. */
    private static final double RATE_WHILE_REFUSED = 5;

    /** Seconds in which that rate doubles. */
    private static final double QUICK_DOUBLING = 0.7;

    /** Lowest rate, in requests a second. */
    private static final double MIN_RATE = 0.5;

    /** Rate from which on there is no limit but the ceiling, in requests a second. */
    private static final double MAX_RATE = 10_000;

    /** Start of the cubic curve, as a part of the range in which the limit lies. */
    private static final double START_IN_RANGE = 0.3;

    /** Time in which the cubic curve reaches the refused rate, in times between the last two episodes: each makes the next rarer. */
    private static final double WAY_BACK = 4;

    /** Bounds of that time, in seconds. */
    private static final double MIN_WAY_BACK = 2;

    private static final double MAX_WAY_BACK = 45;

    /** Longest time between two answers that counts as sending: in a longer one the rate proves nothing and does not grow. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Part of its rate that a client has to send to be refused at that rate; a slower one was refused at what it sent. */
    private static final double KEEPS_UP = 0.4;

    /** Shortest time between two episodes, in seconds. */
    private static final double MIN_SPAN = 0.05;

    private static final double SECOND = 1e9;

    private final double ceiling;
    private final Clock clock;

    /** Null until the first episode. */
    private RateCurve curve;
    /** The curve of the last episode before which a request was accepted; null if there was none. */
    private RateCurve learned;
    /** Null during the slow start. */
    private TokenBucketEstimate bucket;

    /** Nanoseconds of sending, pauses included. */
    private long now;

    private Instant readAt;
    private Instant resumeAt = Instant.MIN;
    /** Nanoseconds of sending at which the curve begins. */
    private long curveStart;

    private long lastEpisode;
    /** Requests accepted since the last episode. */
    private AcceptedRequests span = new AcceptedRequests();

    /** @param ceiling requests a second at the most; 0 for no limit */
    public AdaptiveRate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.clock = clock;
        this.readAt = clock.instant();
    }

    /** Requests a second that are known to be possible now; infinite when no limit is known. */
    public synchronized double perSecond() {
        return curve == null ? ceiling : allowed();
    }

    /** Requests a second that may go now, in the slow start too. */
    public synchronized double allowed() {
        readClock();
        return current();
    }

    /** As {@link #perSecond}, as it was when an answer came last: to look at it changes nothing, however often one looks. */
    public synchronized double lastPerSecond() {
        return curve == null ? ceiling : current();
    }

    /** As {@link #allowed}, as it was when an answer came last: to look at it changes nothing, however often one looks. */
    public synchronized double lastAllowed() {
        return current();
    }

    /** How many requests the API accepts at once after a pause; 0 while that is unknown. */
    public synchronized double apiBurst() {
        return bucket == null ? 0 : bucket.burst();
    }

    /**
     * How many requests may go at once: half of the API's burst, within the ceiling over a second. While the API's burst is unknown
     * it is the worth of ten milliseconds, since the API may allow for no burst.
     */
    public synchronized double burst() {
        double few = current() / 100;
        return apiBurst() == 0 ? few : Math.min(apiBurst() / 2, Math.max(few, ceiling - current()));
    }

    /** Takes in an answer other than a 429. */
    public synchronized void onAnswer() {
        readClock();
        span.add(now);
    }

    /** Takes in the first 429 of an episode. @param pause until requests resume */
    public synchronized void onRateLimited(Duration pause) {
        readClock();
        span.end(now);
        curve = next(pause.toNanos() / SECOND);
        lastEpisode = now;
        span = new AcceptedRequests();
        resumeAt = clock.instant().plus(pause);
        curveStart = now + pause.toNanos();
    }

    private RateCurve next(double pause) {
        double sent = Math.max(MIN_RATE, span.recentRate());
        double refused = sent < KEEPS_UP * current() ? sent : current();
        if (span.count() == 0) {
            RateCurve careful = RateCurve.growing(Math.min(refused / 2, RATE_WHILE_REFUSED), QUICK_DOUBLING);
            return learned == null ? careful : careful.atMost(learned);
        }
        double seconds = Math.max(MIN_SPAN, (now - lastEpisode) / SECOND);
        double accepted = Math.min(span.count() / seconds, (1 - RateCurve.MIN_RANGE) * refused);
        learned = curve == null ? first(accepted, refused) : further(accepted, refused, seconds, pause);
        return learned;
    }

    private RateCurve first(double accepted, double refused) {
        bucket = new TokenBucketEstimate(span);
        return RateCurve.growing(Math.max(GROW_FROM_ACCEPTED * accepted, GROW_FROM_REFUSED * refused), SLOW_DOUBLING);
    }

    private RateCurve further(double accepted, double refused, double seconds, double pause) {
        double limit = bucket == null ? Double.NaN : bucket.limit(span, accepted, current(), pause);
        if (!Double.isNaN(limit)) {
            double keep = Math.min(MAX_PROBE_INTERVAL, PROBE_EVERY * pause);
            return RateCurve.keeping((1 - MARGIN) * limit, keep, PROBE_DOUBLING);
        }
        double wayBack = Math.max(MIN_WAY_BACK, Math.min(MAX_WAY_BACK, WAY_BACK * seconds));
        return RateCurve.cubic(accepted + START_IN_RANGE * (refused - accepted), refused, wayBack);
    }

    private double current() {
        if (curve == null) {
            double rate = START_RATE + START_GROWTH * span.count();
            return rate < MAX_RATE ? Math.min(ceiling, rate) : ceiling;
        }
        double rate = curve.at(Math.max(0, now - curveStart) / SECOND);
        return Math.min(ceiling, Math.max(MIN_RATE, Math.min(MAX_RATE, rate)));
    }

    /** Advances the time of sending: it passes while requests are answered, and over the pauses between them. */
    private void readClock() {
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
