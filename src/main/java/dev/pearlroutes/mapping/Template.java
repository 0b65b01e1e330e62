package dev.pearlroutes.mapping;

import dev.pearlroutes.rows.CellText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A text with the cells of columns in it, as a mapping file has it: {@code {First} {Last|there}}. A text without a column is a
 * constant. It is taken apart once; filling it searches nothing. Immutable.
 */
final class Template {
    private final String source;
    private final List<Part> parts;
    private final List<String> columns;
    private final List<String> columnsWithoutDefault;

    /**
     * @param column as the mapping file writes it; null for text that stands between columns
     * @param slot of the column among the cells that templates name; -1 for text
     * @param text that stands there, or that takes the place of an empty cell; null when nothing does
     */
    private record Part(String column, int slot, String text) {
        boolean isColumn() {
            return column != null;
        }
    }

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
        this.columns = parts.stream().filter(Part::isColumn).map(Part::column).toList();
        this.columnsWithoutDefault = parts.stream()
                .filter(part -> part.isColumn() && part.text() == null)
                .map(Part::column)
                .toList();
    }

    /** Says where a template is wrong; the message continues a line's number. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    /**
     * Takes a template apart.
     *
     * @param slots of a column's name
     * @throws SyntaxException when a brace stands alone or a column has no name
     */
    static Template parse(String source, ToIntFunction<String> slots) throws SyntaxException {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            boolean doubled = i + 1 < source.length() && source.charAt(i + 1) == c;
            if (c == '{' && !doubled) {
                addText(parts, text);
                int end = source.indexOf('}', i);
                if (end < 0) {
                    throw new SyntaxException("a { has no }: write {{ for a brace that is text");
                }
                parts.add(column(source.substring(i + 1, end), slots));
                i = end;
            } else if (c == '}' && !doubled) {
                throw new SyntaxException("a } has no {: write }} for a brace that is text");
            } else {
                text.append(c);
                i += c == '{' || c == '}' ? 1 : 0;
            }
        }
        addText(parts, text);
        return new Template(source, parts);
    }

    private static void addText(List<Part> parts, StringBuilder text) {
        if (!text.isEmpty()) {
            parts.add(new Part(null, -1, text.toString()));
            text.setLength(0);
        }
    }

    /** @param inner between the braces: a name, and behind a bar what takes the place of an empty cell; a doubled bar is one of the name */
    private static Part column(String inner, ToIntFunction<String> slots) throws SyntaxException {
        StringBuilder name = new StringBuilder();
        int i = 0;
        for (; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '{') {
                throw new SyntaxException("a { stands within {…}: a } is missing before it");
            }
            if (c == '|') {
                if (i + 1 == inner.length() || inner.charAt(i + 1) != '|') {
                    break;
                }
                i++;
            }
            name.append(c);
        }
        String column = CellText.clean(name.toString());
        if (column.isEmpty()) {
            throw new SyntaxException("{…} must name a column");
        }
        String instead = i < inner.length() ? inner.substring(i + 1) : "";
        return new Part(column, slots.applyAsInt(column), instead.isBlank() ? null : instead);
    }

    /** Returns the template as the mapping file has it, without quotes around it. */
    String source() {
        return source;
    }

    /** Lists the columns in it, each as often as it is there; empty for a constant. */
    List<String> columns() {
        return columns;
    }

    /** Lists the columns in it that have no default. */
    List<String> columnsWithoutDefault() {
        return columnsWithoutDefault;
    }

    boolean isConstant() {
        return columns.isEmpty();
    }

    boolean hasDefault() {
        return columnsWithoutDefault.size() < columns.size();
    }

    /** Tells whether it has no value unless a cell gives it one. */
    boolean needsACell() {
        return !columnsWithoutDefault.isEmpty();
    }

    /** Tells whether one of its columns has a cell. @param cells by slot; null where empty */
    boolean hasACell(Object[] cells) {
        for (Part part : parts) {
            if (part.isColumn() && cells[part.slot()] != null) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether each of its columns has a cell. */
    boolean hasAllCells(Object[] cells) {
        for (Part part : parts) {
            if (part.isColumn() && cells[part.slot()] == null) {
                return false;
            }
        }
        return true;
    }

    /** Finds the first column that is empty and has no default; null when each has something. */
    String firstEmpty(Object[] cells) {
        for (Part part : parts) {
            if (part.isColumn() && part.text() == null && cells[part.slot()] == null) {
                return part.column();
            }
        }
        return null;
    }

    /** Tells whether one of its columns has an object or a list of JSON. */
    boolean hasNested(Object[] cells) {
        for (Part part : parts) {
            if (part.isColumn() && (cells[part.slot()] instanceof Map || cells[part.slot()] instanceof List)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fills the template.
     *
     * @param cells by slot: trimmed texts, Numbers or Booleans; null where empty
     * @return the cell as it is where the template is a column alone, else text; blanks beside an empty column are one blank
     */
    Object fill(Object[] cells) {
        if (parts.size() == 1 && parts.get(0).isColumn() && cells[parts.get(0).slot()] != null) {
            return cells[parts.get(0).slot()];
        }
        StringBuilder text = new StringBuilder();
        boolean gap = false;
        for (Part part : parts) {
            Object cell = part.isColumn() ? cells[part.slot()] : null;
            String more = cell != null ? CallDataValues.text(cell) : part.text();
            if (more == null) {
                gap = true;
                continue;
            }
            text.append(more, gap && endsBlank(text) ? firstNotBlank(more) : 0, more.length());
            gap = false;
        }
        return CellText.clean(text.toString());
    }

    private static boolean endsBlank(StringBuilder text) {
        return text.isEmpty() || CellText.isBlank(text.charAt(text.length() - 1));
    }

    private static int firstNotBlank(String text) {
        int start = 0;
        while (start < text.length() && CellText.isBlank(text.charAt(start))) {
            start++;
        }
        return start;
    }
}
