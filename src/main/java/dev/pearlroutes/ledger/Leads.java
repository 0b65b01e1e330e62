package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * The Idempotent Receiver: intents before they are sent, outcomes afterwards. A key is held by rows that are sending, accepted or
 * unknown. By default it is the externalId, for ever, and at most one row of an outbound holds it; the database itself enforces
 * that.
 */
public final class Leads {
    private final Ledger ledger;
    private final BiFunction<Source, Outcome, Event> eventOf;
    private final Duration settleTime;
    private final Map<String, LeadIdentity> identities;
    private volatile BiConsumer<String, byte[]> callable = (outbound, phone) -> {};

    /** The same where every outbound has the default identity. */
    public Leads(Ledger ledger, BiFunction<Source, Outcome, Event> eventOf, Duration settleTime) {
        this(ledger, eventOf, settleTime, Map.of());
    }

    /**
     * @param eventOf the event that tells of an outcome; recorded in the same transaction
     * @param settleTime how long a lead is unknown before it is looked up
     * @param identities by outbound; one that is missing has the default
     */
    public Leads(
            Ledger ledger,
            BiFunction<Source, Outcome, Event> eventOf,
            Duration settleTime,
            Map<String, LeadIdentity> identities) {
        this.ledger = ledger;
        this.eventOf = eventOf;
        this.settleTime = settleTime;
        this.identities = Map.copyOf(identities);
    }

    /** @param listener hears of each lead that was accepted, once that is on record: its outbound and the hash of its number */
    public void whenCallable(BiConsumer<String, byte[]> listener) {
        callable = listener;
    }

    /**
     * Makes the intents of a batch durable. Rows that already have an outcome (the source is read again after a crash) and
     * rows that are rejected or duplicate fall out.
     *
     * @return the rows to send, each exactly once
     */
    public List<LeadIntent> plan(Source source, List<LeadIntent> batch, Instant at) {
        return ledger.onConnection(c -> {
            List<LeadIntent> open = withoutDone(c, source, batch);
            List<Outcome> planned = plan(c, source, open, Map.of(), at);
            List<LeadIntent> intents = new ArrayList<>();
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < planned.size(); i++) {
                if (planned.get(i).state() == RowState.SENDING) {
                    intents.add(open.get(i));
                } else {
                    events.add(eventOf.apply(source, planned.get(i)));
                }
            }
            ApprovalStore.planned(c, source, intents.size());
            Outbox.append(c, events);
            return intents;
        });
    }

    /**
     * What {@link #plan} would make of rows now, after those that were rehearsed before. The ledger is only read; what a plan
     * leaves in it is left in the rehearsal.
     *
     * @return an outcome for each row, in order; SENDING for one that would be sent
     */
    public List<Outcome> rehearse(DryRunLedger rehearsal, List<LeadIntent> batch, Instant at) {
        Source source = rehearsal.source();
        Map<Long, String> duplicates = ledger.onConnection(c -> duplicates(c, source, batch, at));
        return rehearsal.transaction(c -> plan(c, source, batch, duplicates, at));
    }

    /** Why rows are duplicates of leads in the ledger, whatever stands above them in their source; by their numbers. */
    private Map<Long, String> duplicates(Connection c, Source source, List<LeadIntent> batch, Instant at)
            throws SQLException {
        Map<Long, String> duplicates = new HashMap<>();
        try (DuplicateCheck holders = new DuplicateCheck(c, source, identity(source), at)) {
            for (LeadIntent row : batch) {
                String duplicate = row.rejection() != null
                        ? null
                        : holders.duplicateInLedger(
                                row,
                                ledger.keyedHash().content(row.body()),
                                ledger.keyedHash().of(row.phoneNumber()));
                if (duplicate != null) {
                    duplicates.put(row.row(), duplicate);
                }
            }
        }
        return duplicates;
    }

    private LeadIdentity identity(Source source) {
        return identities.getOrDefault(source.outbound(), LeadIdentity.DEFAULT);
    }

    /**
     * @param duplicates why rows are duplicates, as far as that is known already; by their numbers
     * @return an outcome for each row, in order
     */
    private List<Outcome> plan(
            Connection c, Source source, List<LeadIntent> open, Map<Long, String> duplicates, Instant at)
            throws SQLException {
        List<Outcome> planned = new ArrayList<>();
        try (DuplicateCheck holders = new DuplicateCheck(c, source, identity(source), at);
                PreparedStatement insert = c.prepareStatement(
                        "INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, reason, content,"
                                + " phone, body, at, turn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (LeadIntent row : open) {
                planned.add(plan(insert, holders, source, row, duplicates.get(row.row()), at));
            }
            insert.executeBatch();
        }
        return planned;
    }

    /** Records what became of intents, each with its event, and puts the unsent ones back, all in one transaction. */
    public void record(Source source, List<Outcome> outcomes, List<LeadIntent> unsent, Instant at) {
        ledger.onConnection(c -> {
            update(c, source, outcomes, at);
            List<Event> events = outcomes.stream()
                    .map(outcome -> eventOf.apply(source, outcome))
                    .toList();
            try (PreparedStatement delete =
                    c.prepareStatement("DELETE FROM lead WHERE source_id = ? AND row_no = ? AND state = 'sending'")) {
                for (LeadIntent row : unsent) {
                    delete.setLong(1, source.id());
                    delete.setLong(2, row.row());
                    delete.addBatch();
                }
                delete.executeBatch();
            }
            ApprovalStore.planned(c, source, -unsent.size());
            Outbox.append(c, events);
            return null;
        });
        outcomes.forEach(outcome -> tell(source, outcome));
    }

    private void tell(Source source, Outcome outcome) {
        if (outcome.state() == RowState.ACCEPTED && outcome.phoneNumber() != null) {
            callable.accept(source.outbound(), ledger.keyedHash().of(outcome.phoneNumber()));
        }
    }

    /**
     * Records what became of a lead that was unknown; the receipt of its source has to be written anew.
     *
     * @param found whether a look-up told it, and not the lead's own answer
     */
    public void settle(Source source, Outcome outcome, boolean found, Instant at) {
        ledger.onConnection(c -> {
            if (update(c, source, List.of(outcome), at) == 0) {
                // A person has given it up meanwhile: that has been told.
                return null;
            }
            if (found) {
                try (PreparedStatement update =
                        c.prepareStatement("UPDATE lead SET found_at = ? WHERE source_id = ? AND row_no = ?")) {
                    update.setLong(1, at.toEpochMilli());
                    update.setLong(2, source.id());
                    update.setLong(3, outcome.row());
                    update.executeUpdate();
                }
            }
            Sources.markChanged(c, source.id(), at);
            Outbox.append(c, List.of(eventOf.apply(source, outcome)));
            return null;
        });
        tell(source, outcome);
    }

    /** Outcomes of a source's rows by row number, for rows {@code from} to {@code to}, both included. */
    public Map<Long, Outcome> outcomes(Source source, long from, long to) {
        return ledger.readOnConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT row_no, line, state, external_id, lead_id, reason"
                            + " FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ?")) {
                select.setLong(1, source.id());
                select.setLong(2, from);
                select.setLong(3, to);
                Map<Long, Outcome> outcomes = new HashMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        outcomes.put(
                                row.getLong(1),
                                new Outcome(
                                        row.getLong(1),
                                        row.getLong(2),
                                        RowState.of(row.getString(3)),
                                        row.getString(4),
                                        row.getString(5),
                                        row.getString(6),
                                        null));
                    }
                }
                return outcomes;
            }
        });
    }

    /** How many rows from the beginning of a source are planned already, unless there is a gap among them: then 0. */
    public long planned(Source source) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT count(*), max(row_no) FROM lead WHERE source_id = ?")) {
                select.setLong(1, source.id());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && row.getLong(1) == row.getLong(2) ? row.getLong(1) : 0L;
                }
            }
        });
    }

    /** Whether the API has ever accepted a lead for the outbound, which proves that its id is right. */
    public boolean everAccepted(String outbound) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT 1 FROM lead WHERE outbound = ? AND state = 'accepted' LIMIT 1")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** @return how many rows were open still */
    private int update(Connection c, Source source, List<Outcome> outcomes, Instant at) throws SQLException {
        // The body is kept while the intent is open: an unknown lead may have to be sent again.
        try (PreparedStatement update =
                c.prepareStatement("UPDATE lead SET state = ?, lead_id = ?, reason = ?, at = ?, look_up_at = ?,"
                        + " released = 0,"
                        + " body = CASE WHEN ? THEN body END"
                        + " WHERE source_id = ? AND row_no = ? AND state IN ('sending', 'unknown')")) {
            for (Outcome outcome : outcomes) {
                boolean unknown = outcome.state() == RowState.UNKNOWN;
                Instant since = outcome.at() == null ? at : outcome.at();
                update.setString(1, outcome.state().word());
                update.setString(2, outcome.leadId());
                update.setString(3, outcome.reason());
                update.setLong(4, since.toEpochMilli());
                update.setObject(5, unknown ? since.plus(settleTime).toEpochMilli() : null);
                update.setBoolean(6, unknown);
                update.setLong(7, source.id());
                update.setLong(8, outcome.row());
                update.addBatch();
            }
            return Arrays.stream(update.executeBatch()).sum();
        }
    }

    private Outcome plan(
            PreparedStatement insert,
            DuplicateCheck holders,
            Source source,
            LeadIntent row,
            String duplicate,
            Instant at)
            throws SQLException {
        boolean rejected = row.rejection() != null;
        byte[] content = rejected ? null : ledger.keyedHash().content(row.body());
        byte[] phone = rejected ? null : ledger.keyedHash().of(row.phoneNumber());
        DuplicateCheck.Verdict verdict = rejected
                ? new DuplicateCheck.Verdict(null, 0)
                : duplicate != null ? new DuplicateCheck.Verdict(duplicate, 0) : holders.judge(row, content, phone);
        boolean sending = !rejected && verdict.duplicate() == null;
        RowState state = rejected ? RowState.REJECTED : sending ? RowState.SENDING : RowState.DUPLICATE;
        String reason = rejected ? row.rejection() : verdict.duplicate();
        insert.setLong(1, source.id());
        insert.setLong(2, row.row());
        insert.setLong(3, row.line());
        insert.setString(4, source.outbound());
        insert.setString(5, row.externalId());
        insert.setString(6, state.word());
        insert.setString(7, reason);
        setBytes(insert, 8, sending ? content : null);
        setBytes(insert, 9, sending ? phone : null);
        insert.setString(10, sending ? row.body() : null);
        insert.setLong(11, at.toEpochMilli());
        insert.setInt(12, sending ? verdict.turn() : 0);
        insert.addBatch();
        return new Outcome(row.row(), row.line(), state, row.externalId(), null, reason, row.phoneNumber());
    }

    private static void setBytes(PreparedStatement statement, int index, byte[] bytes) throws SQLException {
        if (bytes == null) {
            statement.setNull(index, Types.BLOB);
        } else {
            statement.setBytes(index, bytes);
        }
    }

    private static List<LeadIntent> withoutDone(Connection c, Source source, List<LeadIntent> batch)
            throws SQLException {
        if (batch.isEmpty()) {
            return batch;
        }
        Set<Long> done =
                done(c, source, batch.get(0).row(), batch.get(batch.size() - 1).row());
        return done.isEmpty()
                ? batch
                : batch.stream().filter(row -> !done.contains(row.row())).toList();
    }

    /** Inside the caller's transaction: which rows of a source are on record, of those from one to another. */
    static Set<Long> done(Connection c, Source source, long from, long to) throws SQLException {
        Set<Long> done = new HashSet<>();
        try (PreparedStatement select =
                c.prepareStatement("SELECT row_no FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ?")) {
            select.setLong(1, source.id());
            select.setLong(2, from);
            select.setLong(3, to);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    done.add(row.getLong(1));
                }
            }
        }
        return done;
    }
}
