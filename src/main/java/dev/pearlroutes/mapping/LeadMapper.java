package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
        this.mapping = mapping;
        this.requiredVariables = requiredVariables;
        this.reading = FieldReading.of(outbound, phoneNumbers, timeZones, defaultRegion);
    }

    /** Makes the mappers of all outbounds, by their names. */
    public static Map<String, LeadMapper> byOutbound(Settings settings) {
        PhoneNumbers phoneNumbers = new PhoneNumbers();
        TimeZones timeZones = new TimeZones(settings.extraTimeZones());
        return settings.byOutbound(outbound -> new LeadMapper(
                outbound.name(),
                outbound.mapping() == null ? Mapping.byName() : Mapping.load(outbound.mapping()),
                phoneNumbers,
                timeZones,
                outbound.defaultRegion(),
                outbound.limits().requiredVariables()));
    }

    /**
     * Checks that the columns of a CSV file can be mapped.
     *
     * @param columns the header in order
     * @throws UnreadableSourceException when no column is the phone number, one that the mapping file names for phoneNumber, externalId
     *     or timeZoneId is missing, or two columns are the same field; the message shows the mapping line that corrects it
     */
    public void checkColumns(List<String> columns) {
        Set<String> fields = fields(columns);
        for (String required : mapping.requiredColumns()) {
            if (columns.stream().map(ColumnNames::key).noneMatch(ColumnNames.key(required)::equals)) {
                throw missing(
                        "has no column '" + required + "', which the file of " + reading.key("mapping") + " names",
                        columns,
                        "");
            }
        }
        if (!fields.contains(Mapping.Field.PHONE_NUMBER.apiName)) {
            String fix = ": add a line such as `" + ColumnNames.likelyPhone(columns) + " = phoneNumber` to the file of "
                    + reading.key("mapping");
            throw missing("has no column phoneNumber", columns, fix);
        }
    }

    /**
     * Finds the fields of Add Lead that the columns of a CSV file are.
     *
     * @throws UnreadableSourceException when two columns are the same field
     */
    Set<String> fields(List<String> columns) {
        Map<String, String> columnOf = new HashMap<>();
        for (String column : columns) {
            Mapping.Target target = column(column).target();
            String other = column.isEmpty() || target.field() == Mapping.Field.DROPPED
                    ? null
                    : columnOf.put(target.name(), column);
            if (other != null) {
                throw new UnreadableSourceException("columns " + ColumnNames.shown(other) + " and "
                        + ColumnNames.shown(column) + " are both " + target.name() + ": drop one by a line `" + column
                        + " =` in the file of " + reading.key("mapping") + ", or rename it");
            }
        }
        return columnOf.keySet();
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
        if (!draft.gives(Mapping.Field.PHONE_NUMBER)) {
            draft.reasons().add("phoneNumber is missing");
        }
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
            if (column(column).target().field() == Mapping.Field.EXTERNAL_ID) {
                draft.idWas(text);
            }
        });
    }

    /** Makes an empty draft, for a row that need not have every field of a lead. */
    LeadDraft draft() {
        return new LeadDraft(reading);
    }

    /** Finds the meaning of a column; never null. */
    Column column(String name) {
        Column known = columns.get(name);
        if (known == null) {
            Mapping.Target target = mapping.target(name);
            known = new Column(target, shownName(name, target));
            if (columns.size() < MAX_CACHED_COLUMNS) {
                columns.put(name, known);
            }
        }
        return known;
    }

    /** @param name of the field for the operator, with the column's where that is another */
    record Column(Mapping.Target target, String name) {}

    private static String shownName(String column, Mapping.Target target) {
        boolean same = column.equals(target.name()) || column.equals(target.variable());
        return same && ColumnNames.isShort(column) && !ColumnNames.looksLikeData(column)
                ? target.name()
                : target.field().apiName + " (column " + ColumnNames.shown(column) + ")";
    }
}
