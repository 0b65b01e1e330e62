package dev.pearlroutes.mapping;

import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import java.util.Set;

/**
 * A field that the mapping makes of several columns, or that is the same for each lead.
 *
 * @param line of the mapping file, from 1
 */
record ComposedField(Mapping.Target target, Template template, int line) {

    /**
     * What a row gives for the field; both null when it gives nothing.
     *
     * @param value text, or the cell of a template that is one column alone
     * @param refusal continues the field's name
     */
    record Composed(Object value, String refusal) {
        private static final Composed NOTHING = new Composed(null, null);
    }

    /**
     * Composes the field of a row.
     *
     * <p>An id, a number or a zone that lacks a part is another one, so it is refused. Constants and defaults of variables are for new
     * leads: a row about a lead that exists changes a variable only when it gives all of it.
     *
     * @param cells by slot, trimmed; null where empty
     * @param change whether the row is about a lead that exists
     */
    Composed compose(Object[] cells, boolean change) {
        Object[] usable = isVariable() ? cells : cleaned(cells);
        if (!template.hasACell(usable)) {
            Object own = change ? null : ownBesideNothing(usable);
            return own == null ? Composed.NOTHING : new Composed(own, null);
        }
        if (template.hasNested(usable)) {
            return new Composed(null, "must be made of single values, not of an object or a list");
        }
        if (isVariable()) {
            return change && !template.hasAllCells(usable)
                    ? Composed.NOTHING
                    : new Composed(template.fill(usable), null);
        }
        String empty = template.firstEmpty(usable);
        return empty == null
                ? new Composed(template.fill(usable), null)
                : new Composed(null, "lacks a part: column " + ColumnNames.shown(empty) + " is empty");
    }

    private Object ownBesideNothing(Object[] cells) {
        return isVariable() && template.hasDefault() || !template.needsACell() ? template.fill(cells) : null;
    }

    private boolean isVariable() {
        return target.field() == Mapping.Field.CALL_DATA;
    }

    /** Returns the value of a row that gives nothing at all; null when there is none. @param slots of all columns that templates name */
    Object own(int slots) {
        return template.needsACell() ? null : template.fill(new Object[slots]);
    }

    /**
     * Tells whether rows about leads that exist can give the field.
     *
     * @param columns that they have, by their keys
     */
    boolean isGivenBy(Set<String> columns) {
        return !template.isConstant()
                && (isVariable() ? template.columns() : template.columnsWithoutDefault())
                        .stream().map(ColumnNames::key).allMatch(columns::contains);
    }

    /** Cleans the cells as ids and zones are: a word for nothing is nothing. */
    private static Object[] cleaned(Object[] cells) {
        Object[] cleaned = cells.clone();
        for (int i = 0; i < cleaned.length; i++) {
            if (cleaned[i] instanceof String text) {
                String clean = CellText.clean(text);
                cleaned[i] = CellText.isNothing(clean) ? null : clean;
            }
        }
        return cleaned;
    }
}
