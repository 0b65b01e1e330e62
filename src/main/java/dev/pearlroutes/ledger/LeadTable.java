package dev.pearlroutes.ledger;

import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.Origin;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Table {@code lead}: the rows of sources, and their leads. */
public final class LeadTable {
    /** Reason of a row that was erased. */
    public static final String ERASED = "erased";

    private final Sql sql;
    private final KeyedHash keyedHash;

    LeadTable(Sql sql, KeyedHash keyedHash) {
        this.sql = sql;
        this.keyedHash = keyedHash;
    }

    Sql sql() {
        return sql;
    }

    KeyedHash keyedHash() {
        return keyedHash;
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
