package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.RowState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Table {@code call_outcome}: the newest call to each row and its result. */
public final class CallOutcomeTable {
    private static final String STOP_STATE =
            "CASE WHEN coalesce(l.stopped_at, 0) <= 0 OR l.stop_refused = 1 THEN 'NONE'"
                    + " WHEN l.stopped_at > (SELECT position FROM cursor k WHERE k.outbound = l.outbound) - "
                    + RowResult.STOP_TAKES_EFFECT.toMillis()
                    + " OR NOT EXISTS (SELECT 1 FROM cursor k WHERE k.outbound = l.outbound)"
                    + " OR EXISTS (SELECT 1 FROM call c WHERE c.source_id = l.source_id AND c.row_no = l.row_no"
                    + " AND (c.read_at IS NOT NULL OR c.join_at IS NOT NULL AND c.revision = 0))"
                    + " THEN 'STOPPED' ELSE 'OVER' END AS stop";

    private final Sql sql;

    public CallOutcomeTable(Sql sql) {
        this.sql = sql;
    }

    /**
     * Stores the outcome of a call. That of a call older than the one stored changes the attempts alone.
     *
     * @param outcome its attempts are those that the API says, 0 when it says none; the ledger may know more
     */
    public void put(long sourceId, long row, CallOutcome outcome) {
        sql.update(
                "INSERT INTO call_outcome (source_id, row_no, call_id, status, final, attempts, called_at, duration,"
                        + " summary, collected) VALUES (?, ?, ?, ?, ?, max(?, (SELECT count(*) FROM call"
                        + " WHERE source_id = ? AND row_no = ?)), ?, ?, ?, ?)"
                        + " ON CONFLICT (source_id, row_no) DO UPDATE SET"
                        + " attempts = max(call_outcome.attempts, excluded.attempts),"
                        + onlyIfNewest("call_id", "status", "final", "duration", "summary", "collected", "called_at"),
                sourceId,
                row,
                outcome.callId(),
                outcome.status(),
                outcome.isFinal() ? 1 : 0,
                outcome.attempts(),
                sourceId,
                row,
                outcome.calledAt(),
                outcome.duration(),
                outcome.summary(),
                outcome.collected());
    }

    /** Finds the newest call to a row that is not final and has another status. @param status code that the lead has now */
    public Optional<String> callBefore(long sourceId, long row, int status) {
        return sql.first(
                "SELECT call_id FROM call_outcome"
                        + " WHERE source_id = ? AND row_no = ? AND final = 0 AND status IS DISTINCT FROM ?",
                found -> found.text(1),
                sourceId,
                row,
                status);
    }

    /** Takes back the outcome of a call that turned out to be another lead's. */
    public void withdraw(long sourceId, long row, String callId) {
        sql.update(
                "DELETE FROM call_outcome WHERE source_id = ? AND row_no = ? AND call_id = ?", sourceId, row, callId);
        sql.update(
                "UPDATE call_outcome SET attempts = max(1, attempts - 1) WHERE source_id = ? AND row_no = ?",
                sourceId,
                row);
    }

    /** Reads the results of a source's rows by row number, for rows {@code from} to {@code to}, both included. */
    public Map<Long, RowResult> results(long sourceId, long from, long to) {
        Map<Long, RowResult> results = new HashMap<>();
        sql.each(
                "SELECT l.row_no, l.state, l.lead_id, l.reason, l.silent_at IS NOT NULL AS silent, " + STOP_STATE
                        + ", o.call_id, o.status, o.final, o.attempts, o.called_at, o.duration, o.summary, o.collected"
                        + " FROM lead l LEFT JOIN call_outcome o"
                        + " ON o.source_id = l.source_id AND o.row_no = l.row_no"
                        + " WHERE l.source_id = ? AND l.row_no BETWEEN ? AND ?",
                row -> results.put(
                        row.number("row_no"),
                        new RowResult(
                                RowState.of(row.text("state")),
                                row.text("lead_id"),
                                row.text("reason"),
                                row.flag("silent"),
                                RowResult.StopState.valueOf(row.text("stop")),
                                row.text("call_id") == null ? null : outcome(row))),
                sourceId,
                from,
                to);
        return results;
    }

    /** Lists what the calls to rows {@code from} to {@code to} have collected, as JSON objects. */
    public List<String> collected(long sourceId, long from, long to) {
        return sql.list(
                "SELECT collected FROM call_outcome"
                        + " WHERE source_id = ? AND row_no BETWEEN ? AND ? AND collected IS NOT NULL",
                row -> row.text(1),
                sourceId,
                from,
                to);
    }

    /** Deletes the outcomes of rows of a source. */
    public void delete(long sourceId, Collection<Long> rows) {
        sql.batch("DELETE FROM call_outcome WHERE source_id = ? AND row_no = ?", rows, row ->
                new Object[] {sourceId, row});
    }

    /** Deletes a bounded number of outcomes of a source. @return how many */
    public int delete(long sourceId, int most) {
        return sql.update(
                "DELETE FROM call_outcome WHERE (source_id, row_no) IN"
                        + " (SELECT source_id, row_no FROM call_outcome WHERE source_id = ? LIMIT ?)",
                sourceId,
                most);
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

    private static CallOutcome outcome(Sql.Row row) throws SQLException {
        return new CallOutcome(
                row.text("call_id"),
                row.codeOrNull("status"),
                row.flag("final"),
                (int) row.number("attempts"),
                row.time("called_at"),
                row.numberOrNull("duration"),
                row.text("summary"),
                row.text("collected"));
    }
}
