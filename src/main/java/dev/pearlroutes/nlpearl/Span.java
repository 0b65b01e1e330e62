package dev.pearlroutes.nlpearl;

import java.util.ArrayList;
import java.util.List;

/** What was taken from the end of a pause to the next 429. */
final class Span {
    /** Marks lie so many nanoseconds apart at least, and this part of the span's age: few of them tell a long one as well. */
    private static final long CLOSEST = 10_000_000;

    private static final int PARTS = 100;
    private static final double SECOND = 1e9;

    /** How many requests had been taken before a moment. */
    private record Mark(long at, long taken) {}

    private final List<Mark> marks = new ArrayList<>();
    private long taken;
    private long end;

    /** @param at nanoseconds */
    void taken(long at) {
        Mark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
        if (last == null || at - last.at >= Math.max(CLOSEST, (at - marks.get(0).at) / PARTS)) {
            marks.add(new Mark(at, taken));
        }
        taken++;
        end = at;
    }

    /** @param at nanoseconds, when the 429 came */
    void end(long at) {
        end = at;
    }

    long taken() {
        return taken;
    }

    double seconds() {
        return marks.isEmpty() ? 0 : (end - marks.get(0).at) / SECOND;
    }

    /** Requests a second in the last so many seconds; infinite when the span is too short to tell. */
    double perSecond(double seconds) {
        for (int i = marks.size() - 1; i >= 0; i--) {
            Mark mark = marks.get(i);
            if (end - mark.at >= seconds * SECOND) {
                return (taken - mark.taken) / ((end - mark.at) / SECOND);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** How many an API must have saved up that took all this and gives so many a second: the most by which it fell behind. */
    double burst(double perSecond) {
        double most = 0;
        for (Mark mark : marks) {
            most = Math.max(most, taken - mark.taken - perSecond * (end - mark.at) / SECOND);
        }
        return most;
    }
}
