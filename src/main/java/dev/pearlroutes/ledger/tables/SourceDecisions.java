package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Table {@code source}, read for what people and limits have decided about sources; {@link SourceTable} writes it. */
public final class SourceDecisions {
    private static final String COLUMNS = SourceTable.COLUMNS;
    private static final String UNFINISHED_LEADS = SourceTable.UNFINISHED_LEADS;

    private final Sql sql;

    public SourceDecisions(Sql sql) {
        this.sql = sql;
    }

    /** A lead file that a person cancelled. @param recall whether the leads that were sent are to be stopped as well */
    public record Cancelled(long sourceId, String outbound, String name, boolean recall) {}

    /**
     * What is known of the approval of a source.
     *
     * @param needed whether it waits for a person
     * @param open whether it was not judged yet, and none of its rows is planned or rows were added since
     */
    public record Approval(boolean needed, boolean open) {}

    /** Tells whether a source is paused, or waits for a person, or for a wave after a time; a cancelled one waits for nobody. */
    public boolean waits(long id, Instant at) {
        return sql.exists(
                "SELECT 1 FROM source WHERE id = ? AND cancelled IS NULL AND (approval = 'needed' OR rests_until > ? OR "
                        + MetaTable.SOURCE_IS_PAUSED + ")",
                id,
                at);
    }

    /**
     * What a source waits for besides a pause.
     *
     * @param approval whether it waits for a person
     * @param wave when the wave begins that it waits for; null for none
     */
    public record Waits(boolean approval, Instant wave) {}

    /** Reads what an unfinished source waits for; a cancelled one waits for nothing. */
    public Waits waits(long id) {
        return sql.first(
                        "SELECT approval IS NOT DISTINCT FROM 'needed' AS needed, rests_until FROM source"
                                + " WHERE id = ? AND cancelled IS NULL",
                        row -> new Waits(row.flag("needed"), row.time("rests_until")),
                        id)
                .orElse(new Waits(false, null));
    }

    /** Reads the approval of a source. */
    public Approval approval(long id) {
        return sql.first(
                        "SELECT approval IS NOT DISTINCT FROM 'needed', reserved IS NULL"
                                + " AND (grown = 1 OR NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id))"
                                + " FROM source WHERE id = ?",
                        row -> new Approval(row.flag(1), row.flag(2)),
                        id)
                .orElseThrow();
    }

    /** Adds up what is reserved for the other unfinished sources of an outbound that are let in and not cancelled. */
    public long reservedForOthers(Source source) {
        return sql.number(
                "SELECT coalesce(sum(reserved), 0) FROM source WHERE " + UNFINISHED_LEADS
                        + " AND approval IS DISTINCT FROM 'needed' AND cancelled IS NULL AND outbound = ? AND id <> ?",
                source.outbound(),
                source.id());
    }

    /** Lists the files that wait for a person, oldest first. */
    public List<Source> waiting() {
        return sql.list(
                "SELECT " + COLUMNS + " FROM source WHERE " + UNFINISHED_LEADS
                        + " AND approval = 'needed' AND cancelled IS NULL ORDER BY id",
                SourceTable::source);
    }

    /** Finds the unfinished file of a name, its own or the dropped one, that a person was asked about, first one that waits. */
    public Optional<Long> askedAbout(String outbound, String name) {
        return sql.first(
                "SELECT id FROM source WHERE " + UNFINISHED_LEADS + " AND approval IS NOT NULL AND cancelled IS NULL"
                        + " AND outbound = ? AND (name = ? OR dropped_as = ?)"
                        + " ORDER BY name = ? DESC, approval = 'needed' DESC, id DESC LIMIT 1",
                row -> row.number(1),
                outbound,
                name,
                name,
                name);
    }

    /** Tells whether an unfinished file of a name, its own or the dropped one, is not judged yet. */
    public boolean undecided(String outbound, String name) {
        return sql.exists(
                "SELECT id FROM source WHERE " + UNFINISHED_LEADS + " AND queue IS NULL AND reserved IS NULL"
                        + " AND cancelled IS NULL AND outbound = ? AND (name = ? OR dropped_as = ?) LIMIT 1",
                outbound,
                name,
                name);
    }

    /**
     * Finds the newest lead file that was dropped under a name, or has it in {@code done/}; before that, the one whose notice in
     * the inbox has the name, since that is what a person sees.
     */
    public Optional<Long> newestNamed(String outbound, String name) {
        return sql.first(
                "SELECT id FROM source WHERE outbound = ? AND operation = 'add'"
                        + " AND state IN ('claimed', 'sending', 'finished') AND (name = ? OR dropped_as = ?)"
                        + " ORDER BY (name = ? AND approval IS NOT NULL AND state <> 'finished') DESC, id DESC LIMIT 1",
                row -> row.number(1),
                outbound,
                name,
                name,
                name);
    }

    /** Tells whether a source is cancelled. */
    public boolean isCancelled(long id) {
        return sql.exists("SELECT 1 FROM source WHERE id = ? AND cancelled IS NOT NULL", id);
    }

    /** Reads why a source failed. */
    public Optional<String> reason(long id) {
        return sql.first(
                "SELECT reason FROM source WHERE id = ? AND reason IS NOT NULL", row -> row.text("reason"), id);
    }

    /** Reads whether a source is cancelled; the answer says whether it is a recall. */
    public Optional<Boolean> cancelled(long id) {
        return sql.first(
                "SELECT cancelled = 'recall' FROM source WHERE id = ? AND cancelled IS NOT NULL",
                row -> row.flag(1),
                id);
    }

    /** Lists the cancelled sources. */
    public List<Cancelled> cancelled() {
        return sql.list(
                "SELECT id, outbound, name, cancelled = 'recall' AS recall FROM source WHERE cancelled IS NOT NULL",
                row -> new Cancelled(row.number("id"), row.text("outbound"), row.text("name"), row.flag("recall")));
    }
}
