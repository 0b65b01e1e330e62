package dev.pearlroutes.nlpearl;

import java.util.Locale;

/** A read that the API refuses as it is: the same request would be refused again. An unknown id is refused too [S]. */
public final class ReadRefusedException extends ReadFailedException {
    private static final long serialVersionUID = 1L;

    private final String words;

    /**
     * @param words fields and messages of the answer; they may quote what was sent, so the exception's message has none
     * @param answer as for {@link ReadFailedException}
     */
    ReadRefusedException(int status, String words, Answer answer) {
        super("the API answered " + status, answer);
        this.words = words.toLowerCase(Locale.ROOT);
    }

    /** Whether the API's words contain this one, in any case. */
    public boolean speaksOf(String word) {
        return words.contains(word.toLowerCase(Locale.ROOT));
    }
}
