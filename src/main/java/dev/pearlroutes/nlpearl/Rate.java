package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds the API's own limit below the configured ceiling. The vendor documents no limit [?], so it is learned from the 429s. The API is
 * taken for a token bucket (ITU-T I.371): what it takes until it refuses is what it had saved up and what it gave meanwhile, so two spans
 * of different speed tell both. The first is a slow start as TCP's (RFC 5681), the next a slow growth about what that one told. Then the
 * rate keeps just below the limit and goes beyond seldom, the seldomer the longer a pause is. Where no bucket explains what was taken, as
 * with windows, the limit lies between that and what was refused, and a {@link Course} as CUBIC's leads from the one to the other.
 */
public final class Rate {
    /** Requests a second at the beginning, and by how much each one that is taken raises that. */
    private static final double START = 100;

    private static final double RISE = 4;

    /** The same after a pause in which the API has not even gained one. */
    private static final double WHILE_REFUSED = 5;

    private static final double CAREFUL_RISE = 0.7;

    private static final double LOWEST = 0.5;

    /** The rate keeps so far below the limit, in parts of it; twice as far each time that this was not enough. */
    private static final double MARGIN = 0.004;

    private static final double MOST_MARGIN = 0.05;

    /** A limit farther below the rate that was refused than this part of it is not likely: the rate grows slowly. */
    private static final double LIKELY = 0.75;

    /** An API that gives a little all the time, as a bucket does, would have taken one of so many stragglers. */
    private static final int ENOUGH = 8;

    /** A slow start that comes so far has found no limit. */
    private static final double HIGHEST = 10_000;

    /** The least by which a limit lies below the rate that was refused. */
    private static final double NARROWEST = 0.02;

    /** What was sent is counted over so many seconds, in a slow start and later. */
    private static final double LATELY = 0.1;

    private static final double STEADILY = 1;
    private static final double KEEPS_UP = 0.8;

    /** A longer time without an answer is no sending: in it the rate proves nothing, and does not grow. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final double SECOND = 1e9;

    private final double ceiling;
    private final Clock clock;

    /** Nanoseconds of sending so far, pauses included. */
    private long now;

    private Instant readAt;
    private Instant resumeAt = Instant.MIN;
    /** When the pause ends, in nanoseconds of sending. */
    private long resumed;

    private long lastEpisode;
    private long taken;
    private Span span = new Span();
    /** What was taken in the slow start; null when that goes on. */
    private Span slowStart;

    private double start = START;
    private double rise = RISE;
    private double margin = MARGIN;
    /** Whether the API gives a little all the time. */
    private boolean bucket = true;
    /** What the API saves up; not a number while unknown. */
    private double savedUp = Double.NaN;

    /** Null until the first episode. */
    private Course course;

    /** The rate when the last episode began, and the part of it that the client kept up with. */
    private double offered;

    private double refusedRate;
    /** What windows surely give after a slow start. */
    private double atLeast;
    /** Requests that were on their way when an episode began. */
    private int stragglers;

    private int stragglersTaken;

    /** @param ceiling requests a second at the most; 0 for no limit */
    public Rate(int ceiling, Clock clock) {
        this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
        this.clock = clock;
        this.readAt = clock.instant();
    }

    /** Requests a second that are known to be possible at this moment; infinite when nothing is known to limit them. */
    public synchronized double perSecond() {
        return course == null ? ceiling : allowed();
    }

    /** Requests a second that may go at this moment, the careful beginning included. */
    synchronized double allowed() {
        read();
        return current();
    }

    /** How many requests the API takes at once after it was left alone; 0 while that is unknown. */
    synchronized double savedUp() {
        return !bucket || Double.isNaN(savedUp) ? 0 : savedUp;
    }

    /** A request was answered, and not by a 429. */
    synchronized void answered() {
        read();
        taken++;
        if (now < resumed) {
            straggler(true);
        } else {
            span.taken(now);
        }
    }

    /** A request was answered by a 429; an episode of them begins unless there is a pause already. @param pause what remains of it */
    synchronized void limited(Duration pause) {
        read();
        if (now < resumed) {
            straggler(false);
        } else {
            learn(pause.toNanos() / SECOND);
        }
        resumeAt = clock.instant().plus(pause);
        resumed = now + pause.toNanos();
    }

    private void learn(double pause) {
        span.end(now);
        offered = current();
        refusedRate = refused();
        stragglers = 0;
        stragglersTaken = 0;
        if (span.taken() == 0 && (taken == 0 || slowStart == null) && course != null) {
            slowStart = null;
            start = Math.min(refusedRate / 2, WHILE_REFUSED);
            rise = CAREFUL_RISE;
        } else {
            boolean begins = slowStart == null;
            if (begins) {
                slowStart = span;
                savedUp = Double.NaN;
            }
            course = begins && bucket ? afterSlowStart(pause) : learned(pause);
        }
        lastEpisode = now;
        taken = 0;
        span = new Span();
    }

    private Course afterSlowStart(double pause) {
        atLeast = Math.min(refusedRate, taken / (span.seconds() + pause));
        return Course.first(Math.max(atLeast, refusedRate / 2), pause);
    }

    /** A client that sends much less than it may is slower than its rate, and was not refused at that. */
    private double refused() {
        double sent = Math.max(LOWEST, span.perSecond(slowStart == null ? LATELY : STEADILY));
        return slowStart != null && sent > KEEPS_UP * offered ? offered : Math.min(Math.min(HIGHEST, offered), sent);
    }

    /**
     * Where to go on: the limit lies between what was surely given since the last episode, at the end of which nothing was left, and what
     * was refused. Where no bucket explains both, somewhere between them.
     */
    private Course learned(double pause) {
        double seconds = (now - lastEpisode) / SECOND;
        double low = Math.min(taken / seconds, (1 - NARROWEST) * refusedRate);
        boolean explained = bucket && saysMore(low);
        if (!Double.isNaN(savedUp) && course.isOver(sinceResumed())) {
            low = Math.max(low, kept());
        }
        double limit = low;
        for (double step = (refusedRate - low) / 2; step > LOWEST / 100; step /= 2) {
            limit += saysMore(limit + step) ? step : 0;
        }
        if (Double.isNaN(savedUp)) {
            savedUp = Math.max(1, slowStart.burst(limit));
        } else if (!course.isOver(sinceResumed()) && limit > (1 - MOST_MARGIN) * course.limit()) {
            margin = Math.min(MOST_MARGIN, 2 * margin);
        }
        return explained && limit > LIKELY * refusedRate
                ? Course.below(limit, margin, pause)
                : Course.between(
                        bucket ? limit : low,
                        refusedRate,
                        seconds,
                        bucket ? Course.DOUBLING : Double.POSITIVE_INFINITY);
    }

    /** A rate kept all the time is below the limit, so no more was saved up than that leaves to explain. @return that rate */
    private double kept() {
        margin = Math.max(MARGIN, margin / 2);
        double kept = Math.min(course.kept(), (1 - NARROWEST) * refusedRate);
        savedUp = Math.min(savedUp, Math.max(1, span.burst(kept)));
        return kept;
    }

    /** Whether more must have been saved up than was, so that the API gives more than so many a second. */
    private boolean saysMore(double perSecond) {
        return span.burst(perSecond) > (Double.isNaN(savedUp) ? slowStart.burst(perSecond) : savedUp);
    }

    /**
     * With nothing left to give, a bucket takes of what is sent the part that its limit is of the rate: all that a slow start tells. A
     * window takes none, but begins anew about when the pause is over.
     */
    private void straggler(boolean wasTaken) {
        stragglers++;
        stragglersTaken += wasTaken ? 1 : 0;
        if (slowStart != null && Double.isNaN(savedUp)) {
            bucket = stragglers < ENOUGH ? bucket : stragglersTaken > 0;
            double sent = Math.min(offered, Math.max(refusedRate, stragglers * SECOND / (now - lastEpisode + 1)));
            // By Laplace's rule of succession, so that few of them tell little.
            course = course.to(Math.max(atLeast, sent * (stragglersTaken + 1) / (stragglers + 2)));
        }
    }

    private double current() {
        if (slowStart == null) {
            double rate = start + rise * span.taken();
            return rate < HIGHEST ? Math.min(ceiling, rate) : ceiling;
        }
        return Math.min(ceiling, Math.max(LOWEST, Math.min(HIGHEST, course.at(sinceResumed()))));
    }

    private double sinceResumed() {
        return Math.max(0, now - resumed) / SECOND;
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
