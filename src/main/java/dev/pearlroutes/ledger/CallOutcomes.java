package dev.pearlroutes.ledger;

import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What came of the rows of a source, kept up to date with each event of a call that is joined to one. */
public final class CallOutcomes {
    /** A call that was being placed when its lead was stopped begins within so long, and is known from then on. */
    public static final Duration STOP_TAKES_EFFECT = Duration.ofMinutes(10);

    private static final String STOP_STATE = "CASE WHEN coalesce(l.stopped_at, 0) <= 0 OR l.stop_refused THEN 'NONE'"
            + " WHEN l.stopped_at > (SELECT position FROM cursor k WHERE k.outbound = l.outbound) - "
            + STOP_TAKES_EFFECT.toMillis()
            + " OR NOT EXISTS (SELECT 1 FROM cursor k WHERE k.outbound = l.outbound)"
            + " OR EXISTS (SELECT 1 FROM call c WHERE c.source_id = l.source_id AND c.row_no = l.row_no"
            + " AND (c.read_at IS NOT NULL OR c.join_at IS NOT NULL AND c.revision = 0))"
            + " THEN 'STOPPED' ELSE 'OVER' END AS stop";

    private final Ledger ledger;

    public CallOutcomes(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What became of a source's rows by row number, for rows {@code from} to {@code to}, both included. */
    public Map<Long, RowResult> of(Source source, long from, long to) {
        return ledger.readOnConnection(c -> {
            try (PreparedStatement select = c.prepareStatement(
                    "SELECT l.row_no, l.state, l.lead_id, l.reason, l.silent_at IS NOT NULL AS silent, " + STOP_STATE
                            + ", o.call_id,"
                            + " o.status, o.final, o.attempts, o.called_at, o.duration, o.summary, o.collected"
                            + " FROM lead l LEFT JOIN call_outcome o"
                            + " ON o.source_id = l.source_id AND o.row_no = l.row_no"
                            + " WHERE l.source_id = ? AND l.row_no BETWEEN ? AND ?")) {
                select.setLong(1, source.id());
                select.setLong(2, from);
                select.setLong(3, to);
                Map<Long, RowResult> results = new HashMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        results.put(
                                row.getLong("row_no"),
                                new RowResult(
                                        RowState.of(row.getString("state")),
                                        row.getString("lead_id"),
                                        row.getString("reason"),
                                        row.getBoolean("silent"),
                                        RowResult.StopState.valueOf(row.getString("stop")),
                                        row.getString("call_id") == null ? null : read(row)));
                    }
                }
                return results;
            }
        });
    }

    /** Ids of the variables that the calls to these rows collected. */
    public Set<String> collectedIds(Source source, long from, long to) {
        return ledger.readOnConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT DISTINCT j.key FROM call_outcome o, json_each(o.collected) j"
                            + " WHERE o.source_id = ? AND o.row_no BETWEEN ? AND ?")) {
                select.setLong(1, source.id());
                select.setLong(2, from);
                select.setLong(3, to);
                Set<String> ids = new HashSet<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getString(1));
                    }
                }
                return ids;
            }
        });
    }

    /** Finished sources whose outcomes changed since {@link #covered}. */
    public List<SourceTable.Outdated> changed() {
        return ledger.onConnection(c -> {
            List<SourceTable.Outdated> changed = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT id, outcomes_at FROM source"
                            + " WHERE state = 'finished' AND outcomes_at IS NOT NULL");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changed.add(new SourceTable.Outdated(
                            Sources.find(c, row.getLong(1)).orElseThrow(), row.getLong(2)));
                }
            }
            return changed;
        });
    }

    /** The outcomes file covers this change; what changed while it was written stays to be covered. */
    public void covered(SourceTable.Outdated changed) {
        ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE source SET outcomes_at = NULL WHERE id = ? AND outcomes_at = ?")) {
                update.setLong(1, changed.source().id());
                update.setLong(2, changed.at());
                return update.executeUpdate();
            }
        });
    }

    /**
     * Inside the caller's transaction, which has joined the call to the row: takes over the outcome. That of a call older
     * than the one on record changes the attempts alone.
     *
     * @param outcome its attempts are those that the API tells of, 0 when it does not; the ledger may know of more
     */
    static void record(Connection c, LeadRef row, CallOutcome outcome, Instant at) throws SQLException {
        try (PreparedStatement upsert = c.prepareStatement(
                "INSERT INTO call_outcome (source_id, row_no, call_id, status, final, attempts, called_at, duration,"
                        + " summary, collected) VALUES (?1, ?2, ?3, ?4, ?5, max(?6, (SELECT count(*) FROM call"
                        + " WHERE source_id = ?1 AND row_no = ?2)), ?7, ?8, ?9, ?10)"
                        + " ON CONFLICT (source_id, row_no) DO UPDATE SET"
                        + " attempts = max(call_outcome.attempts, excluded.attempts),"
                        + onlyIfNewest(
                                "call_id", "status", "final", "duration", "summary", "collected", "called_at"))) {
            upsert.setLong(1, row.sourceId());
            upsert.setLong(2, row.row());
            upsert.setString(3, outcome.callId());
            upsert.setObject(4, outcome.status());
            upsert.setBoolean(5, outcome.isFinal());
            upsert.setInt(6, outcome.attempts());
            upsert.setObject(
                    7, outcome.calledAt() == null ? null : outcome.calledAt().toEpochMilli());
            upsert.setObject(8, outcome.duration());
            upsert.setString(9, outcome.summary());
            upsert.setString(10, outcome.collected());
            upsert.executeUpdate();
        }
        markChanged(c, row.sourceId(), at);
    }

    /** Inside the caller's transaction: the call turned out to be another lead's than was thought. */
    static void withdraw(Connection c, long sourceId, long rowNo, String callId, Instant at) throws SQLException {
        try (PreparedStatement delete =
                c.prepareStatement("DELETE FROM call_outcome WHERE source_id = ? AND row_no = ? AND call_id = ?")) {
            delete.setLong(1, sourceId);
            delete.setLong(2, rowNo);
            delete.setString(3, callId);
            delete.executeUpdate();
        }
        try (PreparedStatement update = c.prepareStatement(
                "UPDATE call_outcome SET attempts = max(1, attempts - 1) WHERE source_id = ? AND row_no = ?")) {
            update.setLong(1, sourceId);
            update.setLong(2, rowNo);
            update.executeUpdate();
        }
        markChanged(c, sourceId, at);
    }

    /** Inside the caller's transaction: something changed that the outcomes file tells of, if the source is a file of leads. */
    static void markChanged(Connection c, long sourceId, Instant at) throws SQLException {
        // A message has no such file. Never the time that is there already: a file being written now would seem to
        // cover this change too.
        try (PreparedStatement update =
                c.prepareStatement("UPDATE source SET outcomes_at = max(?, coalesce(outcomes_at, 0) + 1) WHERE id = ?"
                        + " AND queue IS NULL AND operation = 'add'")) {
            update.setLong(1, at.toEpochMilli());
            update.setLong(2, sourceId);
            update.executeUpdate();
        }
    }

    /** Inside the caller's transaction: calls were read from one time to another, so that some stopped leads are over. */
    static void markOver(Connection c, String outbound, long from, long to) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT DISTINCT source_id FROM lead"
                + " WHERE outbound = ? AND stopped_at > 0 AND stopped_at > ? AND stopped_at <= ?")) {
            select.setString(1, outbound);
            select.setLong(2, from - STOP_TAKES_EFFECT.toMillis());
            select.setLong(3, to - STOP_TAKES_EFFECT.toMillis());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    markChanged(c, row.getLong(1), Instant.ofEpochMilli(to));
                }
            }
        }
    }

    private static String onlyIfNewest(String... columns) {
        List<String> assignments = new ArrayList<>();
        for (String column : columns) {
            assignments.add(" " + column + " = CASE WHEN call_outcome.call_id = excluded.call_id"
                    + " OR coalesce(excluded.called_at, 0) >= coalesce(call_outcome.called_at, 0)"
                    + " THEN excluded." + column + " ELSE call_outcome." + column + " END");
        }
        return String.join(",", assignments);
    }

    private static CallOutcome read(ResultSet row) throws SQLException {
        long calledAt = row.getLong("called_at");
        Instant called = row.wasNull() ? null : Instant.ofEpochMilli(calledAt);
        long seconds = row.getLong("duration");
        Long duration = row.wasNull() ? null : Long.valueOf(seconds);
        int code = row.getInt("status");
        Integer status = row.wasNull() ? null : Integer.valueOf(code);
        return new CallOutcome(
                row.getString("call_id"),
                status,
                row.getBoolean("final"),
                row.getInt("attempts"),
                called,
                duration,
                row.getString("summary"),
                row.getString("collected"));
    }
}
