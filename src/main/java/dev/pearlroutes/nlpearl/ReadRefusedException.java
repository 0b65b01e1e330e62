package dev.pearlroutes.nlpearl;

import java.util.Locale;

/** The API refuses a read as it is: asked again alike it would be refused again. An unknown id is refused too [S]. */
public final class ReadRefusedException extends ReadFailedException {
    private static final long serialVersionUID = 1L;

    private final String words;

    /** @param words fields and messages of the answer; they may quote what was sent, so they are not in the message @param answer as for {@link ReadFailedException} */
    ReadRefusedException(int status, String words, Answer answer) {
        super("the API answered " + status, answer);
        this.words = words.toLowerCase(Locale.ROOT);
    }

    /** Whether the API's words speak of this, whatever the case. */
    public boolean speaksOf(String word) {
        return words.contains(word.toLowerCase(Locale.ROOT));
    }
}
