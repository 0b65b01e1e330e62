package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.model.WaitingCall;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Table {@code call}: the calls as last seen. */
public final class CallTable {
    /** Puts a call out of the reach of everything that would publish it or read it again. */
    private static final String FORGET =
            "UPDATE call SET source_id = NULL, row_no = NULL, seen = NULL, join_at = NULL, read_at = NULL";

    private static final String STORED = "SELECT revision, fingerprint, final, facts, pushed_at, unproven, told,"
            + " told_amount, source_id, row_no, seen FROM call WHERE ";

    private final Sql sql;

    public CallTable(Sql sql) {
        this.sql = sql;
    }

    /**
     * What is stored of a call.
     *
     * @param revision how many events have published it
     * @param said what was recorded of it last
     * @param told digest of what the newest event has said of the call as it is; null when none has
     * @param toldAmount how much that was; null when unknown
     * @param row that it belongs to; null for none
     * @param seen as in {@link SeenCall#json()}, with what a webhook said besides; null unless it waits for its lead
     */
    public record Stored(
            int revision,
            byte[] fingerprint,
            boolean isFinal,
            Said said,
            byte[] told,
            String toldAmount,
            Row row,
            String seen) {}

    /**
     * What was recorded of a call, and by what.
     *
     * @param facts JSON, in one form for all bodies; null when an earlier version recorded it
     * @param pushedAt when a webhook said that; null when it was read
     * @param unproven whether nothing shows yet that the call is one of the outbound
     */
    public record Said(String facts, Instant pushedAt, boolean unproven) {}

    /** Number of a source and of a row in it. */
    public record Row(long sourceId, long number) {}

    /**
     * What the API's answer that there is no such call has come to.
     *
     * @param forGood whether the call is not read any more
     * @param sourceId of the row it belongs to; null for none
     */
    public record Absence(boolean forGood, Long sourceId) {}

    // --- a call that was read ---

    /** Finds a call. */
    public Optional<Stored> find(String outbound, String callId) {
        return sql.first(STORED + "outbound = ? AND call_id = ?", CallTable::stored, outbound, callId);
    }

    /**
     * Stores a call that is new or has changed.
     *
     * @param said what is recorded of it, and by what
     * @param joinAt when its lead is asked for what its event lacks; null when the event lacks nothing
     * @param readAt when it is read by itself; null when it is final
     */
    public void store(String outbound, SeenCall call, Said said, int revision, Instant joinAt, Instant readAt) {
        sql.update(
                "INSERT INTO call (outbound, call_id, revision, final, fingerprint, started_at, seen, join_at, read_at,"
                        + " facts, pushed_at, unproven) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (outbound, call_id) DO UPDATE SET revision = excluded.revision,"
                        + " final = excluded.final, fingerprint = excluded.fingerprint,"
                        + " started_at = excluded.started_at, seen = excluded.seen, join_at = excluded.join_at,"
                        + " told = NULL, told_amount = NULL, tries = 0, read_at = excluded.read_at, absent = 0,"
                        + " facts = excluded.facts, pushed_at = excluded.pushed_at, unproven = excluded.unproven",
                outbound,
                call.callId(),
                revision,
                call.isFinal() ? 1 : 0,
                call.fingerprint(),
                call.startedAt(),
                joinAt == null ? null : call.json(),
                joinAt,
                readAt,
                said.facts(),
                said.pushedAt(),
                said.unproven() ? 1 : 0);
    }

    /**
     * Notes that a call was read whose facts a webhook has told before.
     *
     * @param fingerprint of what was read, by which it is known when it is read again
     */
    public void confirm(String outbound, String callId, byte[] fingerprint) {
        sql.update(
                "UPDATE call SET fingerprint = ?, unproven = 0 WHERE outbound = ? AND call_id = ?",
                fingerprint,
                outbound,
                callId);
    }

    /**
     * Has the lead of a final call asked for more.
     *
     * @param seen as in {@link Stored#seen()}
     * @param joinAt when it is asked; one that waits already keeps its time
     */
    public void askAgain(String outbound, String callId, String seen, Instant joinAt) {
        sql.update(
                "UPDATE call SET seen = ?, tries = CASE WHEN join_at IS NULL THEN 0 ELSE tries END,"
                        + " join_at = coalesce(join_at, ?) WHERE outbound = ? AND call_id = ?",
                seen,
                joinAt,
                outbound,
                callId);
    }

    /** Has the lead of a call asked now that is to be asked later, which does not count as one of its times. */
    public void askNow(String outbound, String callId, Instant at) {
        sql.update(
                "UPDATE call SET join_at = ?, tries = max(0, tries - 1)"
                        + " WHERE outbound = ? AND call_id = ? AND told IS NOT NULL AND join_at > ?",
                at,
                outbound,
                callId,
                at);
    }

    /** Deletes a call that nothing has shown to be one of the outbound. */
    public void drop(String outbound, String callId) {
        sql.update("DELETE FROM call WHERE outbound = ? AND call_id = ? AND unproven = 1", outbound, callId);
    }

    /** Notes that a call was read and is not final yet, unless it is to be read later than now already. */
    public void stillOpen(String outbound, String callId, Instant readAt, Instant at) {
        sql.update(
                "UPDATE call SET read_at = ?, absent = 0 WHERE outbound = ? AND call_id = ? AND final = 0"
                        + " AND coalesce(read_at, 0) <= ?",
                readAt,
                outbound,
                callId,
                at);
    }

    // --- the row that a call belongs to ---

    /** A call to a row. @param startedAt null when that is not known */
    public record OfRow(String callId, int revision, boolean isFinal, Instant startedAt) {}

    /** Lists the calls to a row that were published, the first one first. */
    public List<OfRow> ofRow(long sourceId, long row) {
        return sql.list(
                "SELECT call_id, revision, final, started_at FROM call WHERE source_id = ? AND row_no = ?"
                        + " AND revision > 0 ORDER BY coalesce(started_at, 0), call_id",
                call -> new OfRow(
                        call.text("call_id"),
                        (int) call.number("revision"),
                        call.flag("final"),
                        call.time("started_at")),
                sourceId,
                row);
    }

    /** Finds the row that a call belongs to. */
    public Optional<Row> row(String outbound, String callId) {
        return sql.first(
                "SELECT source_id, row_no FROM call WHERE outbound = ? AND call_id = ? AND source_id IS NOT NULL",
                row -> new Row(row.number("source_id"), row.number("row_no")),
                outbound,
                callId);
    }

    /** Notes the row that a call belongs to. @param row null for none */
    public void assign(String outbound, String callId, LeadRef row) {
        sql.update(
                "UPDATE call SET source_id = ?, row_no = ? WHERE outbound = ? AND call_id = ?",
                row == null ? null : row.sourceId(),
                row == null ? null : row.row(),
                outbound,
                callId);
    }

    /** Takes a bounded number of calls off their source. @return how many */
    public int unassign(long sourceId, int most) {
        return sql.update(
                "UPDATE call SET source_id = NULL, row_no = NULL WHERE (outbound, call_id) IN"
                        + " (SELECT outbound, call_id FROM call WHERE source_id = ? LIMIT ?)",
                sourceId,
                most);
    }

    // --- calls that wait for their leads ---

    /** Lists the calls of these outbounds whose lead is to be asked now, the longest due first. */
    public List<WaitingCall> dueToJoin(Collection<String> outbounds, Instant at, int most) {
        // By the calls that wait, and not by all calls of the outbounds.
        return sql.list(
                "SELECT outbound, call_id, fingerprint, tries, told, seen, unproven FROM call WHERE join_at <= ?"
                        + " AND coalesce(outbound, '') IN " + Sql.marks(outbounds.size())
                        + " ORDER BY join_at LIMIT ?",
                row -> new WaitingCall(
                        row.text("outbound"),
                        row.text("call_id"),
                        row.bytes("fingerprint"),
                        (int) row.number("tries"),
                        row.bytes("told"),
                        row.text("seen"),
                        row.flag("unproven")),
                Sql.values(at, outbounds, most));
    }

    /** Tells whether a call of the outbound waits that no event has published. */
    public boolean anyUnpublished(String outbound) {
        return sql.exists(
                "SELECT 1 FROM call WHERE coalesce(outbound, '') = ? AND join_at IS NOT NULL AND revision = 0 LIMIT 1",
                outbound);
    }

    /** Finds a call that waits. */
    public Optional<Stored> findWaiting(String outbound, String callId) {
        return sql.first(
                STORED + "outbound = ? AND call_id = ? AND join_at IS NOT NULL", CallTable::stored, outbound, callId);
    }

    /**
     * Stores what was published of a call.
     *
     * @param content digest of what was published
     * @param amount how much of the conversation that was; null when unknown
     * @param again when its lead is asked once more; null for never
     */
    public void published(WaitingCall call, int revision, byte[] content, String amount, Instant again) {
        sql.update(
                "UPDATE call SET revision = ?, tries = ?, join_at = ?, told = ?, told_amount = ?, unproven = 0,"
                        + " seen = CASE WHEN ? = 1 THEN seen END WHERE outbound = ? AND call_id = ?",
                revision,
                again == null ? 0 : call.tries() + 1,
                again,
                content,
                amount,
                again == null ? 0 : 1,
                call.outbound(),
                call.callId());
    }

    /** Stores that its lead was asked in vain. @param again when it is asked next; null for never */
    public void postpone(WaitingCall call, Instant again) {
        sql.update(
                "UPDATE call SET tries = tries + 1, join_at = ?, seen = CASE WHEN ? = 1 THEN seen END"
                        + " WHERE outbound = ? AND call_id = ? AND fingerprint = ? AND join_at IS NOT NULL",
                again,
                again == null ? 0 : 1,
                call.outbound(),
                call.callId(),
                call.fingerprint());
    }

    /** Lists the outbounds that have calls which wait. */
    public List<String> waitingOutbounds() {
        // By the calls that wait, and not by all calls.
        return sql.list(
                "SELECT DISTINCT coalesce(outbound, '') FROM call WHERE join_at IS NOT NULL", row -> row.text(1));
    }

    // --- calls that are not final ---

    /** Lists the calls that started before some time and are to be read by themselves now, the longest due first. */
    public List<String> dueToRead(String outbound, Instant startedBefore, Instant at, int most) {
        return sql.list(
                "SELECT call_id FROM call WHERE outbound = ? AND read_at <= ? AND coalesce(started_at, 0) < ?"
                        + " ORDER BY read_at LIMIT ?",
                row -> row.text(1),
                outbound,
                at,
                startedBefore,
                most);
    }

    /**
     * Reads a call again after a part of its age.
     *
     * @param startedIfUnknown counts as its start when that is unknown
     * @param part one over the part of its age
     * @param mostMillis but no later than after this time
     */
    public void readLater(
            String outbound, String callId, Instant at, Instant startedIfUnknown, int part, long mostMillis) {
        sql.update(
                "UPDATE call SET read_at = ? + min(?, max(0, ? - coalesce(started_at, ?)) / ?)"
                        + " WHERE outbound = ? AND call_id = ? AND read_at IS NOT NULL",
                at,
                mostMillis,
                at,
                startedIfUnknown,
                part,
                outbound,
                callId);
    }

    /**
     * Counts an answer that there is no such call, and reads the call again after a part of its age.
     *
     * @param most answers in a row after which it is not read any more
     * @return empty when the call is not read by itself
     */
    public Optional<Absence> absent(
            String outbound, String callId, Instant at, Instant startedIfUnknown, int part, int most) {
        return sql.first(
                "UPDATE call SET absent = absent + 1,"
                        + " read_at = CASE WHEN absent + 1 < ? THEN ? + (? - coalesce(started_at, ?)) / ? END"
                        + " WHERE outbound = ? AND call_id = ? AND read_at IS NOT NULL RETURNING read_at, source_id",
                row -> new Absence(row.numberOrNull("read_at") == null, row.numberOrNull("source_id")),
                most,
                at,
                at,
                startedIfUnknown,
                part,
                outbound,
                callId);
    }

    // --- upkeep ---

    /** Deletes a bounded number of calls that began before some time and are neither waited for nor read again. @return how many */
    public int deleteOld(Instant before, int most) {
        return sql.update(
                "DELETE FROM call WHERE (outbound, call_id) IN (SELECT outbound, call_id FROM call"
                        + " WHERE read_at IS NULL AND join_at IS NULL AND started_at < ? LIMIT ?)",
                before,
                most);
    }

    /** Forgets the calls to rows of a source, so that none of them is published any more. */
    public void forget(long sourceId, Collection<Long> rows) {
        sql.batch(FORGET + " WHERE source_id = ? AND row_no = ?", rows, row -> new Object[] {sourceId, row});
    }

    /** Forgets the calls of an outbound that wait and that the test is true of. @return how many */
    public int forgetWaiting(String outbound, Predicate<String> json) {
        List<String> calls = sql.listIf(
                "SELECT call_id, seen FROM call WHERE outbound = ? AND seen IS NOT NULL",
                row -> json.test(row.text("seen")),
                row -> row.text("call_id"),
                outbound);
        sql.batch(FORGET + " WHERE outbound = ? AND call_id = ?", calls, call -> new Object[] {outbound, call});
        return calls.size();
    }

    private static Stored stored(Sql.Row row) throws SQLException {
        Long source = row.numberOrNull("source_id");
        return new Stored(
                (int) row.number("revision"),
                row.bytes("fingerprint"),
                row.flag("final"),
                new Said(row.text("facts"), row.time("pushed_at"), row.flag("unproven")),
                row.bytes("told"),
                row.text("told_amount"),
                source == null ? null : new Row(source, row.number("row_no")),
                row.text("seen"));
    }
}
