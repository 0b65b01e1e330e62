package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.Source;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Table {@code source}: the files and messages that were taken. */
public final class SourceTable {
    static final String COLUMNS =
            "id, outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at, finished_at, sheet, suppression, bytes, grown";

    private static final String UNFINISHED = "state IN ('claimed', 'sending')";
    static final String UNFINISHED_LEADS = UNFINISHED + " AND operation = 'add'";

    private static final String FAILED_UNSENT =
            "state = 'failed' AND queue IS NULL AND NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id)";

    private final Sql sql;

    public SourceTable(Sql sql) {
        this.sql = sql;
    }

    /** A finished source one of whose files is out of date. @param at when what it lacks changed, in milliseconds since 1970 */
    public record Outdated(Source source, long at) {}

    // --- taken and found ---

    /**
     * Enters a file as claimed, unless its name or another one of {@code names} is taken. A source of that name that failed before
     * anything of it was sent makes way.
     *
     * @return empty when a name is taken
     */
    public Optional<Source> claim(
            Collection<String> names,
            String outbound,
            Source.Operation operation,
            String name,
            String droppedAs,
            Instant at) {
        sql.update(
                "DELETE FROM source WHERE outbound = ? AND operation = ? AND name = ? AND " + FAILED_UNSENT,
                outbound,
                operation.word(),
                name);
        return sql.first(
                "INSERT INTO source (outbound, operation, name, dropped_as, state, started_at)"
                        + " SELECT ?, ?, ?, ?, 'claimed', ? WHERE NOT EXISTS"
                        + " (SELECT 1 FROM source WHERE outbound = ? AND operation = ? AND name IN "
                        + Sql.marks(names.size()) + " AND NOT (" + FAILED_UNSENT + ")) RETURNING " + COLUMNS,
                SourceTable::source,
                Sql.values(outbound, operation.word(), name, droppedAs, at, outbound, operation.word(), names));
    }

    /**
     * Enters a message, unless it was entered before.
     *
     * @param message its outbound, operation, name, JMSMessageID, queue, checksum, rows, time and sheet
     * @return whether it is new
     */
    public boolean receive(Source message) {
        return sql.update(
                        "INSERT INTO source"
                                + " (outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at, sheet)"
                                + " VALUES (?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?)"
                                + " ON CONFLICT (outbound, operation, name) DO NOTHING",
                        message.outbound(),
                        message.operation().word(),
                        message.name(),
                        message.droppedAs(),
                        message.queue(),
                        message.sha256(),
                        message.rows(),
                        message.startedAt(),
                        message.sheet())
                == 1;
    }

    /** Finds a source by its number. */
    public Optional<Source> find(long id) {
        return sql.first("SELECT " + COLUMNS + " FROM source WHERE id = ?", SourceTable::source, id);
    }

    /** Finds a source by its name. */
    public Optional<Source> find(String outbound, Source.Operation operation, String name) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM source WHERE outbound = ? AND operation = ? AND name = ?",
                SourceTable::source,
                outbound,
                operation.word(),
                name);
    }

    /** Lists the files that are claimed or sent, oldest first. */
    public List<Source> unfinishedFiles() {
        return sql.list(
                "SELECT " + COLUMNS + " FROM source WHERE " + UNFINISHED + " AND queue IS NULL ORDER BY id",
                SourceTable::source);
    }

    /** Tells whether no source was ever taken, or all are purged. */
    public boolean none() {
        return !sql.exists("SELECT 1 FROM source LIMIT 1");
    }

    /** Forgets a message none of whose rows is planned. */
    public void deleteUnplanned(long id) {
        sql.update(
                "DELETE FROM source WHERE id = ? AND NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id)", id);
    }

    /** Forgets a claim. */
    public void deleteClaim(long id) {
        sql.update("DELETE FROM source WHERE id = ? AND state = 'claimed'", id);
    }

    // --- from claim to finish ---

    /**
     * Notes what the scan of a claimed file found.
     *
     * @param bytes null where that is not known
     * @param sheet null when it is no workbook
     * @return the source as it is then
     */
    public Source scanned(long id, long rows, String sha256, Long bytes, String sheet) {
        return updated(
                id,
                "UPDATE source SET state = 'sending', row_count = ?, sha256 = ?, bytes = ?, sheet = ?"
                        + " WHERE id = ? AND state = 'claimed'",
                rows,
                sha256,
                bytes,
                sheet,
                id);
    }

    /**
     * Notes that a scanned source reads as another number of rows than it did, of which none is on record; limits judge it anew.
     *
     * @return the source then; empty when a row is on record
     */
    public Optional<Source> recounted(long id, long rows) {
        int changed = sql.update(
                "UPDATE source SET row_count = ?, approval = NULL, reserved = NULL WHERE id = ? AND state = 'sending'"
                        + " AND NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id)",
                rows,
                id);
        return changed == 0 ? Optional.empty() : find(id);
    }

    /**
     * Notes what the scan of a file found to which rows were added; it is unfinished, and the limits are to be judged again.
     *
     * @return the source as it is then
     */
    public Source grown(long id, long rows, String sha256, long bytes) {
        return updated(
                id,
                "UPDATE source SET state = 'sending', row_count = ?, sha256 = ?, bytes = ?, grown = 1, finished_at = NULL,"
                        + " suppression = NULL, approval = NULL, reserved = NULL, rests_until = NULL"
                        + " WHERE id = ? AND state IN ('sending', 'finished') AND bytes < ?",
                rows,
                sha256,
                bytes,
                id,
                bytes);
    }

    /** Lists the files that have finished since some time, of which it is known how many bytes were read. */
    public List<Source> finishedFilesSince(Instant time) {
        return sql.list(
                "SELECT " + COLUMNS + " FROM source WHERE state = 'finished' AND queue IS NULL AND bytes IS NOT NULL"
                        + " AND finished_at >= ? ORDER BY id",
                SourceTable::source,
                time);
    }

    /** Fixes the time of the finish and the suppression lists, once; marks the receipt as up to date. @return the source then */
    public Source finishing(long id, Instant at, String suppression) {
        return updated(
                id,
                "UPDATE source SET finished_at = coalesce(finished_at, ?), suppression = coalesce(suppression, ?),"
                        + " changed_at = NULL WHERE id = ?",
                at,
                suppression,
                id);
    }

    /** Ends a source that is unfinished. @return whether it was */
    public boolean end(long id, Source.State state, String reason) {
        return sql.update(
                        "UPDATE source SET state = ?, reason = ? WHERE id = ? AND " + UNFINISHED,
                        state.name().toLowerCase(Locale.ROOT),
                        reason,
                        id)
                == 1;
    }

    /** Finishes a message each of whose rows has an outcome. */
    public void finishMessage(long id, Instant at) {
        sql.update(
                "UPDATE source SET state = 'finished', finished_at = ? WHERE id = ? AND state = 'sending' AND row_count ="
                        + " (SELECT count(*) FROM lead WHERE source_id = source.id AND lead.state <> 'sending')",
                at,
                id);
    }

    // --- files beside it that are out of date ---

    /** Marks receipt and outcomes file as out of date, of a file that has them or is getting them now. */
    public void markChanged(long id, Instant at) {
        sql.update(
                "UPDATE source SET changed_at = max(?, coalesce(changed_at, 0) + 1)"
                        + " WHERE id = ? AND finished_at IS NOT NULL AND queue IS NULL",
                at,
                id);
        markOutcomesChanged(id, at);
    }

    /** Marks the outcomes file as out of date, if the source is a file of leads: a message has none. */
    public void markOutcomesChanged(long id, Instant at) {
        // Never the time that is there already: a file being written now would seem to cover this change too.
        sql.update(
                "UPDATE source SET outcomes_at = max(?, coalesce(outcomes_at, 0) + 1) WHERE id = ?"
                        + " AND queue IS NULL AND operation = 'add'",
                at,
                id);
    }

    /** Lists the finished sources whose receipt is out of date. */
    public List<Outdated> outdatedReceipts() {
        return sql.list(
                "SELECT " + COLUMNS + ", changed_at FROM source WHERE state = 'finished' AND changed_at IS NOT NULL",
                row -> new Outdated(source(row), row.number("changed_at")));
    }

    /** Notes that the receipt has all that had changed by then. @return whether it is up to date by that */
    public boolean receiptWritten(Outdated outdated) {
        return sql.update(
                        "UPDATE source SET changed_at = NULL WHERE id = ? AND changed_at = ?",
                        outdated.source().id(),
                        outdated.at())
                == 1;
    }

    // --- limits and approvals ---

    /** Reserves leads for a source, in place of what was reserved for it. */
    public void reserve(long id, long leads) {
        sql.update("UPDATE source SET reserved = ? WHERE id = ?", leads, id);
    }

    /** Takes leads whose intents are made out of what is reserved for the source. @param intents negative: they are put back */
    public void unreserve(long id, int intents) {
        if (intents != 0) {
            sql.update(
                    "UPDATE source SET reserved = max(0, reserved - ?) WHERE id = ? AND reserved IS NOT NULL",
                    intents,
                    id);
        }
    }

    /** Takes away what is reserved for unfinished messages. */
    public void unreserveMessages() {
        sql.update(
                "UPDATE source SET reserved = 0 WHERE " + UNFINISHED_LEADS + " AND queue IS NOT NULL AND reserved > 0");
    }

    /** Has a source wait for a person. @param leads how many would be reserved for it */
    public void hold(long id, long leads) {
        sql.update("UPDATE source SET approval = 'needed', reserved = ? WHERE id = ?", leads, id);
    }

    /** Approves a source that waits for a person. */
    public void approve(long id) {
        sql.update("UPDATE source SET approval = 'given' WHERE id = ? AND approval = 'needed'", id);
    }

    // --- cancelled ---

    /** Cancels a source for good; a recall stays one. */
    public void cancel(long id, boolean recall) {
        sql.update(
                "UPDATE source SET cancelled = CASE WHEN cancelled = 'recall' THEN cancelled ELSE ? END WHERE id = ?",
                recall ? "recall" : "cancel",
                id);
    }

    private Source updated(long id, String update, Object... values) {
        // None when this runs again after a commit that was made and failed to say so.
        return sql.first(update + " RETURNING " + COLUMNS, SourceTable::source, values)
                .or(() -> find(id))
                .orElseThrow();
    }

    static Source source(Sql.Row row) throws SQLException {
        return new Source(
                row.number("id"),
                row.text("outbound"),
                Source.Operation.of(row.text("operation")),
                row.text("name"),
                row.text("dropped_as"),
                row.text("queue"),
                Source.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.text("sha256"),
                row.numberOrNull("row_count"),
                row.time("started_at"),
                row.time("finished_at"),
                row.text("sheet"),
                row.text("suppression"),
                row.numberOrNull("bytes"),
                row.flag("grown"));
    }

    /** Has a source wait for the next wave of leads. @param until null: it waits no longer */
    public void waitForWave(long id, Instant until) {
        sql.update("UPDATE source SET rests_until = ? WHERE id = ?", until, id);
    }

    /** Ends all waits for waves. */
    public void endWaveWaits() {
        sql.update("UPDATE source SET rests_until = NULL WHERE rests_until IS NOT NULL");
    }

    /** Ends the waits of an outbound's files for waves. */
    public void endWaveWaits(String outbound) {
        sql.update(
                "UPDATE source SET rests_until = NULL"
                        + " WHERE state = 'sending' AND queue IS NULL AND outbound = ? AND rests_until IS NOT NULL",
                outbound);
    }

    /** Enters a source that is claimed in another ledger, under its number there. */
    public void copyClaimed(Source source) {
        sql.update(
                "INSERT INTO source (id, outbound, operation, name, dropped_as, state, started_at)"
                        + " VALUES (?, ?, ?, ?, ?, 'claimed', ?)",
                source.id(),
                source.outbound(),
                source.operation().word(),
                source.name(),
                source.droppedAs(),
                source.startedAt());
    }

    // --- what the rooms receipts and upkeep ask ---

    /** Lists the finished sources whose outcomes files are out of date. */
    public List<Outdated> outdatedOutcomes() {
        return sql.list(
                "SELECT " + COLUMNS + ", outcomes_at FROM source WHERE state = 'finished' AND outcomes_at IS NOT NULL",
                row -> new Outdated(source(row), row.number("outcomes_at")));
    }

    /** Notes that the outcomes file has all that had changed by then; what changed since is still to be written. */
    public void outcomesWritten(Outdated outdated) {
        sql.update(
                "UPDATE source SET outcomes_at = NULL WHERE id = ? AND outcomes_at = ?",
                outdated.source().id(),
                outdated.at());
    }

    /** Lists all sources of an outbound, oldest first. */
    public List<Source> ofOutbound(String outbound) {
        return sql.list(
                "SELECT " + COLUMNS + " FROM source WHERE outbound = ? ORDER BY id", SourceTable::source, outbound);
    }

    /** Lists the names of an outbound's lead files that have finished. */
    public List<String> finishedNames(String outbound) {
        return sql.list(
                "SELECT name FROM source WHERE outbound = ? AND operation = 'add' AND finished_at IS NOT NULL",
                row -> row.text(1),
                outbound);
    }

    /** Lists the outbounds that have unfinished files. */
    public List<String> unfinishedOutbounds() {
        return sql.list(
                "SELECT DISTINCT outbound FROM source WHERE state IN ('claimed', 'sending') AND queue IS NULL",
                row -> row.text(1));
    }

    /** Replaces the checksum of a source's file, if it has one; that file is the program's own, which nobody writes. */
    public void replaceSha256(long id, String sha256) {
        sql.update("UPDATE source SET sha256 = ?, bytes = NULL WHERE id = ? AND sha256 IS NOT NULL", sha256, id);
    }

    /** Forgets the Idempotency-Key of a request, which may name somebody; by its hash the same key is still known. */
    public void forgetKey(long id) {
        sql.update("UPDATE source SET dropped_as = '' WHERE id = ? AND queue = ?", id, Source.REQUESTS);
    }

    /** Finds a source that is being purged. */
    public Optional<Source> purging() {
        return sql.first("SELECT " + COLUMNS + " FROM source WHERE state = 'purged' LIMIT 1", SourceTable::source);
    }

    /**
     * Finds the first source that ended before some time and is over: no row of it is open, was changed since or is missing in
     * its receipt or outcomes file, and no call to one is open or waits.
     */
    public Optional<Source> overBefore(Instant time) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM source s WHERE state IN ('finished', 'failed') AND changed_at IS NULL"
                        + " AND (outcomes_at IS NULL OR state = 'failed')"
                        + " AND coalesce(finished_at, started_at) < ? AND NOT EXISTS (SELECT 1 FROM lead l"
                        + " WHERE l.source_id = s.id AND (l.state IN ('sending', 'unknown') OR l.at >= ?))"
                        + " AND NOT EXISTS (SELECT 1 FROM call k WHERE k.source_id = s.id"
                        + " AND (k.final = 0 AND k.read_at IS NOT NULL OR k.join_at IS NOT NULL))"
                        + " AND NOT EXISTS (SELECT 1 FROM failed_stop f JOIN lead l ON l.outbound = f.outbound"
                        + " AND l.lead_id = f.lead_id AND l.state = 'accepted' WHERE l.source_id = s.id)"
                        + " ORDER BY id LIMIT 1",
                SourceTable::source,
                time,
                time);
    }

    /** Marks a source as being purged. */
    public void purge(long id) {
        sql.update("UPDATE source SET state = 'purged' WHERE id = ?", id);
    }

    /** Deletes a source. */
    public void delete(long id) {
        sql.update("DELETE FROM source WHERE id = ?", id);
    }
}
