package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.rows.ColumnNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The assignment of a source's columns to the fields of Add Lead.
 *
 * <p>A mapping file has lines {@code column = field}, {@code field = template}, {@code field = "constant"} and {@code pattern = dropped};
 * columns that it does not mention keep the meaning of their name. Column names are compared without case, spaces, underscores and
 * dashes. Immutable.
 */
public final class Mapping {
    /** A field of Add Lead's body; DROPPED for a column that is not sent. */
    enum Field {
        PHONE_NUMBER("phoneNumber"),
        EXTERNAL_ID("externalId"),
        TIME_ZONE_ID("timeZoneId"),
        CALL_DATA("callData"),
        DROPPED("");

        final String apiName;

        Field(String apiName) {
            this.apiName = apiName;
        }
    }

    /** The type of a variable's value; ANY takes text as text and JSON's scalars as they are. */
    enum Type {
        ANY(""),
        INT("int"),
        FLOAT("float"),
        FLOAT_COMMA("float-comma"),
        BOOLEAN("boolean"),
        STRING("string");

        /** How a mapping file writes it. */
        final String word;

        Type(String word) {
            this.word = word;
        }
    }

    /**
     * @param variable id of the call data's variable; null for the other fields, and for a JSON object {@code callData} as a whole
     */
    record Target(Field field, String variable, Type type) {
        static final Target DROPPED = new Target(Field.DROPPED, null, Type.ANY);

        static Target of(Field field) {
            return new Target(field, null, Type.ANY);
        }

        /** Returns the field as it is written in a mapping file, without its type. */
        String name() {
            return variable == null ? field.apiName : CALL_DATA + variable;
        }
    }

    static final String CALL_DATA = "callData.";
    static final List<Field> LEAD_FIELDS = List.of(Field.PHONE_NUMBER, Field.EXTERNAL_ID, Field.TIME_ZONE_ID);
    /** Columns of the result files, so that a corrected one can be dropped again as it is. */
    private static final Set<String> OWN_COLUMNS =
            Set.of("_line", "_reason", "_raw", "_leadId", "_status", "_calls", "_lastCall");

    private final Map<String, List<Target>> mapped;
    private final List<ColumnPattern> dropped;
    private final List<ComposedField> composed;
    private final Map<String, Integer> slots;
    private final List<Required> required;

    /**
     * @param mapped what a line says of a column, by the column's key
     * @param dropped patterns of columns that are not sent
     * @param slots of the columns that templates name, by their keys
     */
    Mapping(
            Map<String, List<Target>> mapped,
            List<ColumnPattern> dropped,
            List<ComposedField> composed,
            Map<String, Integer> slots,
            List<Required> required) {
        this.mapped = Map.copyOf(mapped);
        this.dropped = List.copyOf(dropped);
        this.composed = List.copyOf(composed);
        this.slots = Map.copyOf(slots);
        this.required = List.copyOf(required);
    }

    /**
     * A column that each file must have.
     *
     * @param line of the mapping file that names it, from 1
     */
    record Required(String column, int line) {}

    /** Makes the mapping without a file: columns named like a field are that field, all others are call data. */
    public static Mapping byName() {
        return new Mapping(Map.of(), List.of(), List.of(), Map.of(), List.of());
    }

    /**
     * Reads a mapping file.
     *
     * @throws ConfigurationException when it can't be read or a line of it can't be used
     */
    public static Mapping load(Path file) {
        return MappingFile.read(file);
    }

    /** Finds the fields that a column is by itself; none when it is dropped, or is only a part of templates. */
    List<Target> targets(String column) {
        String key = ColumnNames.key(column);
        List<Target> lines = mapped.get(key);
        if (lines != null) {
            return lines.contains(Target.DROPPED) ? List.of() : lines;
        }
        Target target = byName(column, key);
        boolean sent = target.field() != Field.DROPPED && droppedBy(column) == null && !isPartOnly(column, key, target);
        return sent ? List.of(target) : List.of();
    }

    private static Target byName(String column, String key) {
        if (OWN_COLUMNS.contains(column)) {
            return Target.DROPPED;
        }
        for (Field field : LEAD_FIELDS) {
            if (key.equals(field.apiName.toLowerCase(Locale.ROOT))) {
                return Target.of(field);
            }
        }
        if (key.equals("calldata")) {
            return Target.of(Field.CALL_DATA);
        }
        String variable = isVariable(column) ? column.substring(CALL_DATA.length()) : column;
        return new Target(Field.CALL_DATA, variable, Type.ANY);
    }

    /** Tells whether a column that no line assigns is a part of templates and nothing else. */
    boolean isPartOnly(String column) {
        String key = ColumnNames.key(column);
        return !mapped.containsKey(key) && isPartOnly(column, key, byName(column, key));
    }

    /** What a column is by its name counts only where it says something, and is not composed with the column itself. */
    private boolean isPartOnly(String column, String key, Target byName) {
        return slots.containsKey(key)
                && (saysNothing(column, byName)
                        || composedOf(column).stream()
                                .anyMatch(field -> field.target().name().equals(byName.name())));
    }

    /** Lists the fields in whose templates a column is. */
    List<ComposedField> composedOf(String column) {
        String key = ColumnNames.key(column);
        return composed.stream()
                .filter(field -> field.template().columns().stream()
                        .map(ColumnNames::key)
                        .anyMatch(key::equals))
                .toList();
    }

    /** Finds the pattern by which a column is dropped that no line assigns; null for none. It drops no field of a lead, such as an id. */
    ColumnPattern droppedBy(String column) {
        String key = ColumnNames.key(column);
        if (dropped.isEmpty() || mapped.containsKey(key) || byName(column, key).field() != Field.CALL_DATA) {
            return null;
        }
        return dropped.stream()
                .filter(pattern -> pattern.matches(column))
                .findFirst()
                .orElse(null);
    }

    /** Tells whether neither a line of the file nor the column's name says what it is, so that it became a variable. */
    boolean isUnmapped(String column) {
        String key = ColumnNames.key(column);
        List<Target> targets = targets(column);
        return !mapped.containsKey(key) && !targets.isEmpty() && saysNothing(column, targets.get(0));
    }

    private static boolean saysNothing(String column, Target byName) {
        return byName.field() == Field.CALL_DATA && byName.variable() != null && !isVariable(column);
    }

    private static boolean isVariable(String column) {
        return column.startsWith(CALL_DATA) && column.length() > CALL_DATA.length();
    }

    /** Returns the place of a column among those that templates name; -1 for none. */
    int slot(String column) {
        return slots.isEmpty() ? -1 : slots.getOrDefault(ColumnNames.key(column), -1);
    }

    int slots() {
        return slots.size();
    }

    /** Lists the fields that are made of templates and constants, in the order of the file. */
    List<ComposedField> composed() {
        return composed;
    }

    /** Lists the columns that each file must have: those of the fields other than call data, and of templates. */
    List<Required> required() {
        return required;
    }
}
