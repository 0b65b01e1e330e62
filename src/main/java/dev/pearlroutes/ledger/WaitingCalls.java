package dev.pearlroutes.ledger;

import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;

/** Final calls whose event waits for what their lead can tell. */
public final class WaitingCalls {
    /** Leads of one number that are considered, the newest first. */
    private static final int MOST_CANDIDATES = 20;

    static final String CANDIDATES =
            "SELECT l.source_id, l.row_no, l.external_id, l.lead_id, s.name, s.dropped_as, s.queue, l.line, s.started_at"
                    + " FROM lead l"
                    + " JOIN source s ON s.id = l.source_id WHERE l.outbound = ? AND l.phone = ?"
                    + " AND l.state IN ('sending', 'accepted', 'unknown') ORDER BY l.source_id DESC, l.row_no DESC LIMIT ?";

    private final Ledger ledger;

    public WaitingCalls(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A call that waits.
     *
     * @param tries how often its lead could not be asked
     * @param told digest of what an event has said of the call as it is; null when none has
     * @param seen as in {@link Calls.Seen#json()}
     */
    public record Waiting(String outbound, String callId, byte[] fingerprint, int tries, byte[] told, String seen) {

        @Override
        public String toString() {
            return "Waiting[callId=" + callId + ", tries=" + tries + "]";
        }
    }

    /** The calls of these outbounds whose lead is to be asked now, the longest due first. */
    public List<Waiting> due(Collection<String> outbounds, Instant at, int most) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT outbound, call_id, fingerprint, tries, told, seen FROM call"
                            + " WHERE join_at <= ? AND outbound IN (SELECT value FROM json_each(?))"
                            + " ORDER BY join_at LIMIT ?")) {
                select.setLong(1, at.toEpochMilli());
                select.setString(2, History.json(outbounds));
                select.setInt(3, most);
                List<Waiting> due = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        due.add(new Waiting(
                                row.getString(1),
                                row.getString(2),
                                row.getBytes(3),
                                row.getInt(4),
                                row.getBytes(5),
                                row.getString(6)));
                    }
                }
                return due;
            }
        });
    }

    /** The rows of an outbound that hold a number, the newest first. @param to in E.164; null for none */
    public List<LeadRef> candidates(String outbound, String to) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement(CANDIDATES)) {
                return candidates(select, ledger.keyedHash(), outbound, to);
            }
        });
    }

    /**
     * Tells of a call, in one transaction with the outcome of its row; of what was told already the outcome alone.
     *
     * @param content digest of what the event says
     * @param outcome of the row that the call belongs to; null when it belongs to none
     * @param again when its lead is asked once more for what is still missing; null for never
     * @param event makes the event of a revision
     * @return false when the call has changed since it was read from here: nothing is told then, and it stays due
     */
    public boolean tell(
            Waiting call,
            LeadRef row,
            CallOutcome outcome,
            byte[] content,
            Instant at,
            Instant again,
            IntFunction<Event> event) {
        return ledger.onConnection(c -> {
            int before = revision(c, call);
            if (before < 0) {
                return false;
            }
            int revision = Arrays.equals(content, call.told()) ? before : before + 1;
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE call SET revision = ?, tries = ?, join_at = ?, told = ?,"
                            + " seen = CASE WHEN ? THEN seen END WHERE outbound = ? AND call_id = ?")) {
                update.setInt(1, revision);
                update.setInt(2, again == null ? 0 : call.tries() + 1);
                update.setObject(3, again == null ? null : again.toEpochMilli());
                update.setBytes(4, content);
                update.setBoolean(5, again != null);
                update.setString(6, call.outbound());
                update.setString(7, call.callId());
                update.executeUpdate();
            }
            join(c, call.outbound(), call.callId(), row, at);
            if (row != null) {
                CallOutcomes.record(c, row, outcome, at);
            }
            if (revision > before) {
                Outbox.append(c, List.of(event.apply(revision)));
            }
            return true;
        });
    }

    /** Its lead could not be asked. @param again when it is asked next; null when it is given up */
    public void postpone(Waiting call, Instant again) {
        ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement("UPDATE call SET tries = tries + 1, join_at = ?,"
                    + " seen = CASE WHEN ? THEN seen END"
                    + " WHERE outbound = ? AND call_id = ? AND fingerprint = ? AND join_at IS NOT NULL")) {
                update.setObject(1, again == null ? null : again.toEpochMilli());
                update.setBoolean(2, again != null);
                update.setString(3, call.outbound());
                update.setString(4, call.callId());
                update.setBytes(5, call.fingerprint());
                return update.executeUpdate();
            }
        });
    }

    /** Inside the caller's transaction. @param select of {@link #CANDIDATES}, to be prepared once for many numbers */
    static List<LeadRef> candidates(PreparedStatement select, KeyedHash hash, String outbound, String to)
            throws SQLException {
        List<LeadRef> candidates = new ArrayList<>();
        if (to == null) {
            return candidates;
        }
        select.setString(1, outbound);
        select.setBytes(2, hash.of(to));
        select.setInt(3, MOST_CANDIDATES);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                candidates.add(new LeadRef(
                        row.getLong(1),
                        row.getLong(2),
                        Origin.of(row.getString(5), row.getString(6), row.getString(7), row.getLong(8)),
                        Instant.ofEpochMilli(row.getLong(9)),
                        row.getString(3),
                        row.getString(4)));
            }
        }
        return candidates;
    }

    /** Inside the caller's transaction: whether a call of the outbound waits of which nothing was told. */
    static boolean untold(Connection c, String outbound) throws SQLException {
        // Left to itself SQLite would go through all calls of the outbound.
        try (PreparedStatement select = c.prepareStatement("SELECT 1 FROM call INDEXED BY call_waiting"
                + " WHERE outbound = ? AND join_at IS NOT NULL AND revision = 0 LIMIT 1")) {
            select.setString(1, outbound);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Inside the caller's transaction: the call belongs to this row and no other. @param row null for none */
    static void join(Connection c, String outbound, String callId, LeadRef row, Instant at) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(
                "SELECT source_id, row_no FROM call WHERE outbound = ? AND call_id = ? AND source_id IS NOT NULL")) {
            select.setString(1, outbound);
            select.setString(2, callId);
            try (ResultSet before = select.executeQuery()) {
                if (before.next()
                        && (row == null || before.getLong(1) != row.sourceId() || before.getLong(2) != row.row())) {
                    CallOutcomes.withdraw(c, before.getLong(1), before.getLong(2), callId, at);
                }
            }
        }
        try (PreparedStatement update =
                c.prepareStatement("UPDATE call SET source_id = ?, row_no = ? WHERE outbound = ? AND call_id = ?")) {
            update.setObject(1, row == null ? null : row.sourceId());
            update.setObject(2, row == null ? null : row.row());
            update.setString(3, outbound);
            update.setString(4, callId);
            update.executeUpdate();
        }
    }

    private static int revision(Connection c, Waiting call) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT revision, fingerprint FROM call"
                + " WHERE outbound = ? AND call_id = ? AND join_at IS NOT NULL")) {
            select.setString(1, call.outbound());
            select.setString(2, call.callId());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && Arrays.equals(row.getBytes(2), call.fingerprint()) ? row.getInt(1) : -1;
            }
        }
    }
}
