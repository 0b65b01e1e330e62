package dev.pearlroutes.ledger.tables;

import java.util.List;
import java.util.stream.IntStream;

/** The few words in which SQLite and PostgreSQL differ; every other statement is one text for both. */
public enum Dialect {
    SQLITE(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)",
            " AND external_id GLOB '*[^ -~]*'",
            sqliteCleanId()) {
        @Override
        String byIndex(String index) {
            return " INDEXED BY " + index;
        }

        @Override
        String stored(String text) {
            return text;
        }

        @Override
        String read(String text) {
            return text;
        }
    },
    POSTGRESQL(
            "SELECT coalesce((SELECT last_value FROM event_seq_seq WHERE is_called), 0)",
            " AND external_id ~ '[^ -~]'",
            "btrim(translate(external_id, '" + unseen() + "', ''))") {
        @Override
        String byIndex(String index) {
            return "";
        }

        @Override
        String stored(String text) {
            return text.indexOf(NUL) < 0 ? text : text.replace(NUL, FOR_NUL);
        }

        @Override
        String read(String text) {
            return text == null || text.indexOf(FOR_NUL) < 0 ? text : text.replace(FOR_NUL, NUL);
        }
    };

    /** PostgreSQL keeps no text with this character, which a careless export may have in an id. */
    private static final char NUL = '\0';

    /** What stands for it: a character that Unicode gives no meaning. */
    private static final char FOR_NUL = '\uFDD0';

    private final String newestEvent;
    private final String unclean;
    private final String cleanId;

    Dialect(String newestEvent, String unclean, String cleanId) {
        this.newestEvent = newestEvent;
        this.unclean = unclean;
        this.cleanId = cleanId;
    }

    /** The query for the number of the newest event ever recorded: the database keeps it, also when the event is deleted. */
    public String newestEvent() {
        return newestEvent;
    }

    /** A condition in the words of index lead_clean_id: an id may hold marks that nobody sees. */
    String unclean() {
        return unclean;
    }

    /** The clean form of an id, in the words of index lead_clean_id: without marks that nobody sees, and spaces at both ends. */
    String cleanId() {
        return cleanId;
    }

    /** Words behind the name of a table that have an index used; empty where the database has no such words. */
    abstract String byIndex(String index);

    /** The form in which a text is stored. */
    abstract String stored(String text);

    /** The text of what was stored; null for none. */
    abstract String read(String text);

    /** The call by which PostgreSQL keeps a key for a transaction. @param key an expression; text that names the key in its schema */
    public static String lock(String key) {
        return "pg_advisory_xact_lock(" + lockNumber(key) + ")";
    }

    /** The number by which PostgreSQL knows a lock: the same for all processes on the ledger, and another one in another schema. */
    public static String lockNumber(String key) {
        return "hashtextextended(current_schema() || '/' || " + key + ", 0)";
    }

    /** The format characters that ids may have. */
    private static String unseen() {
        IntStream characters = IntStream.of(0x00AD, 0x061C, 0x180E);
        for (IntStream range : List.of(
                IntStream.rangeClosed(0x200B, 0x200F),
                IntStream.rangeClosed(0x202A, 0x202E),
                IntStream.of(0x2060),
                IntStream.rangeClosed(0x2066, 0x2069),
                IntStream.of(0xFEFF))) {
            characters = IntStream.concat(characters, range);
        }
        return characters
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String sqliteCleanId() {
        String clean = "external_id";
        for (int character : unseen().codePoints().toArray()) {
            clean = "replace(" + clean + ", char(" + character + "), '')";
        }
        return "trim(" + clean + ")";
    }
}
