package dev.pearlroutes.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with a configuration, reported as one message: settings that are missing first, then the rest in the order of the file. */
final class Problems {
    /** Line of what is missing; such problems come first. */
    static final int MISSING = 0;

    /** Line of what isn't in the file; such problems come last. */
    static final int NO_LINE = Integer.MAX_VALUE;

    private static final int MOST_SHOWN = 10;

    private record Problem(int line, String message) {}

    private final List<Problem> found = new ArrayList<>();

    /**
     * Takes a problem.
     *
     * @param line of the file, from 1; or {@link #MISSING}, or {@link #NO_LINE}
     * @param message without values; control characters of a key cannot break its line
     */
    void add(int line, String message) {
        found.add(new Problem(line, message.replaceAll("\\p{Cntrl}", "?")));
    }

    /** Throws ConfigurationException when there are any: one is a message of one line, of several each has a line. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigurationException(found.size() == 1 ? found.get(0).message() : list());
        }
    }

    private String list() {
        String shown = found.stream()
                .limit(MOST_SHOWN)
                .map(problem -> "\n  " + problem.message())
                .collect(Collectors.joining());
        int more = found.size() - MOST_SHOWN;
        return found.size() + " settings are wrong:" + shown + (more > 0 ? "\n  and " + more + " more" : "");
    }
}
