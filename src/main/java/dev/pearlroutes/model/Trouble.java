package dev.pearlroutes.model;

/**
 * Something about the program that a person has to know.
 *
 * @param kind one of the words in the schema of ops events, such as {@code circuit}
 * @param outbound that it is about; null for all
 * @param subject what it is about there: a sink, a file; null for nothing
 * @param text what is wrong and how to fix it, without personal data; it may change while the trouble is the same
 */
public record Trouble(String kind, String outbound, String subject, String text) {
    /** Answers with what tells it from all others, whatever its text. */
    public String key() {
        return kind + "/" + (outbound == null ? "" : outbound) + "/" + (subject == null ? "" : subject);
    }
}
