package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.model.UpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

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

    public LeadTable(Sql sql) {
        this.sql = sql;
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
     * Has the unknown leads looked up that have an externalId, once their settle time is over. One that a person has released keeps its
     * time, since it is sent again unless it is found.
     *
     * @return how many there are
     */
    public int lookUpSoon(String outbound, String externalId, Duration settleTime, Instant at) {
        return sql.update(
                "UPDATE lead SET look_up_at = min(coalesce(look_up_at, 9000000000000000), max(?, at + ?))"
                        + " WHERE outbound = ? AND external_id = ? AND state IN ('sending', 'accepted', 'unknown')"
                        + " AND state = 'unknown' AND released = 0",
                at,
                settleTime.toMillis(),
                outbound,
                externalId);
    }

    /** Has the unknown leads looked up that wait for a reason. */
    public void lookUpNow(String reason, Instant at) {
        sql.update(
                "UPDATE lead SET look_up_at = ? WHERE state = 'unknown' AND look_up_at > ? AND reason = ?",
                at,
                at,
                reason);
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

    /** Gives an accepted lead another id of the API: its former one was wrong. */
    public void changeLeadId(String outbound, String leadId, String newLeadId) {
        sql.update(
                "UPDATE lead SET lead_id = ? WHERE outbound = ? AND lead_id = ? AND state = 'accepted'",
                newLeadId,
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

    /** Notes that an accepted lead could not be stopped. */
    public void markStopRefused(String outbound, String leadId, Instant at) {
        sql.update(MARK_STOPPED, at, 1, outbound, leadId);
    }

    /** Has an accepted lead that could not be stopped count as one that was never to be stopped. */
    public void forgetStop(String outbound, String leadId) {
        sql.update(MARK_STOPPED, null, 0, outbound, leadId);
    }

    /** Has the leads of a source that an update let be called again count as never stopped. */
    public void forgetReopened(long sourceId) {
        sql.update("UPDATE lead SET stopped_at = NULL WHERE source_id = ? AND stopped_at = 0", sourceId);
    }

    /** Notes that a lead was reported as silent. */
    public void silent(long sourceId, long row, Instant at) {
        sql.update("UPDATE lead SET silent_at = ? WHERE source_id = ? AND row_no = ?", at, sourceId, row);
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
