package dev.pearlroutes.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The name that was probably meant: the nearest of those that are known. */
public final class Nearest {
    private Nearest() {}

    /** Finds the candidate with the fewest edits from the word, in any case; there must be one. */
    public static String of(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    /** Counts the edits between two words; a {@code <name>} in the candidate counts as left out, not as its letters. */
    static int distance(String word, String candidate) {
        String right = candidate.toLowerCase(Locale.ROOT).replaceFirst("<name>[._]", "");
        return LevenshteinDistance.getDefaultInstance().apply(word.toLowerCase(Locale.ROOT), right);
    }
}
