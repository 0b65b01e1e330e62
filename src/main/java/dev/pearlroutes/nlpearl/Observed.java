package dev.pearlroutes.nlpearl;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the API took since it last refused, and the rate that this proves. A server that saves up a burst of b requests takes at
 * most b + limit × t in any time t, and limit × t from one refusal to the next: whatever is beyond a burst is the limit.
 */
final class Observed {
    private static final Duration BETWEEN_MARKS = Duration.ofMillis(20);
    private static final int MOST_MARKS = 3000;
    /** Fewer seconds beyond the burst, and one request more or less decides. */
    private static final double SHORTEST = 0.15;

    /** How many had been taken at a moment. */
    private record Mark(Instant at, long taken) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private Instant refusedAt;
    private long taken;
    private double burst;
    private double burstSeconds;
    private boolean corrected;

    /** A request was answered, and not refused. @param resumed false for one that was on its way when others were refused */
    void taken(Instant now, boolean resumed) {
        if (resumed && (marks.isEmpty() || !now.isBefore(marks.getLast().at().plus(BETWEEN_MARKS)))) {
            marks.addLast(new Mark(now, taken));
            if (marks.size() > MOST_MARKS) {
                marks.removeFirst();
            }
        }
        taken++;
    }

    /** Whether nothing was taken since the last refusal. */
    boolean nothing() {
        return taken == 0;
    }

    /** Requests a second that were taken from the first one to this moment, and the pause that follows counted in. */
    double average(Instant now, Duration pause) {
        return taken / (sinceFirst(now) + seconds(pause));
    }

    /** Seconds from the first answer after the last pause. */
    double sinceFirst(Instant now) {
        return marks.isEmpty() ? 0 : seconds(Duration.between(marks.getFirst().at(), now));
    }

    /** The largest rate that is proven up to this refusal; 0 when nothing is. */
    double proven(Instant now) {
        double proven = refusedAt == null ? 0 : taken / Math.max(0.001, seconds(Duration.between(refusedAt, now)));
        for (Mark mark : marks) {
            double beyond = seconds(Duration.between(mark.at(), now)) - burstSeconds;
            if (beyond < SHORTEST) {
                break;
            }
            proven = Math.max(proven, (taken - mark.taken() - burst - 1) / beyond);
        }
        return proven;
    }

    /** Takes the first refusal for the end of a burst. */
    void learnBurst(Instant now) {
        burst = taken;
        burstSeconds = sinceFirst(now);
    }

    /** What was taken above a rate that went well, when it is clearly less than the burst, corrects the burst: a server of fixed windows saves nothing up. */
    void boundBurst(Instant now, double wentWell) {
        if (!marks.isEmpty()) {
            double above = taken - marks.getFirst().taken() - wentWell * sinceFirst(now);
            if (above < 0.8 * burst) {
                burst = Math.max(0, above);
                burstSeconds = 0;
                corrected = true;
            }
        }
    }

    /** Whether the burst learned has explained every refusal so far. */
    boolean savesUp() {
        return !corrected;
    }

    /** Begins anew at a refusal. */
    void refused(Instant now) {
        refusedAt = now;
        taken = 0;
        marks.clear();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
