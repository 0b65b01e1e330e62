package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Table {@code source}: the files and messages that were taken. */
public final class SourceTable {
    static final String COLUMNS =
            "id, outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at, finished_at, suppression";

    private final Sql sql;

    SourceTable(Sql sql) {
        this.sql = sql;
    }

    /** Finds a source by its number. */
    public Optional<Source> find(long id) {
        return sql.first("SELECT " + COLUMNS + " FROM source WHERE id = ?", SourceTable::source, id);
    }

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

    /** Takes leads whose intents are made out of what is reserved for the source. @param intents negative: they are put back */
    public void unreserve(long id, int intents) {
        if (intents != 0) {
            sql.update(
                    "UPDATE source SET reserved = max(0, reserved - ?) WHERE id = ? AND reserved IS NOT NULL",
                    intents,
                    id);
        }
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
                row.text("suppression"));
    }

    // --- what the rooms receipts and upkeep ask ---

    /** A finished source whose outcomes file is out of date. @param at when what it lacks changed, in milliseconds since 1970 */
    public record Outdated(Source source, long at) {}

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

    /** Replaces the checksum of a source's file, if it has one. */
    public void replaceSha256(long id, String sha256) {
        sql.update("UPDATE source SET sha256 = ? WHERE id = ? AND sha256 IS NOT NULL", sha256, id);
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
