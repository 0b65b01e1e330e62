package dev.pearlroutes.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that was probably meant. */
final class Nearest {
    private Nearest() {}

    /** The candidate with the fewest edits from the word, whatever the case; there must be one. */
    static String of(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    /** A {@code <name>} in the candidate counts as forgotten, not as so many edits. */
    static int distance(String word, String candidate) {
        String right = candidate.toLowerCase(Locale.ROOT).replaceFirst("<name>[._]", "");
        return LevenshteinDistance.getDefaultInstance().apply(word.toLowerCase(Locale.ROOT), right);
    }
}
