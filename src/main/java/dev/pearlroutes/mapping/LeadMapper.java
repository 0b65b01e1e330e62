package dev.pearlroutes.mapping;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Message Translator from a customer's columns to the fields of Add Lead. Safe for several threads. */
public final class LeadMapper {
    /** Characters; an id is a key of the ledger and a part of look-ups, not a text. */
    static final int MAX_EXTERNAL_ID = 256;

    private static final int MAX_CACHED_COLUMNS = 10_000;

    private final String outbound;
    private final Mapping mapping;
    private final PhoneNumbers phoneNumbers;
    private final TimeZones timeZones;
    private final String defaultRegion;
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
        this.outbound = outbound;
        this.mapping = mapping;
        this.requiredVariables = requiredVariables;
        this.phoneNumbers = phoneNumbers;
        this.timeZones = timeZones;
        this.defaultRegion = defaultRegion == null || defaultRegion.isBlank()
                ? null
                : defaultRegion.strip().toUpperCase(Locale.ROOT);
        if (this.defaultRegion != null && !phoneNumbers.isRegion(this.defaultRegion)) {
            throw new ConfigurationException(key("default-region") + ": '" + this.defaultRegion
                    + "' is no region; write its two letters, for instance US, GB or DE");
        }
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
                        "has no column '" + required + "', which the file of " + key("mapping") + " names",
                        columns,
                        "");
            }
        }
        if (!fields.contains(Mapping.Field.PHONE_NUMBER.apiName)) {
            String fix = ": add a line such as `" + ColumnNames.likelyPhone(columns) + " = phoneNumber` to the file of "
                    + key("mapping");
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
            Mapping.Target target = column(column).target;
            String other = column.isEmpty() || target.field() == Mapping.Field.DROPPED
                    ? null
                    : columnOf.put(target.name(), column);
            if (other != null) {
                throw new UnreadableSourceException("columns " + ColumnNames.shown(other) + " and "
                        + ColumnNames.shown(column) + " are both " + target.name() + ": drop one by a line `" + column
                        + " =` in the file of " + key("mapping") + ", or rename it");
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

    /** Maps a row to a lead, or to the reason why it is none; never null, and throws nothing whatever the row holds. */
    public MappingResult map(Row row) {
        MappingResult mapped = mapPart(row);
        if (mapped.lead() == null) {
            return mapped;
        }
        if (mapped.lead().phoneNumber() == null) {
            return MappingResult.rejected(mapped.externalId(), "phoneNumber is missing");
        }
        Set<String> missing = new LinkedHashSet<>(requiredVariables);
        missing.removeAll(mapped.lead().callData().keySet());
        return missing.isEmpty()
                ? mapped
                : MappingResult.lacking(mapped.externalId(), missing, key("required-variables"));
    }

    /** Tells whether neither its name nor the mapping file says what a column is, so that it is sent as a variable of its own name. */
    public boolean isUnmapped(String column) {
        return mapping.isUnmapped(column);
    }

    /** Maps a row that need not have every field of a lead: its number may be null too. */
    MappingResult mapPart(Row row) {
        if (row.problem() != null) {
            return MappingResult.rejected(null, row.problem());
        }
        Draft draft = new Draft();
        for (Map.Entry<String, Object> value : row.values().entrySet()) {
            draft.take(value.getKey(), value.getValue());
            if (draft.refusal != null) {
                return MappingResult.rejected(externalId(row), draft.refusal);
            }
        }
        return MappingResult.of(
                new Lead(draft.phone, draft.externalId, draft.timeZone, draft.callData), draft.zoneName);
    }

    /** The key of a row that is rejected for another reason, so that its owner recognises it; null when it has no usable one. */
    private String externalId(Row row) {
        Draft draft = new Draft();
        row.values().forEach((name, value) -> {
            if (column(name).target.field() == Mapping.Field.EXTERNAL_ID) {
                draft.take(name, value);
            }
        });
        return draft.refusal == null ? draft.externalId : null;
    }

    private Column column(String name) {
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
    private record Column(Mapping.Target target, String name) {}

    /** A lead while its row is being read. */
    private final class Draft {
        private final Map<String, Object> callData = new LinkedHashMap<>();
        private String phone;
        private String externalId;
        private String timeZone;
        private String zoneName;
        private String refusal;

        void take(String column, Object raw) {
            Object value = raw instanceof String text ? trim(text) : raw;
            Column meaning = column(column);
            Mapping.Target target = meaning.target;
            if (value == null || "".equals(value) || target.field() == Mapping.Field.DROPPED) {
                return;
            }
            if (target.field() == Mapping.Field.CALL_DATA && target.variable() == null) {
                takeCallData(column, value);
                return;
            }
            String name = meaning.name;
            if (value instanceof Map || value instanceof List) {
                refusal = name + " must be a single value, not an object or a list";
                return;
            }
            switch (target.field()) {
                case CALL_DATA -> put(name, target.variable(), value, target.type());
                case PHONE_NUMBER -> phone = once(name, phone, toPhone(name, value));
                case EXTERNAL_ID -> externalId = once(name, externalId, toExternalId(name, value));
                default -> timeZone = once(name, timeZone, toTimeZone(name, value));
            }
        }

        private void takeCallData(String column, Object value) {
            if (!(value instanceof Map<?, ?> variables)) {
                refusal = column
                        + " must be an object of variables; write one column callData.<id> for each variable instead";
                return;
            }
            variables.forEach((id, variable) -> {
                Object trimmed = variable instanceof String text ? trim(text) : variable;
                String name = "callData." + ColumnNames.shown(id.toString());
                if (variable instanceof Map || variable instanceof List) {
                    refusal = name + " must be a single value, not an object or a list";
                } else if (trimmed != null && !"".equals(trimmed)) {
                    put(name, id.toString(), trimmed, Mapping.Type.ANY);
                }
            });
        }

        private void put(String name, String id, Object value, Mapping.Type type) {
            Object typed = CallDataValues.of(value, type);
            if (id.isBlank()) {
                refusal = "has a value without a name";
            } else if (typed == null) {
                refusal = name + " " + CallDataValues.expected(type);
            } else if (callData.putIfAbsent(id, typed) != null) {
                refusal = name + " is given twice";
            }
        }

        private String once(String name, String before, String value) {
            if (before != null) {
                refusal = name + " is given twice";
            }
            return value;
        }

        private String toPhone(String name, Object value) {
            PhoneNumbers.Parsed parsed = phoneNumbers.toE164(CallDataValues.text(value), defaultRegion);
            boolean regionHelps = PhoneNumbers.NO_COUNTRY_CODE.equals(parsed.reason());
            refusal = parsed.e164() == null
                    ? name + " " + parsed.reason() + (regionHelps ? " or set " + key("default-region") : "")
                    : null;
            return parsed.e164();
        }

        private String toExternalId(String name, Object value) {
            String id = CallDataValues.text(value);
            if (id.length() > MAX_EXTERNAL_ID) {
                refusal = name + " has more than " + MAX_EXTERNAL_ID + " characters";
            } else if (id.chars().anyMatch(Character::isISOControl)) {
                refusal = name + " has a line break or another control character in it";
            } else if (PhoneNumbers.SCIENTIFIC.matcher(id).matches() && id.indexOf('+') > 0) {
                // Different ids become the same then, and all leads but one would pass for duplicates.
                refusal = name
                        + " was destroyed by a spreadsheet (scientific notation): format the column as text and export it again";
            }
            return id;
        }

        private String toTimeZone(String name, Object value) {
            zoneName = CallDataValues.text(value);
            Optional<String> zone = timeZones.toWindows(zoneName);
            refusal = zone.isEmpty() ? name + " " + TimeZones.REASON : null;
            return zone.orElse(null);
        }
    }

    private String key(String setting) {
        return "outbound." + outbound + "." + setting;
    }

    private static String shownName(String column, Mapping.Target target) {
        boolean same = column.equals(target.name()) || column.equals(target.variable());
        return same && !ColumnNames.looksLikeData(column)
                ? target.name()
                : target.field().apiName + " (column " + ColumnNames.shown(column) + ")";
    }

    /** Also non-breaking spaces, which {@link String#strip()} leaves. */
    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
