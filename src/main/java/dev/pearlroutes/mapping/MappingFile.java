package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Nearest;
import dev.pearlroutes.mapping.Mapping.Field;
import dev.pearlroutes.mapping.Mapping.Required;
import dev.pearlroutes.mapping.Mapping.Target;
import dev.pearlroutes.mapping.Mapping.Type;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reader of a mapping file: UTF-8, one line an assignment, {@code #} starts a comment line.
 *
 * <p>A line is read as {@code column = field} first, whatever its column is called, and only one that is none is read as
 * {@code column = dropped}, {@code field = template} or {@code field = "constant"}: so a file means what it meant before there were any.
 */
final class MappingFile {
    private static final String CALL_DATA = Mapping.CALL_DATA;
    private static final String DROPPED = "dropped";
    private static final List<Field> LEAD_FIELDS = Mapping.LEAD_FIELDS;
    private static final List<String> TYPES = Arrays.stream(Type.values())
            .filter(type -> type != Type.ANY)
            .map(type -> type.word)
            .toList();
    private static final String ALLOWED = "allowed are phoneNumber, externalId, timeZoneId, callData.<id>"
            + " (also callData.<id>:" + String.join(", :", TYPES) + "), or nothing to drop the column";
    private static final String TEXTS =
            "a template names its columns in braces, `callData.name = {First} {Last}`, and a constant stands in quotes,"
                    + " `callData.campaign = \"Autumn\"`";

    private final Path file;
    private final Map<String, List<Target>> mapped = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<ColumnPattern> dropped = new ArrayList<>();
    private final List<ComposedField> composed = new ArrayList<>();
    private final List<Required> required = new ArrayList<>();
    private int number;

    private MappingFile(Path file) {
        this.file = file;
    }

    /** @throws ConfigurationException when it can't be read or a line of it can't be used */
    static Mapping read(Path file) {
        MappingFile reading = new MappingFile(file);
        for (String line : reading.lines()) {
            reading.number++;
            String clean = CellText.clean(line);
            if (!clean.isEmpty() && !clean.startsWith("#")) {
                reading.take(line);
            }
        }
        return new Mapping(reading.mapped, reading.dropped, reading.composed, reading.slots, reading.required);
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException("mapping " + file + " is not UTF-8: save it as UTF-8");
        } catch (IOException e) {
            throw new ConfigurationException(
                    "mapping " + file + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    private void take(String line) {
        int last = line.lastIndexOf('=');
        String left = CellText.clean(line.substring(0, Math.max(last, 0)));
        String right = line.substring(last + 1).strip();
        Target target = left.isEmpty() ? null : target(right);
        int first = line.indexOf('=');
        String text = line.substring(first + 1).strip();
        if (target != null) {
            map(left, target);
        } else if (!left.isEmpty() && right.equals(DROPPED)) {
            drop(left);
        } else if (first > 0 && (text.startsWith("\"") || text.indexOf('{') >= 0)) {
            compose(CellText.clean(line.substring(0, first)), text);
        } else if (left.isEmpty()) {
            throw wrong("a line must read `column = field`; " + ALLOWED);
        } else {
            String fix = target(left) == null ? "did you mean " + nearest(right) + "? " + ALLOWED : TEXTS;
            throw wrong("'" + right + "' is no field" + (target(left) == null ? ", " : ": ") + fix);
        }
    }

    private void map(String column, Target target) {
        List<Target> targets = mapped.computeIfAbsent(ColumnNames.key(column), key -> new ArrayList<>());
        boolean drops = target.field() == Field.DROPPED;
        if (!targets.isEmpty() && (drops || targets.contains(Target.DROPPED)) || targets.contains(target)) {
            throw wrong("column '" + column + "' is mapped twice" + (drops ? " and dropped" : "")
                    + " (case, spaces, _ and - make no difference)");
        }
        targets.add(target);
        if (drops) {
            return;
        }
        claim(target, "'" + column + "'");
        if (target.field() != Field.CALL_DATA) {
            required.add(new Required(column, number));
        }
    }

    private void drop(String column) {
        if (column.indexOf('*') < 0) {
            map(column, Target.DROPPED);
        } else {
            dropped.add(ColumnPattern.of(column));
        }
    }

    private void compose(String name, String text) {
        Target target = target(name);
        if (target == null || target.field() == Field.DROPPED) {
            throw wrong("'" + name + "' is no field, did you mean " + nearest(name) + "? " + TEXTS);
        }
        Template template;
        try {
            template = Template.parse(unquoted(text), this::slot);
        } catch (Template.SyntaxException e) {
            throw wrong(e.getMessage());
        }
        if (target.field() != Field.CALL_DATA && target.field() != Field.TIME_ZONE_ID && !template.needsACell()) {
            throw wrong("each lead without a cell would have the same " + target.name()
                    + ": a column without a default must stand in it, such as {Id}");
        }
        ComposedField field = new ComposedField(target, template, number);
        Object own = field.own(slots.size());
        if (own != null && CallDataValues.of(own, target.type()) == null) {
            throw wrong(target.name() + " " + CallDataValues.expected(target.type()));
        }
        claim(target, "`" + text + "`");
        composed.add(field);
        template.columns().forEach(column -> required.add(new Required(column, number)));
    }

    /** Takes the quotes off a text that has them; within them a doubled quote is one. */
    private String unquoted(String text) {
        if (!text.startsWith("\"") || text.length() > 1 && !text.endsWith("\"") && text.indexOf('{') >= 0) {
            return text;
        }
        String inner = text.length() > 1 ? text.substring(1, text.length() - 1) : "";
        if (text.length() < 2
                || !text.endsWith("\"")
                || inner.replace("\"\"", "").indexOf('"') >= 0) {
            throw wrong("a text in quotes must end with a quote, and have \"\" for each quote within it");
        }
        if (inner.isBlank()) {
            throw wrong("the text between the quotes is empty: remove the line");
        }
        return inner.replace("\"\"", "\"");
    }

    private int slot(String column) {
        return slots.computeIfAbsent(ColumnNames.key(column), key -> slots.size());
    }

    private void claim(Target target, String origin) {
        String other = origins.put(target.name(), origin);
        if (other != null) {
            throw wrong(other + " and " + origin + " are both mapped to " + target.name());
        }
    }

    private ConfigurationException wrong(String what) {
        return new ConfigurationException("mapping " + file + ", line " + number + ": " + what);
    }

    /** Reads a field as a line names it; null when it is none. */
    private static Target target(String field) {
        if (field.isEmpty()) {
            return Target.DROPPED;
        }
        for (Field one : LEAD_FIELDS) {
            if (one.apiName.equals(field)) {
                return Target.of(one);
            }
        }
        if (!field.startsWith(CALL_DATA)) {
            return null;
        }
        String[] idAndType = field.substring(CALL_DATA.length()).split(":", -1);
        String id = idAndType[0].strip();
        if (id.isEmpty() || idAndType.length > 2) {
            return null;
        }
        if (idAndType.length == 1) {
            return new Target(Field.CALL_DATA, id, Type.ANY);
        }
        for (Type type : Type.values()) {
            if (type != Type.ANY && type.word.equals(idAndType[1].strip())) {
                return new Target(Field.CALL_DATA, id, type);
            }
        }
        return null;
    }

    private static String nearest(String field) {
        int dot = field.indexOf('.');
        if (dot > 0) {
            String[] idAndType = field.substring(dot + 1).split(":", 2);
            String id = idAndType[0].isBlank() ? "<id>" : idAndType[0].strip();
            return CALL_DATA + id + (idAndType.length == 1 ? "" : ":" + Nearest.of(idAndType[1], TYPES));
        }
        String known = Nearest.of(field, List.of("phoneNumber", "externalId", "timeZoneId", "callData", DROPPED));
        return known.equals("callData") ? CALL_DATA + "<id>" : known;
    }
}
