package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.Origin;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.model.UpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Table {@code lead}: the rows of sources, and their leads. All of it is written here; {@link LeadRows} and {@link LeadKeys} read
 * it.
 */
public final class LeadTable {
    private static final String MARK_STOPPED = "UPDATE lead SET stopped_at = ?, stop_refused = ?"
            + " WHERE outbound = ? AND lead_id = ? AND state = 'accepted'";

    /** Reason of a row that was erased. */
    public static final String ERASED = "erased";

    private final Sql sql;
    private final KeyedHash keyedHash;

    public LeadTable(Sql sql, KeyedHash keyedHash) {
        this.sql = sql;
        this.keyedHash = keyedHash;
    }

    Sql sql() {
        return sql;
    }

    KeyedHash keyedHash() {
        return keyedHash;
    }

    /**
     * A row of leads as it is planned: SENDING, or why it is not sent.
     *
     * @param content keyed hash of the request body; null unless it is sent
     * @param phone keyed hash of the number; null unless it is sent
     * @param generation how many leads had the externalId when the intent was made; 0 unless it is sent
     */
    public record PlannedRow(
            LeadIntent intent, RowState state, String reason, byte[] content, byte[] phone, int generation) {
        boolean sending() {
            return state == RowState.SENDING;
        }
    }

    /** Adds rows that were planned. */
    public void plan(Source source, List<PlannedRow> rows, Instant at) {
        sql.batch(
                "INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, reason, content,"
                        + " phone, body, at, turn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
                row -> new Object[] {
                    source.id(),
                    row.intent().row(),
                    row.intent().line(),
                    source.outbound(),
                    row.intent().externalId(),
                    row.state().word(),
                    row.reason(),
                    row.content(),
                    row.phone(),
                    row.sending() ? row.intent().body() : null,
                    at,
                    row.generation()
                });
    }

    /**
     * Settles intents that are open: sending or unknown.
     *
     * @param settleTime after which one that is unknown is looked up
     * @return how many were open still
     */
    public int settle(Source source, List<Outcome> outcomes, Duration settleTime, Instant at) {
        // The body is kept while the intent is open: an unknown lead may have to be sent again.
        return sql.batch(
                "UPDATE lead SET state = ?, lead_id = ?, reason = ?, at = ?, look_up_at = ?,"
                        + " released = 0,"
                        + " body = CASE WHEN ? THEN body END"
                        + " WHERE source_id = ? AND row_no = ? AND state IN ('sending', 'unknown')",
                outcomes,
                outcome -> {
                    boolean unknown = outcome.state() == RowState.UNKNOWN;
                    Instant since = outcome.at() == null ? at : outcome.at();
                    return new Object[] {
                        outcome.state().word(),
                        outcome.leadId(),
                        outcome.reason(),
                        since,
                        unknown ? since.plus(settleTime) : null,
                        unknown,
                        source.id(),
                        outcome.row()
                    };
                });
    }

    /** Notes that a look-up found a lead, and not its own answer showed it. */
    public void markFound(Source source, long row, Instant at) {
        sql.update("UPDATE lead SET found_at = ? WHERE source_id = ? AND row_no = ?", at, source.id(), row);
    }

    /** Takes intents away whose requests were not made, so that their rows are planned again. */
    public void putBack(Source source, List<LeadIntent> unsent) {
        if (!unsent.isEmpty()) {
            sql.batch("DELETE FROM lead WHERE source_id = ? AND row_no = ? AND state = 'sending'", unsent, row ->
                    new Object[] {source.id(), row.row()});
        }
    }

    /** Takes rows away, whatever they are. */
    public void remove(Source source, Collection<Outcome> rows) {
        sql.batch("DELETE FROM lead WHERE source_id = ? AND row_no = ?", rows, row ->
                new Object[] {source.id(), row.row()});
    }

    /** Makes leads unknown that were sending when their run ended. @param lookUpAt when they are looked up */
    public void interrupt(List<UnknownLead> sending, String reason, Instant at, Instant lookUpAt) {
        sql.batch(
                "UPDATE lead SET state = 'unknown', reason = ?, at = ?,"
                        + " look_up_at = ?, released = 0 WHERE source_id = ? AND row_no = ?",
                sending,
                lead -> new Object[] {reason, at, lookUpAt, lead.source().id(), lead.row()});
    }

    /** Has the unknown leads that are held looked up once more. */
    public void lookUpHeld(Instant at) {
        sql.update("UPDATE lead SET look_up_at = ? WHERE state = 'unknown' AND look_up_at IS NULL", at);
    }

    /**
     * Keeps a lead unknown.
     *
     * @param next when to look it up again; null: not again, unless it was released meanwhile
     * @param lostAt when the answer to a request that was made again is given up; null when that request never left
     */
    public void keepUnknown(UnknownLead lead, Instant next, String reason, Instant lostAt) {
        sql.update(
                "UPDATE lead SET state = 'unknown', at = CASE state WHEN 'sending' THEN coalesce(?, at) ELSE at END,"
                        + " look_up_at = coalesce(?, CASE released WHEN 1 THEN look_up_at END), reason = ?"
                        + " WHERE source_id = ? AND row_no = ? AND state IN ('unknown', 'sending')",
                lostAt,
                next,
                reason,
                lead.source().id(),
                lead.row());
    }

    /** Makes an unknown lead an intent once more; it keeps the time of its look-up. @return false when it is not unknown any more */
    public boolean sendAgain(UnknownLead lead) {
        return sql.update(
                        "UPDATE lead SET state = 'sending' WHERE source_id = ? AND row_no = ? AND state = 'unknown'",
                        lead.source().id(),
                        lead.row())
                == 1;
    }

    /** Releases an unknown lead, to be looked up once its settle time is over. @return false when it is not unknown any more */
    public boolean release(UnknownLead lead, String reason, Duration settleTime, Instant at) {
        return sql.update(
                        "UPDATE lead SET released = 1, look_up_at = max(?, at + ?), reason = ?"
                                + " WHERE source_id = ? AND row_no = ? AND state = 'unknown'",
                        at,
                        settleTime.toMillis(),
                        reason,
                        lead.source().id(),
                        lead.row())
                == 1;
    }

    /** Cancels an unknown lead, which frees its key. @return false when it is not unknown any more */
    public boolean giveUp(UnknownLead lead, String reason, Instant at) {
        return sql.update(
                        "UPDATE lead SET state = 'cancelled', reason = ?, at = ?,"
                                + " look_up_at = NULL, released = 0, body = NULL"
                                + " WHERE source_id = ? AND row_no = ? AND state = 'unknown'",
                        reason,
                        at,
                        lead.source().id(),
                        lead.row())
                == 1;
    }

    /** Adds rows of updates and look-ups, which have no intents. */
    public void add(Source source, List<UpdateResult> rows, Instant at) {
        sql.batch(
                "INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, lead_id,"
                        + " reason, found, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
                row -> new Object[] {
                    source.id(),
                    row.outcome().row(),
                    row.outcome().line(),
                    source.outbound(),
                    row.outcome().externalId(),
                    row.outcome().state().word(),
                    row.outcome().leadId(),
                    row.outcome().reason(),
                    FoundColumns.text(row.found()),
                    at
                });
    }

    /** Gives an accepted lead another number. @param phone keyed hash of it */
    public void changeNumber(String outbound, String leadId, byte[] phone) {
        sql.update(
                "UPDATE lead SET phone = ? WHERE outbound = ? AND lead_id = ? AND state = 'accepted'",
                phone,
                outbound,
                leadId);
    }

    /** Gives an accepted lead another externalId. */
    public void changeExternalId(String outbound, String leadId, String externalId) {
        sql.update(
                "UPDATE lead SET external_id = ? WHERE outbound = ? AND lead_id = ? AND state = 'accepted'",
                externalId,
                outbound,
                leadId);
    }

    /** The row of a lead that was marked. */
    public record MarkedRow(long sourceId, long row, long line, String externalId) {}

    /** Notes that an accepted lead was stopped. @return its rows */
    public List<MarkedRow> markStopped(String outbound, String leadId, Instant at) {
        return mark(outbound, leadId, at);
    }

    /** Notes that an accepted lead may be called again. @return its rows */
    public List<MarkedRow> markReopened(String outbound, String leadId) {
        return mark(outbound, leadId, Instant.EPOCH);
    }

    private List<MarkedRow> mark(String outbound, String leadId, Instant at) {
        return sql.list(
                MARK_STOPPED + " RETURNING source_id, row_no, line, external_id",
                row -> new MarkedRow(
                        row.number("source_id"), row.number("row_no"), row.number("line"), row.text("external_id")),
                at,
                0,
                outbound,
                leadId);
    }

    /** Notes that the API refuses to stop an accepted lead. */
    public void markStopRefused(String outbound, String leadId, Instant at) {
        sql.update(MARK_STOPPED, at, 1, outbound, leadId);
    }

    // --- the rows of one source ---

    /** In one row: to group, SQLite would keep a copy of every row in memory. */
    private static final String COUNTS = Stream.of(RowState.values())
            .map(state -> "count(*) FILTER (WHERE state = '" + state.word() + "') AS " + state.word())
            .collect(Collectors.joining(", ", "SELECT ", " FROM lead WHERE source_id = ?"));

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

    /** Has the leads of a source that an update let be called again count as never stopped. */
    public void forgetReopened(long sourceId) {
        sql.update("UPDATE lead SET stopped_at = NULL WHERE source_id = ? AND stopped_at = 0", sourceId);
    }

    // --- what the rooms calls and upkeep ask ---

    /**
     * An accepted lead, to be watched for its first call.
     *
     * @param watched whether nothing is to be said of it: it was called, was stopped, or was reported as silent
     */
    public record Accepted(
            long sourceId, long row, long line, String externalId, String leadId, Instant at, boolean watched) {}

    /** Lists the rows of an outbound that hold a number and may have been called, the newest first. @param to in E.164 */
    public List<LeadRef> withNumber(String outbound, String to, int most) {
        return sql.list(
                "SELECT l.source_id, l.row_no, l.external_id, l.lead_id, s.name, s.dropped_as, s.queue, l.line, s.started_at"
                        + " FROM lead l JOIN source s ON s.id = l.source_id WHERE l.outbound = ? AND l.phone = ?"
                        + " AND l.state IN ('sending', 'accepted', 'unknown') ORDER BY l.source_id DESC, l.row_no DESC LIMIT ?",
                row -> new LeadRef(
                        row.number("source_id"),
                        row.number("row_no"),
                        Origin.of(row.text("name"), row.text("dropped_as"), row.text("queue"), row.number("line")),
                        row.time("started_at"),
                        row.text("external_id"),
                        row.text("lead_id")),
                outbound,
                keyedHash.of(to),
                most);
    }

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

    /** Notes that a lead was reported as silent. */
    public void silent(long sourceId, long row, Instant at) {
        sql.update("UPDATE lead SET silent_at = ? WHERE source_id = ? AND row_no = ?", at, sourceId, row);
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

    /** Lists the externalIds of an outbound's rows with a number. @param phoneNumber in E.164 */
    public List<String> externalIds(String outbound, String phoneNumber) {
        return sql.list(
                "SELECT external_id FROM lead WHERE outbound = ? AND phone = ? AND external_id IS NOT NULL",
                row -> row.text(1),
                outbound,
                keyedHash.of(phoneNumber));
    }

    /** Lists the rows of a source with an externalId. */
    public List<Long> rows(long sourceId, String externalId) {
        return sql.list(
                "SELECT row_no FROM lead WHERE source_id = ? AND external_id = ?",
                row -> row.number(1),
                sourceId,
                externalId);
    }

    /** Takes out of rows what a person is known by, and cancels those that are open. */
    public void erase(long sourceId, Collection<Long> rows) {
        sql.batch(
                "UPDATE lead SET external_id = NULL, lead_id = NULL, content = NULL, phone = NULL, body = NULL,"
                        + " look_up_at = NULL, released = 0, reason = '" + ERASED + "',"
                        + " state = CASE WHEN state IN ('sending', 'unknown') THEN 'cancelled' ELSE state END"
                        + " WHERE source_id = ? AND row_no = ?",
                rows,
                row -> new Object[] {sourceId, row});
    }

    /** Deletes a bounded number of rows of a source. @return how many */
    public int delete(long sourceId, int most) {
        return sql.update(
                "DELETE FROM lead WHERE (source_id, row_no) IN"
                        + " (SELECT source_id, row_no FROM lead WHERE source_id = ? LIMIT ?)",
                sourceId,
                most);
    }
}
