package dev.pearlroutes.nlpearl.rate;

import java.util.ArrayList;
import java.util.List;

/** The requests that the API accepted from one 429 to the next. */
final class AcceptedRequests {
    private static final double SECOND = 1e9;

    /** Fewest accepted requests from which a rate is computed. */
    private static final long MIN_SAMPLES = 10;

    /** Shortest time of those, in nanoseconds: answers that were held up arrive together. */
    private static final double MIN_SAMPLE_TIME = 0.02 * SECOND;

    /** How many requests had been accepted before a moment. */
    private record Mark(long at, long accepted) {
        double perSecondTo(Mark later) {
            return (later.accepted - accepted) * SECOND / Math.max(1, later.at - at);
        }
    }

    /** Moments from which on the rate was higher than before (a convex hull): the API can have begun to fall behind at no other. */
    private final List<Mark> marks = new ArrayList<>();

    private Mark last = new Mark(0, 0);

    /** Adds a request. @param at nanoseconds, never less than before */
    void add(long at) {
        Mark mark = new Mark(at, last.accepted);
        while (marks.size() > 1 && !isFasterSince(marks.get(marks.size() - 1), mark)) {
            marks.remove(marks.size() - 1);
        }
        marks.add(mark);
        last = new Mark(at, last.accepted + 1);
    }

    private boolean isFasterSince(Mark mark, Mark now) {
        return marks.get(marks.size() - 2).perSecondTo(mark) < mark.perSecondTo(now);
    }

    /** Ends the span with a 429. @param at nanoseconds */
    void end(long at) {
        last = new Mark(at, last.accepted);
    }

    long count() {
        return last.accepted;
    }

    /** Requests a second in the last and fastest part with enough samples; infinite when there are too few. */
    double recentRate() {
        for (int i = marks.size() - 1; i >= 0; i--) {
            Mark mark = marks.get(i);
            boolean samples = last.accepted - mark.accepted >= MIN_SAMPLES && last.at - mark.at >= MIN_SAMPLE_TIME;
            if (samples || last.at - mark.at >= SECOND) {
                return mark.perSecondTo(last);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** The smallest burst of a token bucket of this rate that accepts all of them: the most by which they exceeded the rate. */
    double burstAbove(double perSecond) {
        double most = 0;
        for (Mark mark : marks) {
            most = Math.max(most, last.accepted - mark.accepted - perSecond * (last.at - mark.at) / SECOND);
        }
        return most;
    }
}
