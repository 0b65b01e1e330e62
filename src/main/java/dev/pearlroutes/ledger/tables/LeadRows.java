package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.CallableLead;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads rows of table {@code lead} by their sources and states. */
public final class LeadRows {
    private static final String UNKNOWN_COLUMNS =
            "SELECT source_id, row_no, line, external_id, body, at, released, reason FROM lead WHERE ";
    private static final String CALLABLE = "SELECT source_id, row_no, lead_id, external_id, phone FROM lead WHERE %s"
            // The first condition on the state is in the words of the indexes, else they are not used.
            + " AND state IN ('sending', 'accepted', 'unknown')"
            + " AND state = 'accepted' AND lead_id IS NOT NULL ORDER BY %s LIMIT ?";

    private final Sql sql;

    public LeadRows(Sql sql) {
        this.sql = sql;
    }

    /** Reads the outcomes of a source's rows by row number, from one row to another, both included. */
    public Map<Long, Outcome> outcomes(Source source, long from, long to) {
        Map<Long, Outcome> outcomes = new HashMap<>();
        sql.list(
                        "SELECT row_no, line, state, external_id, lead_id, reason"
                                + " FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ?",
                        row -> new Outcome(
                                row.number("row_no"),
                                row.number("line"),
                                RowState.of(row.text("state")),
                                row.text("external_id"),
                                row.text("lead_id"),
                                row.text("reason"),
                                null),
                        source.id(),
                        from,
                        to)
                .forEach(outcome -> outcomes.put(outcome.row(), outcome));
        return outcomes;
    }

    /** Reads what the look-ups of a source found, by row number, from one row to another, both included. */
    public Map<Long, Map<String, Object>> found(Source source, long from, long to) {
        Map<Long, Map<String, Object>> found = new HashMap<>();
        sql.list(
                "SELECT row_no, found FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ? AND found IS NOT NULL",
                row -> found.put(row.number("row_no"), FoundColumns.of(row.text("found"))),
                source.id(),
                from,
                to);
        return found;
    }

    /** Reads which rows of a source are on record, from one row to another, both included. */
    public Set<Long> recorded(Source source, long from, long to) {
        return new HashSet<>(sql.list(
                "SELECT row_no FROM lead WHERE source_id = ? AND row_no BETWEEN ? AND ?",
                row -> row.number(1),
                source.id(),
                from,
                to));
    }

    /** Counts the rows from the beginning of a source that are planned; 0 when there is a gap among them. */
    public long planned(Source source) {
        return sql.first(
                        "SELECT count(*), max(row_no) FROM lead WHERE source_id = ?",
                        row -> row.number(1) == row.number(2) ? row.number(1) : 0L,
                        source.id())
                .orElse(0L);
    }

    /** Tells whether the API has ever accepted a lead for the outbound, which proves that its id is right. */
    public boolean everAccepted(String outbound) {
        return sql.exists("SELECT 1 FROM lead WHERE outbound = ? AND state = 'accepted' LIMIT 1", outbound);
    }

    /** Reads the leads whose requests may be on the wire, those of look-ups included. */
    public List<UnknownLead> sending() {
        return unknown("state = 'sending'");
    }

    /** Reads the leads that a run of the source has left sending; a lead that its look-up sends again is none. */
    public List<UnknownLead> sending(long sourceId) {
        // The plus keeps SQLite from reading all rows of the source.
        return unknown("+source_id = ? AND state = 'sending' AND look_up_at IS NULL", sourceId);
    }

    /** Reads the unknown leads of an outbound to be looked up now, those that wait longest first. */
    public List<UnknownLead> toLookUp(String outbound, Instant now, int most) {
        return unknown(
                "state = 'unknown' AND outbound = ? AND look_up_at <= ? ORDER BY look_up_at LIMIT ?",
                outbound,
                now,
                most);
    }

    /** Reads all unknown leads, source by source. */
    public List<UnknownLead> unknown() {
        // The plus keeps SQLite from reading the whole table in the order asked for.
        return unknown("state = 'unknown' ORDER BY +source_id, row_no");
    }

    /** Counts the unknown leads. */
    public long countUnknown() {
        return sql.number("SELECT count(*) FROM lead WHERE state = 'unknown'");
    }

    private List<UnknownLead> unknown(String condition, Object... values) {
        Map<Long, Source> sources = new HashMap<>();
        return sql.list(
                UNKNOWN_COLUMNS + condition,
                row -> new UnknownLead(
                        sources.computeIfAbsent(
                                row.number("source_id"),
                                id -> new SourceTable(sql).find(id).orElseThrow()),
                        row.number("row_no"),
                        row.number("line"),
                        row.text("external_id"),
                        row.text("body"),
                        row.time("at"),
                        row.flag("released"),
                        row.text("reason")),
                values);
    }

    /** Reads a page of the leads of an outbound that may be called. @param after the last lead of the page before; null at first */
    public List<CallableLead> callable(String outbound, CallableLead after, int most) {
        return sql.list(
                CALLABLE.formatted(
                        "outbound = ? AND (phone, source_id, row_no) > (?, ?, ?) AND coalesce(stopped_at, 0) = 0",
                        "phone, source_id, row_no"),
                LeadRows::callable,
                outbound,
                after == null ? new byte[0] : after.phone(),
                after == null ? 0 : after.sourceId(),
                after == null ? 0 : after.row(),
                most);
    }

    /** Reads the same of a source, without those that an update has let be called again. */
    public List<CallableLead> callable(long sourceId, CallableLead after, int most) {
        return sql.list(
                CALLABLE.formatted("source_id = ? AND row_no > ? AND stopped_at IS NULL", "row_no"),
                LeadRows::callable,
                sourceId,
                after == null ? 0 : after.row(),
                most);
    }

    private static CallableLead callable(Sql.Row row) throws SQLException {
        return new CallableLead(
                row.number("source_id"),
                row.number("row_no"),
                row.text("lead_id"),
                row.text("external_id"),
                row.bytes("phone"));
    }
}
