package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Lead;
import dev.pearlroutes.rows.ColumnNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lead while its row is being read: each column's value goes into its field, or gives the reason why the row is rejected. */
final class LeadDraft {
    /** Characters; an id is a key of the ledger and a part of look-ups, not a text. */
    static final int MAX_EXTERNAL_ID = 256;

    private final FieldReading reading;
    private final Map<String, Object> callData = new LinkedHashMap<>();
    private String phone;
    private String externalId;
    private String timeZone;
    private String zoneName;
    private String refusal;

    LeadDraft(FieldReading reading) {
        this.reading = reading;
    }

    /** Takes the value of a column. @param meaning of the column */
    void take(String column, LeadMapper.Column meaning, Object raw) {
        Object value = raw instanceof String text ? trim(text) : raw;
        Mapping.Target target = meaning.target();
        if (value == null || "".equals(value) || target.field() == Mapping.Field.DROPPED) {
            return;
        }
        if (target.field() == Mapping.Field.CALL_DATA && target.variable() == null) {
            takeCallData(column, value);
            return;
        }
        String name = meaning.name();
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
        PhoneNumbers.Parsed parsed = reading.phoneNumbers().toE164(CallDataValues.text(value), reading.defaultRegion());
        boolean regionHelps = PhoneNumbers.NO_COUNTRY_CODE.equals(parsed.reason());
        refusal = parsed.e164() == null
                ? name + " " + parsed.reason() + (regionHelps ? " or set " + reading.key("default-region") : "")
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
        Optional<String> zone = reading.timeZones().toWindows(zoneName);
        refusal = zone.isEmpty() ? name + " " + TimeZones.REASON : null;
        return zone.orElse(null);
    }

    /** Returns why the row is no lead; null while nothing is wrong. */
    String refusal() {
        return refusal;
    }

    /** Returns the usable externalId; null while there is none. */
    String externalId() {
        return externalId;
    }

    /** Makes the lead of a row that is not refused. */
    MappingResult result() {
        return MappingResult.of(new Lead(phone, externalId, timeZone, callData), zoneName);
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
