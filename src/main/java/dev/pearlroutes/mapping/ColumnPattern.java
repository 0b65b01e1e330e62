package dev.pearlroutes.mapping;

import dev.pearlroutes.rows.CellText;
import java.util.Locale;

/**
 * A pattern of column names, in which {@code *} is any text. Case makes no difference; a space, {@code _} and {@code -} are the same
 * here but are not left out, so that {@code int_*} is not {@code interest}. Immutable.
 */
final class ColumnPattern {
    private final String source;
    private final String[] texts;

    private ColumnPattern(String source) {
        this.source = source;
        this.texts = plain(source).split("\\*", -1);
    }

    static ColumnPattern of(String source) {
        return new ColumnPattern(source);
    }

    /** Returns the pattern as the mapping file has it. */
    String source() {
        return source;
    }

    boolean matches(String column) {
        String name = plain(column);
        String first = texts[0];
        String last = texts[texts.length - 1];
        if (texts.length == 1) {
            return name.equals(first);
        }
        if (name.length() < first.length() + last.length() || !name.startsWith(first) || !name.endsWith(last)) {
            return false;
        }
        int from = first.length();
        int end = name.length() - last.length();
        for (int i = 1; i < texts.length - 1; i++) {
            int found = name.indexOf(texts[i], from);
            if (found < 0 || found + texts[i].length() > end) {
                return false;
            }
            from = found + texts[i].length();
        }
        return true;
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        CellText.clean(name)
                .codePoints()
                .map(c -> c == '-' || CellText.isBlank(c) ? '_' : c)
                .forEach(plain::appendCodePoint);
        return plain.toString().toLowerCase(Locale.ROOT);
    }
}
