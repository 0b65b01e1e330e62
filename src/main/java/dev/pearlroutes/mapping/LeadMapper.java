package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The Message Translator from a customer's columns to the fields of Add Lead. Safe for several threads. */
public final class LeadMapper {
    private static final int MAX_CACHED_COLUMNS = 10_000;

    private final Mapping mapping;
    private final FieldReading reading;
    private final Set<String> requiredVariables;
    // JSON may bring new names without end, so the cache is bounded.
    private final Map<String, Column> columns = new ConcurrentHashMap<>();

    /**
     * Makes a mapper that requires no variables.
     *
     * @param outbound its name, for messages
     * @param defaultRegion ISO 3166 alpha-2 of numbers without a country code; null or empty for none
     * @throws ConfigurationException when there is no such region
     */
    public LeadMapper(
            String outbound, Mapping mapping, PhoneNumbers phoneNumbers, TimeZones timeZones, String defaultRegion) {
        this(outbound, mapping, phoneNumbers, timeZones, defaultRegion, Set.of());
    }

    /** @param requiredVariables a row without a value for one of them is rejected, since the voice would speak a gap */
    public LeadMapper(
            String outbound,
            Mapping mapping,
            PhoneNumbers phoneNumbers,
            TimeZones timeZones,
            String defaultRegion,
            Set<String> requiredVariables) {
        this(mapping, FieldReading.of(outbound, phoneNumbers, timeZones, defaultRegion), requiredVariables);
    }

    private LeadMapper(Mapping mapping, FieldReading reading, Set<String> requiredVariables) {
        this.mapping = mapping;
        this.reading = reading;
        this.requiredVariables = requiredVariables;
        mapping.composed().forEach(this::checkZone);
    }

    /** Makes a mapper like this one by which a row without a time zone gets the one of its number. */
    LeadMapper with(NumberTimeZones numberTimeZones) {
        return new LeadMapper(mapping, reading.with(numberTimeZones), requiredVariables);
    }

    private void checkZone(ComposedField field) {
        Object zone = field.target().field() == Mapping.Field.TIME_ZONE_ID ? field.own(mapping.slots()) : null;
        if (zone != null && reading.timeZones().toWindows(zone.toString()).isEmpty()) {
            throw new ConfigurationException(line(field.line()) + ": timeZoneId " + TimeZones.REASON);
        }
    }

    /** Makes the mappers of all outbounds, by their names. */
    public static Map<String, LeadMapper> byOutbound(Settings settings) {
        PhoneNumbers phoneNumbers = new PhoneNumbers();
        TimeZones timeZones = new TimeZones(settings.extraTimeZones());
        NumberTimeZones numberTimeZones = new NumberTimeZones(timeZones);
        return settings.byOutbound(outbound -> {
            LeadMapper mapper = new LeadMapper(
                    outbound.name(),
                    outbound.mapping() == null ? Mapping.byName() : Mapping.load(outbound.mapping()),
                    phoneNumbers,
                    timeZones,
                    outbound.defaultRegion(),
                    outbound.limits().requiredVariables());
            return outbound.timeZoneFromNumber() ? mapper.with(numberTimeZones) : mapper;
        });
    }

    /**
     * Checks that the columns of a CSV file can be mapped.
     *
     * @param columns the header in order
     * @param firstRows finds the rows at which a suggestion looks; asked only when there is no phone number
     * @throws UnreadableSourceException when no column is the phone number, one is missing that the mapping file names for phoneNumber,
     *     externalId or timeZoneId or in a template, or two are the same field; the message shows the mapping line that corrects it
     */
    public void checkColumns(List<String> columns, Supplier<List<Row>> firstRows) {
        Set<String> keys = keys(columns);
        Set<String> fields = fields(columns, keys, false);
        for (Mapping.Required required : mapping.required()) {
            if (!keys.contains(ColumnNames.key(required.column()))) {
                throw missing(
                        "has no column '" + required.column() + "', which " + line(required.line()) + " names",
                        columns,
                        "");
            }
        }
        if (!fields.contains(Mapping.Field.PHONE_NUMBER.apiName)) {
            String file = " = phoneNumber` to the file of " + reading.key("mapping");
            String fix = ColumnNames.likelyPhone(columns, firstRows.get())
                    .map(likely -> ": add a line such as `" + likely + file)
                    .orElse(". None of them holds phone numbers in its first rows: if one does, add a line `<column>"
                            + file);
            throw missing("has no column phoneNumber", columns, fix);
        }
    }

    static Set<String> keys(List<String> columns) {
        return columns.stream().map(ColumnNames::key).collect(Collectors.toSet());
    }

    /**
     * Finds the fields of Add Lead that the columns of a CSV file are, and those that are composed of them.
     *
     * @param parts keys of the columns that templates find
     * @param change whether the rows are about leads that exist
     * @throws UnreadableSourceException when two columns are the same field
     */
    Set<String> fields(List<String> columns, Set<String> parts, boolean change) {
        Map<String, String> columnOf = new HashMap<>();
        Map<Integer, String> columnIn = new HashMap<>();
        for (String column : columns) {
            Column meaning = column(column);
            String part = column.isEmpty() || meaning.slot() < 0 ? null : columnIn.put(meaning.slot(), column);
            if (part != null) {
                throw new UnreadableSourceException(
                        "columns " + ColumnNames.shown(part) + " and " + ColumnNames.shown(column)
                                + " are the same in the templates of the file of " + reading.key("mapping")
                                + ": rename one");
            }
            for (Use use : column.isEmpty() ? List.<Use>of() : meaning.uses()) {
                String field = use.target().name();
                String other = columnOf.put(field, column);
                if (other != null) {
                    throw new UnreadableSourceException("columns " + ColumnNames.shown(other) + " and "
                            + ColumnNames.shown(column) + " are both " + field + ": drop one by a line `" + column
                            + " =` in the file of " + reading.key("mapping") + ", or rename it");
                }
            }
        }
        for (ComposedField composed : mapping.composed()) {
            String field = composed.target().name();
            String other = !change || composed.isGivenBy(parts) ? columnOf.put(field, "") : null;
            if (other != null) {
                throw new UnreadableSourceException(
                        "column " + ColumnNames.shown(other) + " is " + field + ", and so is " + line(composed.line())
                                + ": drop the column by a line `" + other + " =`, or rename it");
            }
        }
        return columnOf.keySet();
    }

    /**
     * Checks that rows of updates say nothing that would be passed over: that what a template makes of a column has its other columns.
     *
     * @param parts keys of the columns that templates find
     * @throws UnreadableSourceException when one is missing
     */
    void checkParts(List<String> columns, Set<String> parts) {
        for (String column : columns) {
            if (mapping.isPartOnly(column)) {
                List<ComposedField> fields = mapping.composedOf(column);
                if (fields.stream().noneMatch(field -> field.isGivenBy(parts))) {
                    ComposedField field = fields.get(0);
                    throw new UnreadableSourceException("column " + ColumnNames.shown(column) + " is a part of "
                            + field.target().name() + " by " + line(field.line())
                            + ", and columns beside it are missing: add them, or remove the column");
                }
            }
        }
    }

    private String line(int number) {
        return "line " + number + " of the file of " + reading.key("mapping");
    }

    static UnreadableSourceException missing(String what, List<String> columns, String fix) {
        // Without a header the names are a person's data, which must not reach a message.
        return columns.stream().anyMatch(ColumnNames::looksLikeData)
                ? new UnreadableSourceException(
                        what
                                + "; its first line looks like a lead: put a line with the column names above it, for instance phoneNumber,externalId")
                : new UnreadableSourceException(what + "; its columns are " + ColumnNames.shown(columns) + fix);
    }

    /** Maps a row to a lead, or to all the reasons why it is none; never null, and throws nothing whatever the row holds. */
    public MappingResult map(Row row) {
        if (row.problem() != null) {
            return MappingResult.rejected(null, row.problem());
        }
        LeadDraft draft = draft();
        row.values().forEach((column, value) -> draft.take(column(column), value));
        takeFormerId(row, draft);
        draft.compose(mapping.composed(), false);
        if (!draft.gives(Mapping.Field.PHONE_NUMBER)) {
            draft.reasons().add("phoneNumber is missing");
        }
        draft.takeZoneOfNumber();
        Set<String> missing = requiredVariables.isEmpty() ? Set.of() : draft.lacking(requiredVariables);
        if (!missing.isEmpty()) {
            draft.reasons().add(MappingResult.missing(missing, reading.key("required-variables")));
        }
        return draft.result(missing);
    }

    /** Tells whether neither its name nor the mapping file says what a column is, so that it is sent as a variable of its own name. */
    public boolean isUnmapped(String column) {
        return mapping.isUnmapped(column);
    }

    /** Tells a draft what versions before names and cells were cleaned read as externalId of its row, where that is another. */
    void takeFormerId(Row row, LeadDraft draft) {
        row.formerly().forEach((column, text) -> {
            if (column(column).uses().stream().anyMatch(use -> use.target().field() == Mapping.Field.EXTERNAL_ID)) {
                draft.idWas(text);
            }
        });
    }

    /** Tells what becomes of columns. */
    public MappingSummary summary(Collection<String> sourceColumns) {
        return MappingSummary.of(mapping, sourceColumns);
    }

    /** Makes an empty draft, for a row that need not have every field of a lead. */
    LeadDraft draft() {
        return new LeadDraft(reading, mapping.slots());
    }

    /** Lists the fields that are made of templates and constants. */
    List<ComposedField> composed() {
        return mapping.composed();
    }

    /** Finds the meaning of a column; never null. */
    Column column(String name) {
        Column known = columns.get(name);
        if (known == null) {
            known = new Column(
                    name,
                    mapping.targets(name).stream()
                            .map(target -> new Use(target, shownName(name, target)))
                            .toList(),
                    mapping.slot(name));
            if (columns.size() < MAX_CACHED_COLUMNS) {
                columns.put(name, known);
            }
        }
        return known;
    }

    /**
     * What a column means.
     *
     * @param column its name
     * @param uses the fields that it is by itself; empty when it is dropped
     * @param slot among the columns that templates name; -1 for none
     */
    record Column(String column, List<Use> uses, int slot) {}

    /** @param name of the field for the operator, with the column's where that is another */
    record Use(Mapping.Target target, String name) {}

    private static String shownName(String column, Mapping.Target target) {
        boolean same = column.equals(target.name()) || column.equals(target.variable());
        return same && ColumnNames.isShort(column) && !ColumnNames.looksLikeData(column)
                ? target.name()
                : target.field().apiName + " (column " + ColumnNames.shown(column) + ")";
    }
}
