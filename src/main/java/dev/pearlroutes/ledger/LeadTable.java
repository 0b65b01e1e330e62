package dev.pearlroutes.ledger;

import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Table {@code lead}: the rows of sources, and their leads. */
public final class LeadTable {
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

    // --- interrupted requests ---

    /** A row whose request was on the wire when its run ended. */
    public record Interrupted(long sourceId, long row, long line, String externalId) {}

    /** Makes all leads unknown that are being sent. @param lookUpAt when they are looked up */
    public List<Interrupted> interruptAll(String reason, Instant at, Instant lookUpAt) {
        return interrupt("state = 'sending'", reason, at, lookUpAt);
    }

    /** Makes the leads of a source unknown that are being sent, but not by a look-up. */
    public List<Interrupted> interruptRun(long sourceId, String reason, Instant at, Instant lookUpAt) {
        // The plus keeps SQLite from reading all rows of the source.
        return interrupt("+source_id = ? AND state = 'sending' AND look_up_at IS NULL", reason, at, lookUpAt, sourceId);
    }

    /** Has the unknown leads that are held for a person looked up once more. */
    public void lookUpHeld(Instant at) {
        sql.update("UPDATE lead SET look_up_at = ? WHERE state = 'unknown' AND look_up_at IS NULL", at);
    }

    private List<Interrupted> interrupt(
            String condition, String reason, Instant at, Instant lookUpAt, Object... values) {
        return sql
                .list(
                        "UPDATE lead SET state = 'unknown', reason = ?, at = ?, look_up_at = ?, released = 0 WHERE "
                                + condition + " RETURNING source_id, row_no, line, external_id",
                        row -> new Interrupted(
                                row.number("source_id"),
                                row.number("row_no"),
                                row.number("line"),
                                row.text("external_id")),
                        Sql.values(reason, at, lookUpAt, List.of(values)))
                .stream()
                .sorted(Comparator.comparingLong(Interrupted::sourceId).thenComparingLong(Interrupted::row))
                .toList();
    }
}
