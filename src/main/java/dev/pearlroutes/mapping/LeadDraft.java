package dev.pearlroutes.mapping;

import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A lead while its row is being read: each column's value goes into its field, or adds a reason why the row is rejected. */
final class LeadDraft {
    /** Characters; an id is a key of the ledger and a part of look-ups, not a text. */
    static final int MAX_EXTERNAL_ID = 256;

    /** The name of a zone that no cell has. */
    private static final String ZONE_OF_NUMBER = "of the number";

    private final FieldReading reading;
    private final Map<String, Object> callData = new LinkedHashMap<>();
    private final Set<Mapping.Field> given = EnumSet.noneOf(Mapping.Field.class);
    private final Set<String> refusedVariables = new HashSet<>();
    private final Reasons reasons = new Reasons();
    // Of the columns that templates name, by their slots.
    private final Object[] cells;
    private String phone;
    private String externalId;
    private FormerId formerId;
    private String timeZone;
    private String zoneName;

    /** @param slots of the columns that templates name */
    LeadDraft(FieldReading reading, int slots) {
        this.reading = reading;
        this.cells = new Object[slots];
    }

    /** Takes the value of a column. @param meaning of the column */
    void take(LeadMapper.Column meaning, Object raw) {
        Object value = raw instanceof String text ? CellText.trim(text) : raw;
        if (value == null || "".equals(value)) {
            return;
        }
        part(meaning, value);
        for (LeadMapper.Use use : meaning.uses()) {
            take(use.name(), use.target(), value);
        }
    }

    /** Takes the value of a column that is no field of a lead, for the templates that name it. */
    void takePart(LeadMapper.Column meaning, Object raw) {
        Object value = raw instanceof String text ? CellText.trim(text) : raw;
        if (value != null && !"".equals(value)) {
            part(meaning, value);
        }
    }

    private void part(LeadMapper.Column meaning, Object value) {
        if (meaning.slot() < 0) {
            return;
        }
        if (cells[meaning.slot()] != null) {
            reasons.add("column " + ColumnNames.shown(meaning.column()) + " is given twice");
        }
        cells[meaning.slot()] = value;
    }

    /**
     * Composes the fields that are made of templates and constants, after all columns.
     *
     * @param change whether the row is about a lead that exists, so that it gives only what it has
     */
    void compose(List<ComposedField> fields, boolean change) {
        for (ComposedField field : fields) {
            ComposedField.Composed composed = field.compose(cells, change);
            String name = field.target().name();
            if (composed.refusal() != null) {
                refuse(name, field.target(), composed.refusal());
            } else if (composed.value() != null && !"".equals(composed.value())) {
                take(name, field.target(), composed.value());
            }
        }
    }

    private void refuse(String name, Mapping.Target target, String reason) {
        reasons.add(name + " " + reason);
        given.add(target.field());
        if (target.variable() != null) {
            refusedVariables.add(target.variable());
        }
    }

    private void take(String name, Mapping.Target target, Object value) {
        if (target.field() == Mapping.Field.CALL_DATA && target.variable() == null) {
            takeCallData(name, value);
        } else if (target.field() == Mapping.Field.CALL_DATA) {
            put(name, target.variable(), value, target.type());
        } else if (!isSingle(name, value)) {
            given.add(target.field());
        } else {
            takeField(name, target.field(), CallDataValues.text(value));
        }
    }

    private void takeField(String name, Mapping.Field field, String text) {
        String clean = CellText.clean(text);
        boolean nothing = CellText.isNothing(clean);
        if (field == Mapping.Field.EXTERNAL_ID && (nothing || !clean.equals(text))) {
            formerId = new FormerId(text, nothing);
        }
        if (nothing) {
            return;
        }
        if (!given.add(field)) {
            reasons.add(name + " is given twice");
            externalId = field == Mapping.Field.EXTERNAL_ID ? null : externalId;
            return;
        }
        switch (field) {
            case PHONE_NUMBER -> phone = toPhone(name, text);
            case EXTERNAL_ID -> externalId = toExternalId(name, clean);
            default -> timeZone = toTimeZone(name, clean);
        }
    }

    /** Takes in what versions before names and cells were cleaned read as externalId. @param text empty when they read none */
    void idWas(String text) {
        String former = CellText.trim(text);
        if (!former.isEmpty()) {
            formerId = former.equals(externalId) ? null : new FormerId(former, externalId == null);
        } else {
            formerId = externalId == null ? null : FormerId.DERIVED;
        }
    }

    private void takeCallData(String name, Object value) {
        if (!(value instanceof Map<?, ?> variables)) {
            reasons.add(
                    name + " must be an object of variables: write one column callData.<id> for each variable instead");
            return;
        }
        variables.forEach((id, variable) -> {
            Object trimmed = variable instanceof String text ? CellText.trim(text) : variable;
            if (trimmed != null && !"".equals(trimmed)) {
                put("callData." + ColumnNames.shown(id.toString()), id.toString(), trimmed, Mapping.Type.ANY);
            }
        });
    }

    private void put(String name, String id, Object value, Mapping.Type type) {
        Object typed = isSingle(name, value) ? CallDataValues.of(value, type) : null;
        if (typed == null) {
            refusedVariables.add(id);
        }
        if (id.isBlank()) {
            reasons.add("has a value without a name");
        } else if (typed == null && !isNested(value)) {
            reasons.add(name + " " + CallDataValues.expected(type));
        } else if (typed != null && callData.putIfAbsent(id, typed) != null) {
            reasons.add(name + " is given twice");
        }
    }

    private boolean isSingle(String name, Object value) {
        if (isNested(value)) {
            reasons.add(name + " must be a single value, not an object or a list");
        }
        return !isNested(value);
    }

    private static boolean isNested(Object value) {
        return value instanceof Map || value instanceof List;
    }

    private String toPhone(String name, String text) {
        PhoneNumbers.Parsed parsed = reading.phoneNumbers().toE164(text, reading.defaultRegion());
        if (parsed.e164() == null) {
            boolean regionHelps = PhoneNumbers.NO_COUNTRY_CODE.equals(parsed.reason());
            reasons.add(name + " " + parsed.reason() + (regionHelps ? " or set " + reading.key("default-region") : ""));
        }
        return parsed.e164();
    }

    /** Returns null for an id that is refused. */
    private String toExternalId(String name, String id) {
        if (id.length() > MAX_EXTERNAL_ID) {
            reasons.add(name + " has more than " + MAX_EXTERNAL_ID + " characters");
        } else if (id.chars().anyMatch(Character::isISOControl)) {
            reasons.add(name + " has a line break or another control character in it");
        } else if (PhoneNumbers.SCIENTIFIC.matcher(id).matches() && id.indexOf('+') > 0) {
            // Different ids become the same then, and all leads but one would pass for duplicates.
            reasons.add(
                    name
                            + " was destroyed by a spreadsheet (scientific notation): format the column as text and export it again");
        } else {
            return id;
        }
        return null;
    }

    private String toTimeZone(String name, String zone) {
        zoneName = zone;
        Optional<String> known = reading.timeZones().toWindows(zone);
        if (known.isEmpty()) {
            reasons.add(name + " " + TimeZones.REASON);
        }
        return known.orElse(null);
    }

    /** Takes the time zone of the number where the row gives none, and the outbound wants it so. */
    void takeZoneOfNumber() {
        if (reading.numberTimeZones() == null || phone == null || gives(Mapping.Field.TIME_ZONE_ID)) {
            return;
        }
        NumberTimeZones.Found found = reading.numberTimeZones().of(phone);
        timeZone = found.windows();
        zoneName = timeZone == null ? null : ZONE_OF_NUMBER;
        if (timeZone == null) {
            reasons.add(found.reason() + " (" + reading.key("time-zone-from-number") + "): write timeZoneId");
        }
    }

    /** Why the row is rejected; others may add to it. */
    Reasons reasons() {
        return reasons;
    }

    /** Tells whether the row gives a field, be it usable or not. */
    boolean gives(Mapping.Field field) {
        return given.contains(field);
    }

    /** Finds variables of which the row gives no value, not even one that is refused. */
    Set<String> lacking(Set<String> variables) {
        Set<String> lacking = new LinkedHashSet<>(variables);
        lacking.removeAll(callData.keySet());
        lacking.removeAll(refusedVariables);
        return lacking;
    }

    /** Makes the lead of what is usable in the row. */
    Lead lead() {
        return new Lead(phone, externalId, timeZone, callData, formerId);
    }

    /** Makes the result. @param missing required variables that the row lacks */
    MappingResult result(Set<String> missing) {
        return reasons.isEmpty()
                ? new MappingResult(lead(), phone, externalId, null, zoneName, missing)
                : new MappingResult(null, phone, externalId, reasons.text(), null, missing);
    }
}
