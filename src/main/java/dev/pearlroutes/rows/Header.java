package dev.pearlroutes.rows;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of columns, and the values below them: alike for CSV and workbooks. */
final class Header {
    private Header() {}

    /**
     * Reads the names of the columns, with blank ones.
     *
     * @throws UnreadableSourceException when a name holds a character that is none of a name, or two are the same
     */
    static List<String> names(List<String> cells) {
        List<String> names = cells.stream().map(Header::name).toList();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            int unusable = CellText.unusable(name);
            if (unusable >= 0) {
                throw unusable(unusable, i);
            }
            if (!name.isEmpty() && !seen.add(name)) {
                String shown = names.stream().anyMatch(ColumnNames::looksLikeData) ? "'…'" : ColumnNames.shown(name);
                throw new UnreadableSourceException(
                        "has two columns named " + shown + " in its first line: rename one");
            }
        }
        return names;
    }

    /** Reads the name of a column. */
    static String name(String cell) {
        return CellText.clean(CellText.unwrapped(cell.strip()));
    }

    /** Makes the refusal of a header. @param index of the column, from 0 */
    static UnreadableSourceException unusable(int character, int index) {
        return new UnreadableSourceException("has the character " + CellText.shown(character)
                + " in the name of column " + (index + 1) + " in its first line: take it out");
    }

    /** Returns the values of a row by the names that are not blank. @param columns as many as there are cells */
    static Map<String, Object> values(List<String> columns, List<String> cells) {
        Map<String, Object> values = new LinkedHashMap<>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).isEmpty()) {
                values.put(columns.get(i), CellText.unwrapped(cells.get(i)));
            }
        }
        return values;
    }
}
