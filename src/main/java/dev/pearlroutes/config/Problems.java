package dev.pearlroutes.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with a configuration, told as one line: the first in the order of the file, and how many more there are. */
final class Problems {
    /** Line of what isn't in the file; such problems come last. */
    static final int NO_LINE = Integer.MAX_VALUE;

    private record Problem(int line, String message) {}

    private final List<Problem> found = new ArrayList<>();

    /** Takes a message without values; control characters of a key cannot break its line. */
    void add(int line, String message) {
        found.add(new Problem(line, message.replaceAll("\\p{Cntrl}", "?")));
    }

    /** Throws ConfigurationException when there are any. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(Problem::line));
            String more = found.size() == 1 ? "" : " (and " + (found.size() - 1) + " more)";
            throw new ConfigurationException(found.get(0).message() + more);
        }
    }
}
