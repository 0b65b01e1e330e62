package dev.pearlroutes.calls;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How much the event of a final call has told: numbers by which a richer body is known without keeping what it said. */
record ToldAmount(List<Integer> counts) {

    /**
     * @param certainty of the match
     * @param summary 1 when there is one, as for the recording
     * @param transcript lines
     * @param collected values
     */
    ToldAmount(int certainty, int summary, int recording, int transcript, int collected) {
        this(List.of(certainty, summary, recording, transcript, collected));
    }

    /** @param text as {@link #toString} has made it; null gives null */
    static ToldAmount ofText(String text) {
        return text == null
                ? null
                : new ToldAmount(
                        Stream.of(text.split(",")).map(Integer::valueOf).toList());
    }

    /** Tells whether there is more of anything here. */
    boolean hasMoreThan(ToldAmount other) {
        return IntStream.range(0, counts.size()).anyMatch(i -> counts.get(i) > other.counts.get(i));
    }

    /** Tells whether there is less of something here, and more of nothing. */
    boolean isPoorerThan(ToldAmount other) {
        return other.hasMoreThan(this) && !hasMoreThan(other);
    }

    @Override
    public String toString() {
        return counts.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
