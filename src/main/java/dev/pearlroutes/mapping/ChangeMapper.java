package dev.pearlroutes.mapping;

import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The Message Translator from rows of updates and look-ups to requests. Their columns are those of leads, and {@code leadId} and
 * {@code status} besides. Safe for several threads.
 */
public final class ChangeMapper {
    /** The statuses that Update Lead takes [D], by word and code. The API spells NotSuccessful with an l too many. */
    private static final Map<String, LeadStatus> SETTABLE = settable();

    private static final String ALLOWED =
            "status must be one of New (1), NeedRetry (10), Success (100), NotSuccessfull (110), Completed (130)";
    private static final String LEAD_ID = "leadid";
    private static final String STATUS = "status";
    private static final Pattern LEAD_ID_FORM = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private final LeadMapper leads;

    /** @param leads mapper of the fields that a lead has too */
    public ChangeMapper(LeadMapper leads) {
        this.leads = leads;
    }

    /**
     * A row and the request body made of it.
     *
     * @param body of Update Lead: only the fields that the row gives, in one order; empty for a look-up
     */
    public record Change(LeadChange row, Map<String, Object> body) {
        @Override
        public String toString() {
            return "Change[" + row + "]";
        }
    }

    /**
     * Checks that the rows of a CSV file can name leads.
     *
     * @param columns the header in order
     * @throws UnreadableSourceException when none of them does, or two are the same field
     */
    public void checkColumns(Source.Operation operation, List<String> columns) {
        Set<String> own = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (String column : columns) {
            String key = ownField(operation, column);
            if (key == null) {
                others.add(column);
            } else if (!own.add(key)) {
                throw new UnreadableSourceException("has two columns " + ColumnNames.shown(column) + ": drop one");
            }
        }
        Set<String> parts = LeadMapper.keys(columns);
        Set<String> fields = leads.fields(others, parts, true);
        boolean lookup = operation == Source.Operation.LOOKUP;
        if (!lookup) {
            leads.checkParts(others, parts);
        }
        if (!own.contains(LEAD_ID)
                && !fields.contains(Mapping.Field.EXTERNAL_ID.apiName)
                && !(lookup && fields.contains(Mapping.Field.PHONE_NUMBER.apiName))) {
            String names = lookup ? "leadId, externalId or phoneNumber" : "leadId or externalId";
            throw LeadMapper.missing("has no column " + names + ", so that its rows name no leads", columns, "");
        }
    }

    /** Maps a row; never null, and throws nothing whatever the row holds. */
    public Change map(Source.Operation operation, Row row) {
        if (!operation.dropped()) {
            return stop(row);
        }
        if (row.problem() != null) {
            return rejected(row, null, row.problem());
        }
        LeadDraft draft = leads.draft();
        Own own = new Own(draft.reasons());
        row.values().forEach((column, cell) -> {
            String key = ownField(operation, column);
            Object value = given(row, cell);
            if (key == null) {
                draft.take(leads.column(column), value);
                return;
            }
            draft.takePart(leads.column(column), value);
            if (value != null) {
                own.take(key, CellText.clean(CallDataValues.text(value)));
            }
        });
        leads.takeFormerId(row, draft);
        draft.compose(leads.composed(), true);
        return operation == Source.Operation.LOOKUP ? lookUp(row, own, draft) : change(row, own, draft);
    }

    /** What a row gives of the fields that leads do not have. */
    private static final class Own {
        private final Reasons reasons;
        private boolean namesLead;
        private String leadId;
        private LeadStatus status;

        Own(Reasons reasons) {
            this.reasons = reasons;
        }

        void take(String field, String text) {
            if (CellText.isNothing(text)) {
                return;
            }
            if (field.equals(LEAD_ID)) {
                namesLead = true;
                leadId = LEAD_ID_FORM.matcher(text).matches() ? text : null;
                if (leadId == null) {
                    reasons.add("leadId is no id: an id has letters, digits, - and _ only");
                }
            } else {
                status = status(text);
                if (status == null) {
                    reasons.add(ALLOWED);
                }
            }
        }
    }

    /** Maps a row of a file that this program made. */
    private static Change stop(Row row) {
        String leadId = (String) row.values().get("leadId");
        int status = LeadStatus.COMPLETED.code();
        return new Change(
                new LeadChange(row.number(), row.line(), leadId, null, null, null, null, status, null),
                Map.of("status", status));
    }

    private static Change lookUp(Row row, Own own, LeadDraft draft) {
        if (!own.namesLead && !draft.gives(Mapping.Field.EXTERNAL_ID) && !draft.gives(Mapping.Field.PHONE_NUMBER)) {
            draft.reasons().add("leadId, externalId and phoneNumber are missing: nothing names the lead");
        }
        Lead lead = draft.lead();
        if (!draft.reasons().isEmpty()) {
            return rejected(row, lead.externalId(), draft.reasons().text());
        }
        return new Change(
                new LeadChange(
                        row.number(),
                        row.line(),
                        own.leadId,
                        lead.externalId(),
                        lead.phoneNumber(),
                        null,
                        null,
                        null,
                        null,
                        spelling(lead)),
                Map.of());
    }

    private static Change change(Row row, Own own, LeadDraft draft) {
        if (!own.namesLead && !draft.gives(Mapping.Field.EXTERNAL_ID)) {
            draft.reasons().add("leadId and externalId are missing: nothing names the lead");
        }
        Lead lead = draft.lead();
        Map<String, Object> body = new LinkedHashMap<>();
        putIfGiven(body, "phoneNumber", lead.phoneNumber());
        // Beside a leadId, which names the lead for ever, the externalId is a field to change.
        String newExternalId = own.leadId == null ? null : lead.externalId();
        putIfGiven(body, "externalId", newExternalId);
        putIfGiven(body, "timeZoneId", lead.timeZoneId());
        if (!lead.callData().isEmpty()) {
            body.put("callData", new TreeMap<>(lead.callData()));
        }
        if (own.status != null) {
            body.put("status", own.status.code());
        }
        if (body.isEmpty() && draft.reasons().isEmpty()) {
            draft.reasons().add("gives nothing to change");
        }
        if (!draft.reasons().isEmpty()) {
            return rejected(row, lead.externalId(), draft.reasons().text());
        }
        return new Change(
                new LeadChange(
                        row.number(),
                        row.line(),
                        own.leadId,
                        lead.externalId(),
                        null,
                        lead.phoneNumber(),
                        newExternalId,
                        (Integer) body.get("status"),
                        null,
                        spelling(lead)),
                body);
    }

    /** Returns the former spelling of an externalId; null when there is none, or it named many leads. */
    private static String spelling(Lead lead) {
        FormerId former = lead.formerId();
        return former == null || former.ofNumber() ? null : former.spelling();
    }

    /**
     * Returns the value, or null for a CSV cell with the word null: an export of a database writes it for no value. Of variables this is
     * the only such word, since any other may be meant; ids, zones, numbers and statuses have more.
     */
    private static Object given(Row row, Object value) {
        boolean csv = !row.cells().isEmpty();
        return csv && ("null".equals(value) || "NULL".equals(value)) ? null : value;
    }

    /** Finds the status of a word or code; null when Update Lead takes no such status. */
    private static LeadStatus status(String text) {
        return SETTABLE.get(text.toLowerCase(Locale.ROOT));
    }

    private static Map<String, LeadStatus> settable() {
        Map<String, LeadStatus> settable = new HashMap<>(Map.of("notsuccessful", LeadStatus.NOT_SUCCESSFULL));
        for (LeadStatus status : List.of(
                LeadStatus.NEW,
                LeadStatus.NEED_RETRY,
                LeadStatus.SUCCESS,
                LeadStatus.NOT_SUCCESSFULL,
                LeadStatus.COMPLETED)) {
            settable.put(status.apiName().toLowerCase(Locale.ROOT), status);
            settable.put(Integer.toString(status.code()), status);
        }
        return settable;
    }

    /** Returns the key of a column that leads do not have; null for others. A look-up has no use for a status. */
    private static String ownField(Source.Operation operation, String column) {
        String key = ColumnNames.key(column);
        boolean own = key.equals(LEAD_ID) || key.equals(STATUS) && operation == Source.Operation.UPDATE;
        // Result files have _leadId where the dropped file had a column leadId of another meaning.
        return own && !column.startsWith("_") ? key : null;
    }

    private static void putIfGiven(Map<String, Object> body, String name, String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static Change rejected(Row row, String externalId, String reason) {
        return new Change(LeadChange.rejected(row.number(), row.line(), externalId, reason), Map.of());
    }
}
