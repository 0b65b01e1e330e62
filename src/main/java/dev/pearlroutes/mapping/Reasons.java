package dev.pearlroutes.mapping;

import java.util.ArrayList;
import java.util.List;

/** Why a row is rejected: each reason once, in the order in which they are found. */
final class Reasons {
    /** What is listed; a row of JSON may be wrong in a thousand places. */
    static final int MOST = 10;

    /** After so many characters no further reason is listed. */
    static final int LONG = 1_000;

    // Most rows have none.
    private List<String> listed = List.of();
    private int characters;
    private int others;

    void add(String reason) {
        if (listed.contains(reason)) {
            return;
        }
        if (listed.size() == MOST || characters > LONG) {
            others++;
            return;
        }
        if (listed.isEmpty()) {
            listed = new ArrayList<>();
        }
        listed.add(reason);
        characters += reason.length();
    }

    boolean isEmpty() {
        return listed.isEmpty();
    }

    /** Writes the reasons with semicolons between them; null when there is none. */
    String text() {
        if (listed.isEmpty()) {
            return null;
        }
        return String.join("; ", listed) + (others == 0 ? "" : "; and " + others + " more");
    }
}
