package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Nearest;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The assignment of a source's columns to the fields of Add Lead.
 *
 * <p>A mapping file has lines {@code column = field}; columns that it does not mention keep the meaning of their name. Column names are
 * compared without case, spaces, underscores and dashes. Immutable.
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
        ANY,
        INT,
        FLOAT,
        BOOLEAN,
        STRING
    }

    /**
     * @param variable id of the call data's variable; null for the other fields, and for a JSON object {@code callData} as a whole
     */
    record Target(Field field, String variable, Type type) {
        private static final Target DROPPED = new Target(Field.DROPPED, null, Type.ANY);

        static Target of(Field field) {
            return new Target(field, null, Type.ANY);
        }

        /** Returns the field as it is written in a mapping file, without its type. */
        String name() {
            return variable == null ? field.apiName : CALL_DATA + variable;
        }
    }

    private static final String CALL_DATA = "callData.";
    private static final List<Field> LEAD_FIELDS = List.of(Field.PHONE_NUMBER, Field.EXTERNAL_ID, Field.TIME_ZONE_ID);
    private static final String ALLOWED = "allowed are phoneNumber, externalId, timeZoneId, callData.<id>"
            + " (also callData.<id>:int, :float, :boolean, :string), or nothing to drop the column";

    /** Columns of the result files, so that a corrected one can be dropped again as it is. */
    private static final Set<String> OWN_COLUMNS =
            Set.of("_line", "_reason", "_raw", "_leadId", "_status", "_calls", "_lastCall");

    private final Map<String, Target> mapped;
    private final Map<Field, String> required;

    private Mapping(Map<String, Target> mapped, Map<Field, String> required) {
        this.mapped = mapped;
        this.required = required;
    }

    /** Makes the mapping without a file: columns named like a field are that field, all others are call data. */
    public static Mapping byName() {
        return new Mapping(Map.of(), Map.of());
    }

    /**
     * Reads a mapping file: UTF-8, {@code #} starts a comment line.
     *
     * @throws ConfigurationException when it can't be read or a line of it can't be used
     */
    public static Mapping load(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException("mapping " + file + " is not UTF-8: save it as UTF-8");
        } catch (IOException e) {
            throw new ConfigurationException(
                    "mapping " + file + " can't be read: " + e.getClass().getSimpleName());
        }
        Map<String, Target> mapped = new HashMap<>();
        Map<String, String> columnOf = new HashMap<>();
        Map<Field, String> required = new EnumMap<>(Field.class);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String clean = CellText.clean(line);
            if (clean.isEmpty() || clean.startsWith("#")) {
                continue;
            }
            String where = "mapping " + file + ", line " + (i + 1) + ": ";
            int equals = line.lastIndexOf('=');
            String column = CellText.clean(line.substring(0, Math.max(equals, 0)));
            if (column.isEmpty()) {
                throw new ConfigurationException(where + "a line must read `column = field`; " + ALLOWED);
            }
            Target target = target(line.substring(equals + 1).strip(), where);
            if (mapped.put(ColumnNames.key(column), target) != null) {
                throw new ConfigurationException(
                        where + "column '" + column + "' is mapped twice (case, spaces, _ and - make no difference)");
            }
            if (target.field() == Field.DROPPED) {
                continue;
            }
            String other = columnOf.put(target.name(), column);
            if (other != null) {
                throw new ConfigurationException(
                        where + "columns '" + other + "' and '" + column + "' are both mapped to " + target.name());
            }
            if (target.field() != Field.CALL_DATA) {
                required.put(target.field(), column);
            }
        }
        return new Mapping(Map.copyOf(mapped), required);
    }

    /** Finds the target of a column; never null. */
    Target target(String column) {
        Target target = mapped.get(ColumnNames.key(column));
        if (target != null) {
            return target;
        }
        if (OWN_COLUMNS.contains(column)) {
            return Target.DROPPED;
        }
        String key = ColumnNames.key(column);
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

    /** Tells whether neither a line of the file nor the column's name says what it is, so that it became a variable. */
    boolean isUnmapped(String column) {
        Target target = target(column);
        return !mapped.containsKey(ColumnNames.key(column))
                && !isVariable(column)
                && target.field() == Field.CALL_DATA
                && target.variable() != null;
    }

    private static boolean isVariable(String column) {
        return column.startsWith(CALL_DATA) && column.length() > CALL_DATA.length();
    }

    /** Lists the columns that the file maps to fields other than call data. */
    Collection<String> requiredColumns() {
        return required.values();
    }

    private static Target target(String field, String where) {
        if (field.isEmpty()) {
            return Target.DROPPED;
        }
        for (Field one : LEAD_FIELDS) {
            if (one.apiName.equals(field)) {
                return Target.of(one);
            }
        }
        if (field.startsWith(CALL_DATA)) {
            String[] idAndType = field.substring(CALL_DATA.length()).split(":", -1);
            String id = idAndType[0].strip();
            if (!id.isEmpty() && idAndType.length == 1) {
                return new Target(Field.CALL_DATA, id, Type.ANY);
            }
            for (Type type : Type.values()) {
                if (!id.isEmpty()
                        && idAndType.length == 2
                        && type != Type.ANY
                        && type.name().toLowerCase(Locale.ROOT).equals(idAndType[1].strip())) {
                    return new Target(Field.CALL_DATA, id, type);
                }
            }
        }
        throw new ConfigurationException(
                where + "'" + field + "' is no field, did you mean " + nearest(field) + "? " + ALLOWED);
    }

    private static String nearest(String field) {
        int dot = field.indexOf('.');
        if (dot > 0) {
            String[] idAndType = field.substring(dot + 1).split(":", 2);
            String id = idAndType[0].isBlank() ? "<id>" : idAndType[0].strip();
            return CALL_DATA
                    + id
                    + (idAndType.length == 1
                            ? ""
                            : ":" + Nearest.of(idAndType[1], List.of("int", "float", "boolean", "string")));
        }
        String known = Nearest.of(field, List.of("phoneNumber", "externalId", "timeZoneId", "callData"));
        return known.equals("callData") ? CALL_DATA + "<id>" : known;
    }
}
