package dev.pearlroutes.nlpearl.rate;

import java.util.ArrayList;
import java.util.List;

/** What was taken from one 429 to the next. */
final class AcceptedRequests {
    private static final double SECOND = 1e9;

    /** So many tell how fast it went, */
    private static final long FEW = 10;

    /** unless they came in less time, in nanoseconds: answers that were held up come together. */
    private static final double BUNCH = 0.02 * SECOND;

    /** How many requests had been taken before a moment. */
    private record Mark(long at, long taken) {
        double perSecondTo(Mark later) {
            return (later.taken - taken) * SECOND / Math.max(1, later.at - at);
        }
    }

    /** Only those from which on it went faster than before (a convex hull): no other can be where the API began to fall behind. */
    private final List<Mark> marks = new ArrayList<>();

    private Mark last = new Mark(0, 0);

    /** @param at nanoseconds, never less than before */
    void taken(long at) {
        Mark mark = new Mark(at, last.taken);
        while (marks.size() > 1 && !isFasterSince(marks.get(marks.size() - 1), mark)) {
            marks.remove(marks.size() - 1);
        }
        marks.add(mark);
        last = new Mark(at, last.taken + 1);
    }

    private boolean isFasterSince(Mark mark, Mark now) {
        return marks.get(marks.size() - 2).perSecondTo(mark) < mark.perSecondTo(now);
    }

    /** @param at nanoseconds, when the 429 came */
    void end(long at) {
        last = new Mark(at, last.taken);
    }

    long taken() {
        return last.taken;
    }

    /** Requests a second in its last and fastest part, as long as that is no mere bunch; infinite when it was too short to tell. */
    double lately() {
        for (int i = marks.size() - 1; i >= 0; i--) {
            Mark mark = marks.get(i);
            if (last.taken - mark.taken >= FEW && last.at - mark.at >= BUNCH || last.at - mark.at >= SECOND) {
                return mark.perSecondTo(last);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** How many an API must have saved up that took all this and gives so many a second: the most by which it fell behind. */
    double burst(double perSecond) {
        double most = 0;
        for (Mark mark : marks) {
            most = Math.max(most, last.taken - mark.taken - perSecond * (last.at - mark.at) / SECOND);
        }
        return most;
    }
}
