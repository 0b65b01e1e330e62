package dev.pearlroutes.calls;

import dev.pearlroutes.model.LeadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The row that a call belongs to.
 *
 * @param match {@code exact}, {@code phone}, {@code ambiguous} or {@code none}
 * @param row null when ambiguous or none
 */
record LeadMatch(String match, LeadRef row) {
    /** Most that the API's clock and this one may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final List<String> CERTAINTY = List.of("none", "ambiguous", "phone", "exact");

    static LeadMatch none() {
        return new LeadMatch("none", null);
    }

    static LeadMatch exact(LeadRef row) {
        return new LeadMatch("exact", row);
    }

    boolean isExact() {
        return "exact".equals(match);
    }

    /** Ranks the matches: the surer, the higher. */
    int certainty() {
        return CERTAINTY.indexOf(match);
    }

    /**
     * Judges by the number alone. A lead that was not there yet when the call began cannot have caused it.
     *
     * @param startedAt of the call; null when unknown
     */
    static LeadMatch byNumber(List<LeadRef> candidates, Instant startedAt) {
        List<LeadRef> possible = candidates.stream()
                .filter(row -> startedAt == null || !row.takenAt().isAfter(startedAt.plus(CLOCKS_DIFFER)))
                .toList();
        return switch (possible.size()) {
            case 0 -> none();
            case 1 -> new LeadMatch("phone", possible.get(0));
            default -> new LeadMatch("ambiguous", null);
        };
    }
}
