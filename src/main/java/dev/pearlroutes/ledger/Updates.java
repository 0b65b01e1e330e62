package dev.pearlroutes.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Rows about leads that exist already: what the ledger knows of their leads, and what became of them. Updating and looking up
 * may be done twice, so there are no intents; but what an update changes of a lead changes here too, since its key blocks
 * duplicates and its number joins calls.
 */
public final class Updates {
    private static final String ANOTHER_LEADS = "externalId is already that of another lead";
    private static final String NUMBER_OF_ANOTHER =
            "the lead has no externalId of its own, and another such lead has the new number already";
    private static final String ANOTHER_LEADS_NUMBER = "phoneNumber is already that of another lead";
    private static final String SEVERAL_UNDER_ID =
            "several leads have this externalId, with different numbers: give the leadId of one";
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Ledger ledger;
    private final BiFunction<Source, Outcome, Event> eventOf;
    private final BiFunction<Source, Outcome, Event> eventOfStopped;
    private final Map<String, LeadIdentity> identities;
    private final ObjectMapper json = new ObjectMapper();
    private volatile BiConsumer<String, byte[]> callable = (outbound, phone) -> {};

    /**
     * @param eventOf the event that tells of the outcome of an update
     * @param eventOfStopped the event that tells of an accepted lead that an update has stopped
     * @param identities by outbound; one that is missing has the default
     */
    public Updates(
            Ledger ledger,
            BiFunction<Source, Outcome, Event> eventOf,
            BiFunction<Source, Outcome, Event> eventOfStopped,
            Map<String, LeadIdentity> identities) {
        this.ledger = ledger;
        this.eventOf = eventOf;
        this.eventOfStopped = eventOfStopped;
        this.identities = Map.copyOf(identities);
    }

    /** @param listener hears of each lead that an update may have made callable: its outbound and the hash of its number */
    public void whenCallable(BiConsumer<String, byte[]> listener) {
        callable = listener;
    }

    /** What became of a row. @param found what a look-up found, for its result file; empty for an update */
    public record Done(LeadChange row, Outcome outcome, Map<String, Object> found) {}

    /**
     * Leaves out the rows that have an outcome already (the source is read again after a crash), records those that nothing
     * can be asked for, and adds what the ledger knows to the rest.
     *
     * @return the rows to ask the API for, with the id of their lead where the ledger knows it
     */
    public List<LeadChange> plan(Source source, List<LeadChange> batch, Instant at) {
        return ledger.onConnection(c -> {
            Set<Long> done = Leads.done(
                    c, source, batch.get(0).row(), batch.get(batch.size() - 1).row());
            List<LeadChange> open = new ArrayList<>();
            List<Done> refused = new ArrayList<>();
            for (LeadChange row : batch) {
                if (!done.contains(row.row())) {
                    plan(c, source, row, at, open, refused);
                }
            }
            insert(c, source, refused, at);
            return open;
        });
    }

    /** Records what became of rows, each with its event, and what was changed of their leads. */
    public void record(Source source, List<Done> rows, Instant at) {
        List<byte[]> callableAgain = ledger.onConnection(c -> {
            List<byte[]> phones = new ArrayList<>();
            insert(c, source, rows, at);
            for (Done each : rows) {
                if (each.outcome().state() == RowState.UPDATED) {
                    follow(c, source, each.row(), at, phones);
                } else if (!source.operation().dropped()) {
                    // The API refuses to stop it, which the receipt tells; to ask again for ever would help nobody.
                    StoppedLeads.refused(c, source.outbound(), each.row(), at);
                }
            }
            return phones;
        });
        callableAgain.forEach(phone -> callable.accept(source.outbound(), phone));
    }

    /** What the look-ups of a source found, by row number, for rows {@code from} to {@code to}, both included. */
    public Map<Long, Map<String, Object>> found(Source source, long from, long to) {
        return ledger.onConnection(c -> {
            Map<Long, Map<String, Object>> found = new HashMap<>();
            try (PreparedStatement select = c.prepareStatement(
                    "SELECT row_no, found FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ? AND found IS NOT NULL")) {
                select.setLong(1, source.id());
                select.setLong(2, from);
                select.setLong(3, to);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.put(row.getLong(1), json.readValue(row.getString(2), OBJECT));
                    }
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the ledger holds the finding of a look-up that is no JSON");
            }
            return found;
        });
    }

    private void plan(
            Connection c, Source source, LeadChange row, Instant at, List<LeadChange> open, List<Done> refused)
            throws SQLException {
        if (row.rejection() != null) {
            refused.add(refusal(row, RowState.REJECTED, row.rejection()));
            return;
        }
        LeadIdentity identity = identities.getOrDefault(source.outbound(), LeadIdentity.DEFAULT);
        KnownLeads leads = new KnownLeads(c, source.outbound(), ledger.keyedHash());
        List<KnownLeads.Known> known = leads.of(row);
        if (row.leadId() == null && row.externalId() == null && known.size() != 1) {
            String reason = known.isEmpty()
                    ? "the ledger knows no lead with this number: give its leadId or externalId"
                    : "several leads have this number: give the leadId or externalId of one";
            refused.add(refusal(row, RowState.MISSING, reason));
            return;
        }
        if (known.stream().map(KnownLeads.Known::number).distinct().count() > 1) {
            boolean lookup = source.operation() == Source.Operation.LOOKUP;
            refused.add(refusal(row, lookup ? RowState.MISSING : RowState.REJECTED, SEVERAL_UNDER_ID));
            return;
        }
        KnownLeads.Known lead = known.isEmpty() ? null : known.get(0);
        String newExternalId = row.newExternalId();
        boolean derived = lead != null && newExternalId == null && row.newPhoneNumber() != null && lead.hasDerivedId();
        if (derived) {
            // The id stands for the number, so it goes with it: else a later row with the new number were a new lead.
            newExternalId = ledger.keyedHash().derivedExternalId(source.outbound(), row.newPhoneNumber());
        }
        String leadId = lead == null ? row.leadId() : lead.leadId();
        LeadChange named = row.with(leadId, newExternalId);
        if (newExternalId != null
                && (leads.othersHave(newExternalId, leadId) || isGiven(open, named, LeadChange::newExternalId))) {
            refused.add(refusal(row, RowState.REJECTED, derived ? NUMBER_OF_ANOTHER : ANOTHER_LEADS));
        } else if (row.newPhoneNumber() != null
                && (leads.othersHold(row.newPhoneNumber(), leadId, identity, at)
                        || identity.byPhone() && isGiven(open, named, LeadChange::newPhoneNumber))) {
            refused.add(refusal(row, RowState.REJECTED, ANOTHER_LEADS_NUMBER));
        } else {
            open.add(named);
        }
    }

    /** Whether an earlier row of the batch gives the key of a row to another lead. */
    private static boolean isGiven(List<LeadChange> earlier, LeadChange row, Function<LeadChange, String> key) {
        return earlier.stream()
                .filter(each -> key.apply(row).equals(key.apply(each)))
                .anyMatch(each -> row.leadId() == null
                        ? !Objects.equals(row.externalId(), each.externalId())
                        : !row.leadId().equals(each.leadId()));
    }

    private static Done refusal(LeadChange row, RowState state, String reason) {
        Outcome outcome = new Outcome(row.row(), row.line(), state, row.externalId(), row.leadId(), reason, null);
        return new Done(row, outcome, Map.of());
    }

    /** Takes over what an update changed. A key that another row took meanwhile stays with that one. */
    private void follow(Connection c, Source source, LeadChange row, Instant at, List<byte[]> callableAgain)
            throws SQLException {
        String outbound = source.outbound();
        KnownLeads leads = new KnownLeads(c, outbound, ledger.keyedHash());
        if (row.newPhoneNumber() != null) {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE lead SET phone = ? WHERE outbound = ? AND lead_id = ? AND state = 'accepted'")) {
                update.setBytes(1, ledger.keyedHash().of(row.newPhoneNumber()));
                update.setString(2, outbound);
                update.setString(3, row.leadId());
                update.executeUpdate();
            }
        }
        if (row.newExternalId() != null && !leads.othersHave(row.newExternalId(), row.leadId())) {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE lead SET external_id = ? WHERE outbound = ? AND lead_id = ? AND state = 'accepted'")) {
                update.setString(1, row.newExternalId());
                update.setString(2, outbound);
                update.setString(3, row.leadId());
                update.executeUpdate();
            }
        }
        if (row.newStatus() != null) {
            StoppedLeads.changed(c, source, row, at, eventOfStopped);
        }
        if (row.newPhoneNumber() != null || row.reopens()) {
            leads.of(row).stream()
                    .map(KnownLeads.Known::phone)
                    .filter(Objects::nonNull)
                    .forEach(callableAgain::add);
        }
    }

    private void insert(Connection c, Source source, List<Done> rows, Instant at) throws SQLException {
        List<Event> events = new ArrayList<>();
        try (PreparedStatement insert =
                c.prepareStatement("INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, lead_id,"
                        + " reason, found, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Done each : rows) {
                Outcome outcome = each.outcome();
                insert.setLong(1, source.id());
                insert.setLong(2, outcome.row());
                insert.setLong(3, outcome.line());
                insert.setString(4, source.outbound());
                insert.setString(5, outcome.externalId());
                insert.setString(6, outcome.state().word());
                insert.setString(7, outcome.leadId());
                insert.setString(8, outcome.reason());
                insert.setString(9, each.found().isEmpty() ? null : text(each.found()));
                insert.setLong(10, at.toEpochMilli());
                insert.addBatch();
                if (source.operation() != Source.Operation.LOOKUP) {
                    events.add(eventOf.apply(source, outcome));
                }
            }
            insert.executeBatch();
        }
        Outbox.append(c, events);
    }

    private String text(Map<String, Object> found) {
        try {
            return json.writeValueAsString(found);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }
}
