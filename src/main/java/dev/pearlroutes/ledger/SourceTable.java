package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.SQLException;
import java.time.Instant;
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
}
