package dev.pearlroutes.ledger.tables;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counts what became of rows and of calls by day (UTC), a bounded part of the tables {@code lead} and {@code call_outcome} at a time. */
public final class OutcomeStatistics {
    private static final String NEXT = " WHERE (source_id, row_no) > (?, ?) ORDER BY source_id, row_no LIMIT ?";
    private static final long MILLIS_A_DAY = 86_400_000;
    private static final long MILLIS_AN_HOUR = 3_600_000;

    private final Sql sql;

    public OutcomeStatistics(Sql sql) {
        this.sql = sql;
    }

    /** The last row of a part. */
    public record Place(long sourceId, long row) {
        /** Before all rows. */
        public static final Place BEGINNING = new Place(0, 0);
    }

    /** Rows of one kind. @param operation what is done with the rows of their source; word of it @param outcome word of their state */
    public record Rows(LocalDate day, String outbound, String operation, String outcome, long count) {}

    /**
     * Leads by their newest call.
     *
     * @param hour of that call: its first instant
     * @param status null when it is not known
     * @param isFinal whether no further call is expected
     */
    public record Calls(Instant hour, String outbound, Integer status, boolean isFinal, long count) {
        /** The day of the call, in UTC. */
        public LocalDate day() {
            return LocalDate.ofInstant(hour, ZoneOffset.UTC);
        }
    }

    /** Some counts. @param last row of those that are counted; null when there are no more */
    public record Part<T>(List<T> counts, Place last) {}

    /** Counts the next rows by the day on which their outcome became known. */
    public Part<Rows> rows(Place after, int most) {
        return part(
                "lead",
                "SELECT p.at / " + MILLIS_A_DAY + " AS day, p.outbound, s.operation, p.state, count(*) AS number FROM"
                        + " (SELECT source_id, outbound, state, at FROM lead" + NEXT + ") p"
                        + " JOIN source s ON s.id = p.source_id WHERE s.state <> 'purged' GROUP BY 1, 2, 3, 4",
                row -> new Rows(
                        day(row), row.text("outbound"), row.text("operation"), row.text("state"), row.number("number")),
                after,
                most);
    }

    /** Counts the next leads that were called by the hour of their newest call. */
    public Part<Calls> calls(Place after, int most) {
        return part(
                "call_outcome",
                "SELECT p.called_at / " + MILLIS_AN_HOUR
                        + " AS hour, s.outbound, p.status, p.final, count(*) AS number FROM"
                        + " (SELECT source_id, status, final, called_at FROM call_outcome" + NEXT + ") p"
                        + " JOIN source s ON s.id = p.source_id WHERE p.called_at IS NOT NULL AND s.state <> 'purged'"
                        + " GROUP BY 1, 2, 3, 4",
                row -> new Calls(
                        Instant.ofEpochMilli(row.number("hour") * MILLIS_AN_HOUR),
                        row.text("outbound"),
                        row.codeOrNull("status"),
                        row.flag("final"),
                        row.number("number")),
                after,
                most);
    }

    private static LocalDate day(Sql.Row row) throws SQLException {
        return LocalDate.ofEpochDay(row.number("day"));
    }

    private <T> Part<T> part(String table, String counts, Sql.Mapper<T> mapper, Place after, int most) {
        List<T> counted = new ArrayList<>(sql.list(counts, mapper, after.sourceId(), after.row(), most));
        Optional<Place> last = sql.first(
                "SELECT source_id, row_no FROM " + table + NEXT + " OFFSET ?",
                row -> new Place(row.number("source_id"), row.number("row_no")),
                after.sourceId(),
                after.row(),
                1,
                most - 1);
        return new Part<>(counted, last.orElse(null));
    }
}
