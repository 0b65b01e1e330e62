package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.CallableLead;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads rows of table {@code lead} by their sources and states. */
public final class LeadRows {
    /** In one row: to group, SQLite would keep a copy of every row in memory. */
    private static final String COUNTS = Stream.of(RowState.values())
            .map(state -> "count(*) FILTER (WHERE state = '" + state.word() + "') AS " + state.word())
            .collect(Collectors.joining(", ", "SELECT ", " FROM lead WHERE source_id = ?"));

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

    /**
     * What a row of a source is known by in the ledger; each is null when it has none.
     *
     * @param phone keyed hash of its number
     * @param content keyed hash of its request body
     */
    public record RowKeys(long line, String externalId, String leadId, byte[] phone, byte[] content) {}

    /** Reads what rows of a source are known by, from one row to another, both included. */
    public Map<Long, RowKeys> keys(Source source, long from, long to) {
        Map<Long, RowKeys> keys = new HashMap<>();
        sql.each(
                "SELECT row_no, line, external_id, lead_id, phone, content FROM lead"
                        + " WHERE source_id = ? AND row_no BETWEEN ? AND ?",
                row -> keys.put(
                        row.number("row_no"),
                        new RowKeys(
                                row.number("line"),
                                row.text("external_id"),
                                row.text("lead_id"),
                                row.bytes("phone"),
                                row.bytes("content"))),
                source.id(),
                from,
                to);
        return keys;
    }

    /** Finds the last row of a source that is on record; 0 when there is none. */
    public long last(long sourceId) {
        return sql.number("SELECT coalesce(max(row_no), 0) FROM lead WHERE source_id = ?", sourceId);
    }

    /** Tells whether a person was erased from the rows of a source. */
    public boolean anyErased(long sourceId) {
        return sql.exists(
                "SELECT 1 FROM lead WHERE source_id = ? AND reason = '" + LeadTable.ERASED + "' LIMIT 1", sourceId);
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

    /** Reads the leads of all sources that a run has left sending; a lead that its look-up sends again is none. */
    public List<UnknownLead> sending() {
        return unknown("state = 'sending' AND look_up_at IS NULL");
    }

    /** Reads the leads that were unknown and that their look-ups send again. */
    public List<UnknownLead> sendingAgain() {
        return unknown("state = 'sending' AND look_up_at IS NOT NULL");
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

    /** The unknown leads of an outbound. @param oldest since when the first of them is unknown */
    public record Unknown(long count, Instant oldest) {}

    /** Counts the unknown leads by outbound; one that has none is missing. */
    public Map<String, Unknown> unknownByOutbound() {
        Map<String, Unknown> unknown = new HashMap<>();
        sql.each(
                "SELECT outbound, count(*) AS n, min(at) AS oldest FROM lead WHERE state = 'unknown' GROUP BY outbound",
                row -> unknown.put(row.text("outbound"), new Unknown(row.number("n"), row.time("oldest"))));
        return unknown;
    }

    /** Counts the unknown leads. */
    public long countUnknown() {
        return sql.number("SELECT count(*) FROM lead WHERE state = 'unknown'");
    }

    /** Answers since when the oldest of the unknown leads is; empty when there is none. */
    public Optional<Instant> oldestUnknown() {
        return sql.first("SELECT at FROM lead WHERE state = 'unknown' ORDER BY at LIMIT 1", row -> row.time("at"));
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

    /**
     * An accepted lead, to be watched for its first call.
     *
     * @param watched whether nothing is to be said of it: it was called, was stopped, or was reported as silent
     */
    public record Accepted(
            long sourceId, long row, long line, String externalId, String leadId, Instant at, boolean watched) {}

    /**
     * Lists the next leads accepted after one time and not after another: at least {@code most}, if there are that many, and all
     * that were accepted together with the last of them.
     */
    public List<Accepted> acceptedBetween(String outbound, Instant after, Instant until, int most) {
        return sql.list(
                "SELECT l.source_id, l.row_no, l.line, l.external_id, l.lead_id, l.at, (l.silent_at IS NOT NULL"
                        + " OR coalesce(l.stopped_at, 0) > 0 AND l.stop_refused = 0 OR EXISTS (SELECT 1 FROM call_outcome o"
                        + " WHERE o.source_id = l.source_id AND o.row_no = l.row_no)) AS watched FROM lead l"
                        + " WHERE l.outbound = ? AND l.state = 'accepted' AND l.at > ? AND l.at <= coalesce("
                        + "(SELECT at FROM lead WHERE outbound = ? AND state = 'accepted' AND at > ? AND at <= ?"
                        + " ORDER BY at LIMIT 1 OFFSET ?), ?) ORDER BY l.at",
                row -> new Accepted(
                        row.number("source_id"),
                        row.number("row_no"),
                        row.number("line"),
                        row.text("external_id"),
                        row.text("lead_id"),
                        row.time("at"),
                        row.flag("watched")),
                outbound,
                after,
                outbound,
                after,
                until,
                most - 1,
                until);
    }

    /** Lists the sources of which leads were stopped after one time and not after another. */
    public List<Long> sourcesStopped(String outbound, Instant after, Instant until) {
        return sql.list(
                "SELECT DISTINCT source_id FROM lead"
                        + " WHERE outbound = ? AND stopped_at > 0 AND stopped_at > ? AND stopped_at <= ?",
                row -> row.number(1),
                outbound,
                after,
                until);
    }

    /** Lists the outbounds that have unknown leads. */
    public List<String> unknownOutbounds() {
        return sql.list("SELECT DISTINCT outbound FROM lead WHERE state = 'unknown'", row -> row.text(1));
    }

    /** Counts the rows of a source by what became of them; every state is there, 0 when no row is in it. */
    public Map<RowState, Long> counts(long sourceId) {
        return sql.first(
                        COUNTS,
                        row -> {
                            Map<RowState, Long> counts = new EnumMap<>(RowState.class);
                            for (RowState state : RowState.values()) {
                                counts.put(state, row.number(state.word()));
                            }
                            return counts;
                        },
                        sourceId)
                .orElseThrow();
    }

    /** Tells whether a row of a source is unknown, or is being sent again after it was. */
    public boolean anyUnknown(Source source) {
        // The plus keeps SQLite from reading all rows of the source.
        return sql.first(
                        "SELECT EXISTS (SELECT 1 FROM lead WHERE outbound = ? AND +source_id = ? AND state = 'unknown')"
                                + " OR EXISTS (SELECT 1 FROM lead WHERE +source_id = ? AND state = 'sending')",
                        row -> row.flag(1),
                        source.outbound(),
                        source.id(),
                        source.id())
                .orElseThrow();
    }

    /** Counts the leads of an outbound that were put on the wire since a time: those that hold a key. */
    public long sentSince(String outbound, Instant since) {
        // One index for each state.
        return sql.number(
                "SELECT (SELECT count(*) FROM lead WHERE outbound = ? AND state = 'accepted' AND at >= ?)"
                        + " + (SELECT count(*) FROM lead WHERE outbound = ? AND state = 'unknown' AND at >= ?)"
                        + " + (SELECT count(*) FROM lead WHERE outbound = ? AND state = 'sending' AND at >= ?)",
                outbound,
                since,
                outbound,
                since,
                outbound,
                since);
    }
}
