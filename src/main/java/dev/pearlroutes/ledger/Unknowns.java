package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The leads in the ledger whose answer never came, until a look-up or a person settles them. */
public final class Unknowns {
    private static final String INTERRUPTED = "stopped while the request was on the wire";
    private static final String GIVEN_UP = "unknown and given up by a person";

    private final Ledger ledger;
    private final BiFunction<Source, Outcome, Event> eventOf;
    private final Duration settleTime;
    private volatile long count;

    public Unknowns(Ledger ledger, BiFunction<Source, Outcome, Event> eventOf, Duration settleTime) {
        this.ledger = ledger;
        this.eventOf = eventOf;
        this.settleTime = settleTime;
    }

    /**
     * The newest lead of an outbound that was accepted by its own answer: what a search must find before its finding nothing
     * else means anything. A lead that a look-up found is none, since that tells nothing of when it was added.
     *
     * @param acceptedAt a time before which it was not accepted: when its request began
     */
    public record Control(String externalId, String leadId, Instant acceptedAt) {}

    /**
     * To be called at start, when nothing is on the wire: what was sending when the process died has an answer nobody heard.
     * Leads that were held are looked up once more, since the policy may have changed.
     *
     * @return how many were sending
     */
    public int recover(Instant at) {
        return ledger.onConnection(c -> {
            int interrupted = interrupted(c, "state = 'sending'", List.of(), at);
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE lead SET look_up_at = ? WHERE state = 'unknown' AND look_up_at IS NULL")) {
                update.setLong(1, at.toEpochMilli());
                update.executeUpdate();
            }
            return interrupted;
        });
    }

    /**
     * To be called for a source that no run works on: what it left sending has an answer that is not on record. A lead that a
     * look-up is sending again is left to that.
     *
     * @return how many there were
     */
    public int recover(long sourceId, Instant at) {
        // The plus keeps SQLite from reading all rows of the source.
        return ledger.onConnection(c ->
                interrupted(c, "+source_id = ? AND state = 'sending' AND look_up_at IS NULL", List.of(sourceId), at));
    }

    private int interrupted(Connection c, String condition, List<?> values, Instant at) throws SQLException {
        List<UnknownLead> leads = read(c, condition, values);
        try (PreparedStatement update = c.prepareStatement("UPDATE lead SET state = 'unknown', reason = ?, at = ?,"
                + " look_up_at = ?, released = 0 WHERE source_id = ? AND row_no = ?")) {
            for (UnknownLead lead : leads) {
                update.setString(1, INTERRUPTED);
                update.setLong(2, at.toEpochMilli());
                update.setLong(3, at.plus(settleTime).toEpochMilli());
                update.setLong(4, lead.source().id());
                update.setLong(5, lead.row());
                update.addBatch();
            }
            update.executeBatch();
        }
        Outbox.append(c, leads.stream().map(this::unknownEvent).toList());
        return leads.size();
    }

    /** The leads of an outbound to be looked up now, those that wait longest first. */
    public List<UnknownLead> due(String outbound, Instant now, int most) {
        return ledger.onConnection(c -> read(
                c,
                "state = 'unknown' AND outbound = ? AND look_up_at <= ? ORDER BY look_up_at LIMIT ?",
                List.of(outbound, now.toEpochMilli(), most)));
    }

    /**
     * Keeps a lead unknown.
     *
     * @param next when to look it up again
     * @param lostAt when the answer to a request that was made again is given up; null when that request never left
     */
    public void keep(UnknownLead lead, Instant next, String reason, Instant lostAt) {
        ledger.onConnection(c -> keep(c, lead, next, reason, lostAt));
    }

    /** Holds an unknown lead for a person: no look-up before the next start, unless it was released meanwhile. */
    public void hold(UnknownLead lead, String reason, Instant at) {
        ledger.onConnection(c -> {
            keep(c, lead, null, reason, null);
            Sources.markChanged(c, lead.source().id(), at);
            return null;
        });
    }

    private static int keep(Connection c, UnknownLead lead, Instant next, String reason, Instant lostAt)
            throws SQLException {
        try (PreparedStatement update = c.prepareStatement(
                "UPDATE lead SET state = 'unknown', at = CASE state WHEN 'sending' THEN coalesce(?, at) ELSE at END,"
                        + " look_up_at = coalesce(?, CASE released WHEN 1 THEN look_up_at END), reason = ? WHERE source_id = ? AND row_no = ? AND state IN ('unknown', 'sending')")) {
            update.setObject(1, lostAt == null ? null : lostAt.toEpochMilli());
            update.setObject(2, next == null ? null : next.toEpochMilli());
            update.setString(3, reason);
            update.setLong(4, lead.source().id());
            update.setLong(5, lead.row());
            return update.executeUpdate();
        }
    }

    /**
     * Makes the intent durable once more, before its request. It keeps the time of its look-up, which tells it from an intent
     * of a run.
     *
     * @return false when the lead is not unknown any more
     */
    public boolean sendAgain(UnknownLead lead) {
        return ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement("UPDATE lead SET state = 'sending'"
                    + " WHERE source_id = ? AND row_no = ? AND state = 'unknown'")) {
                update.setLong(1, lead.source().id());
                update.setLong(2, lead.row());
                return update.executeUpdate() == 1;
            }
        });
    }

    /**
     * The unknown leads, by outbound and file.
     *
     * @param outbound null for all
     * @param file name of the source; null for all
     */
    public List<UnknownLead> list(String outbound, String file) {
        // The plus keeps SQLite from reading the whole table in the order asked for.
        return ledger.onConnection(c -> read(c, "state = 'unknown' ORDER BY +source_id, row_no", List.of()).stream()
                .filter(lead ->
                        outbound == null || outbound.equals(lead.source().outbound()))
                .filter(lead -> file == null || file.equals(lead.source().name()))
                .toList());
    }

    /**
     * Lets a lead be sent again, by a person's decision: it is looked up once more, not before its settle time is over, and
     * goes unless it is found.
     *
     * @return false when the lead is not unknown any more
     */
    public boolean release(UnknownLead lead, Instant at) {
        return ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE lead SET released = 1, look_up_at = max(?, at + ?),"
                            + " reason = 'released: is looked up once more and sent again unless it is found'"
                            + " WHERE source_id = ? AND row_no = ? AND state = 'unknown'")) {
                update.setLong(1, at.toEpochMilli());
                update.setLong(2, settleTime.toMillis());
                update.setLong(3, lead.source().id());
                update.setLong(4, lead.row());
                boolean released = update.executeUpdate() == 1;
                if (released) {
                    Sources.markChanged(c, lead.source().id(), at);
                }
                return released;
            }
        });
    }

    /**
     * Gives a lead up, by a person's decision: it is cancelled and its key is free.
     *
     * @param phoneNumber for the event
     * @return false when the lead is not unknown any more
     */
    public boolean giveUp(UnknownLead lead, String phoneNumber, Instant at) {
        Outcome cancelled = new Outcome(
                lead.row(), lead.line(), RowState.CANCELLED, lead.externalId(), null, GIVEN_UP, phoneNumber);
        return ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE lead SET state = 'cancelled', reason = ?, at = ?,"
                            + " look_up_at = NULL, released = 0, body = NULL"
                            + " WHERE source_id = ? AND row_no = ? AND state = 'unknown'")) {
                update.setString(1, GIVEN_UP);
                update.setLong(2, at.toEpochMilli());
                update.setLong(3, lead.source().id());
                update.setLong(4, lead.row());
                boolean given = update.executeUpdate() == 1;
                if (given) {
                    Sources.markChanged(c, lead.source().id(), at);
                    Outbox.append(c, List.of(eventOf.apply(lead.source(), cancelled)));
                }
                return given;
            }
        });
    }

    public Optional<Control> control(String outbound) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement(
                    "SELECT external_id, lead_id, at FROM lead"
                            + " WHERE outbound = ? AND state = 'accepted' AND found_at IS NULL AND external_id IS NOT NULL ORDER BY at DESC LIMIT 1")) {
                select.setString(1, outbound);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Control(
                                    row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * The API's ids of the leads that have an externalId, null for each that has none yet. Of more than one, the externalId
     * alone does not tell which a look-up has found.
     */
    public List<String> leadIds(String outbound, String externalId) {
        return ledger.onConnection(c -> {
            List<String> ids = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT lead_id FROM lead WHERE outbound = ?"
                    + " AND external_id = ? AND state IN ('sending', 'accepted', 'unknown')")) {
                select.setString(1, outbound);
                select.setString(2, externalId);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getString(1));
                    }
                }
            }
            return ids;
        });
    }

    /** How many leads were unknown at the last {@link #recount}; asking never waits for the ledger. */
    public long count() {
        return count;
    }

    /** Counts the unknown leads, for health and for people. */
    public void recount() {
        count = ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT count(*) FROM lead WHERE state = 'unknown'");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private Event unknownEvent(UnknownLead lead) {
        return eventOf.apply(
                lead.source(),
                new Outcome(lead.row(), lead.line(), RowState.UNKNOWN, lead.externalId(), null, INTERRUPTED, null));
    }

    private List<UnknownLead> read(Connection c, String condition, List<?> values) throws SQLException {
        List<UnknownLead> leads = new ArrayList<>();
        Map<Long, Source> known = new HashMap<>();
        try (PreparedStatement select = c.prepareStatement(
                "SELECT source_id, row_no, line, external_id, body, at, released, reason FROM lead WHERE "
                        + condition)) {
            Sql.set(select, values.toArray());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Source source = known.get(row.getLong(1));
                    if (source == null) {
                        source = Sources.find(c, row.getLong(1)).orElseThrow();
                        known.put(source.id(), source);
                    }
                    leads.add(new UnknownLead(
                            source,
                            row.getLong(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getString(5),
                            Instant.ofEpochMilli(row.getLong(6)),
                            row.getBoolean(7),
                            row.getString(8)));
                }
            }
        }
        return leads;
    }
}
