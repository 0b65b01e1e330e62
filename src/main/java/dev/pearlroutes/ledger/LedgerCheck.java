package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.tables.Dialect;
import dev.pearlroutes.ledger.tables.LeadTable;
import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The check of a whole ledger as it is at one moment: it reads everything and says what is wrong. */
public final class LedgerCheck {
    /** Time by which a cursor may be ahead: clocks and time zones of another machine. */
    private static final Duration FUTURE = Duration.ofDays(1);

    /** Queries for what a sound ledger never has: each gives a line for each offender. */
    private static final List<String> OFFENDERS = List.of(
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' belongs to no source' FROM lead"
                    + " WHERE source_id NOT IN (SELECT id FROM source)",
            "SELECT 'row ' || l.row_no || ' of source ' || s.id || ' is of another outbound than its source'"
                    + " FROM lead l JOIN source s ON s.id = l.source_id WHERE l.outbound <> s.outbound",
            "SELECT 'source ' || s.id || ' is finished and has ' || count(l.row_no) || ' outcomes for ' ||"
                    + " coalesce(CAST(s.row_count AS TEXT), 'an unknown number of') || ' rows'"
                    + " FROM source s LEFT JOIN lead l ON l.source_id = s.id WHERE s.state = 'finished'"
                    + " AND s.operation <> 'check' GROUP BY s.id HAVING count(l.row_no) IS DISTINCT FROM s.row_count",
            "SELECT 'source ' || id || ' is finished without a time or a checksum' FROM source"
                    + " WHERE state = 'finished' AND (finished_at IS NULL OR sha256 IS NULL)",
            "SELECT 'source ' || s.id || ' is claimed and has rows' FROM source s WHERE s.state = 'claimed'"
                    + " AND EXISTS (SELECT 1 FROM lead l WHERE l.source_id = s.id)",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is accepted without a leadId' FROM lead"
                    + " WHERE state = 'accepted' AND lead_id IS NULL AND reason IS DISTINCT FROM '" + LeadTable.ERASED
                    + "'",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is open without its request' FROM lead"
                    + " WHERE state IN ('sending', 'unknown') AND (body IS NULL OR external_id IS NULL)",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is settled and has kept its request' FROM lead"
                    + " WHERE state NOT IN ('sending', 'unknown') AND body IS NOT NULL",
            "SELECT 'the outcome of row ' || row_no || ' of source ' || source_id || ' belongs to no row' FROM call_outcome o"
                    + " WHERE NOT EXISTS (SELECT 1 FROM lead l WHERE l.source_id = o.source_id AND l.row_no = o.row_no)",
            // Not by the index that enforces it, which may be what is broken.
            "SELECT count(*) || ' rows of ' || outbound || ' hold one key, the first is row ' || min(row_no) ||"
                    + " ' of source ' || min(source_id) FROM lead"
                    + " WHERE coalesce(state, '') IN ('sending', 'accepted', 'unknown') AND external_id IS NOT NULL"
                    + " GROUP BY outbound, external_id, turn HAVING count(*) > 1",
            "SELECT 'the sink ' || sink || ' of ' || outbound || ' has taken event ' || seq || ', which was never made'"
                    + " FROM sink_position WHERE seq > (%s)");

    private LedgerCheck() {}

    /**
     * A finished source, to be compared with its receipt.
     *
     * @param changed whether the receipt is yet to be rewritten
     * @param counts rows by the words of the receipt, {@code read} among them
     */
    public record Finished(
            String outbound, Source.Operation operation, String name, boolean changed, Map<String, Long> counts) {}

    /** @param findings one line each; they hold no personal data */
    public record Report(List<String> findings, List<Finished> finished, long sources, long rows, long calls) {}

    /** Checks a file, and the database itself. @throws LedgerException when there is no ledger, or none that can be read at all */
    public static Report of(String url, Path scratch) {
        LedgerDatabase database = new LedgerDatabase(url);
        database.requireFile();
        LedgerDatabase.useScratch(scratch);
        database.requireSchema();
        try (Connection connection = database.reading();
                Statement statement = connection.createStatement()) {
            // One moment for all that follows.
            statement.execute("BEGIN");
            Sql sql = new Sql(connection);
            List<String> findings = new ArrayList<>(lines(sql, LedgerDatabase.CHECK_INTEGRITY));
            findings.remove("ok");
            return report(sql, findings);
        } catch (SqlFailure e) {
            throw unreadable(database.file().toString(), e.getCause());
        } catch (SQLException e) {
            throw unreadable(database.file().toString(), e);
        }
    }

    /** Checks what is in a database on a server, whose own soundness is the server's to check. @throws LedgerException as {@link #of} */
    public static Report of(String url, LedgerServer server) {
        PostgresDatabase database = new PostgresDatabase(url, server);
        database.requireSchema();
        try (Connection connection = database.reading()) {
            return report(new Sql(connection, Dialect.POSTGRESQL, Clock.systemUTC(), false), new ArrayList<>());
        } catch (SqlFailure e) {
            throw unreadable(database.place(), e.getCause());
        } catch (SQLException e) {
            throw unreadable(database.place(), e);
        }
    }

    private static Report report(Sql sql, List<String> findings) {
        for (String offenders : OFFENDERS) {
            findings.addAll(lines(sql, offenders.replace("%s", sql.dialect().newestEvent())));
        }
        findings.addAll(lines(
                sql,
                "SELECT 'the cursor of ' || outbound || ' is in the future' FROM cursor WHERE position > ?",
                Instant.now().plus(FUTURE)));
        return new Report(
                findings,
                finished(sql),
                sql.number("SELECT count(*) FROM source"),
                sql.number("SELECT count(*) FROM lead"),
                sql.number("SELECT count(*) FROM call"));
    }

    private static LedgerException unreadable(String place, SQLException e) {
        return new LedgerException("the ledger " + place + " cannot be read: " + e.getMessage(), e);
    }

    private static List<String> lines(Sql sql, String query, Object... values) {
        return sql.list(query, row -> row.text(1), values);
    }

    private static List<Finished> finished(Sql sql) {
        Map<Long, Finished> finished = new LinkedHashMap<>();
        sql.each(
                "SELECT s.id, s.outbound, s.operation, s.name, s.changed_at IS NOT NULL AS changed, s.row_count,"
                        + " coalesce(nullif(l.state, 'sending'), 'unknown') AS word, count(l.row_no) AS outcomes"
                        + " FROM source s LEFT JOIN lead l ON l.source_id = s.id WHERE s.state = 'finished'"
                        + " AND s.queue IS NULL AND s.operation <> 'check' GROUP BY s.id, 7",
                row -> {
                    long id = row.number("id");
                    if (!finished.containsKey(id)) {
                        finished.put(id, source(row));
                    }
                    finished.get(id).counts().merge(row.text("word"), row.number("outcomes"), Long::sum);
                });
        return List.copyOf(finished.values());
    }

    private static Finished source(Sql.Row row) throws SQLException {
        Source.Operation operation = Source.Operation.of(row.text("operation"));
        Map<String, Long> counts = noRows(operation);
        counts.put("read", row.number("row_count"));
        return new Finished(row.text("outbound"), operation, row.text("name"), row.flag("changed"), counts);
    }

    private static Map<String, Long> noRows(Source.Operation operation) {
        Map<String, Long> counts = new LinkedHashMap<>();
        operation.states().forEach(state -> counts.put(state.word(), 0L));
        return counts;
    }
}
