package dev.pearlroutes.mapping;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a mapping makes of the columns of a source, for a person to read.
 *
 * @param fields that leads have, and what each is made of: those of the columns in their order, then those of templates and constants
 * @param dropped columns that are not sent
 */
public record MappingSummary(List<Given> fields, List<Dropped> dropped) {

    /**
     * A field and what gives it: a column, a template or a constant; the other two are null.
     *
     * @param field as a mapping file names it, without its type
     * @param type as a mapping file names it; null for none
     */
    public record Given(String field, String type, String column, String template, String constant) {}

    /** @param pattern by which the column is dropped; null when it is dropped by its name */
    public record Dropped(String column, String pattern) {}

    static MappingSummary of(Mapping mapping, Collection<String> columns) {
        List<Given> fields = new ArrayList<>();
        List<Dropped> dropped = new ArrayList<>();
        for (String column : columns) {
            List<Mapping.Target> targets = mapping.targets(column);
            targets.forEach(target -> fields.add(new Given(target.name(), type(target), column, null, null)));
            if (targets.isEmpty() && !mapping.isPartOnly(column)) {
                ColumnPattern pattern = mapping.droppedBy(column);
                dropped.add(new Dropped(column, pattern == null ? null : pattern.source()));
            }
        }
        for (ComposedField composed : mapping.composed()) {
            Mapping.Target target = composed.target();
            String text = composed.template().source();
            boolean constant = composed.template().isConstant();
            fields.add(new Given(target.name(), type(target), null, constant ? null : text, constant ? text : null));
        }
        return new MappingSummary(fields, dropped);
    }

    private static String type(Mapping.Target target) {
        return target.type() == Mapping.Type.ANY ? null : target.type().word;
    }
}
