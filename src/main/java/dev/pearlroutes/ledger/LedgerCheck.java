package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole ledger as it is at one moment and says what is wrong with it. */
public final class LedgerCheck {
    /** What a sound ledger never has: each query gives a line for each offender. */
    private static final List<String> OFFENDERS = List.of(
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' belongs to no source' FROM lead"
                    + " WHERE source_id NOT IN (SELECT id FROM source)",
            "SELECT 'row ' || l.row_no || ' of source ' || s.id || ' is of another outbound than its source'"
                    + " FROM lead l JOIN source s ON s.id = l.source_id WHERE l.outbound <> s.outbound",
            "SELECT 'source ' || s.id || ' is finished and has ' || count(l.row_no) || ' outcomes for ' ||"
                    + " coalesce(s.row_count, 'an unknown number of') || ' rows'"
                    + " FROM source s LEFT JOIN lead l ON l.source_id = s.id WHERE s.state = 'finished'"
                    + " AND s.operation <> 'check' GROUP BY s.id HAVING count(l.row_no) IS NOT s.row_count",
            "SELECT 'source ' || id || ' is finished without a time or a checksum' FROM source"
                    + " WHERE state = 'finished' AND (finished_at IS NULL OR sha256 IS NULL)",
            "SELECT 'source ' || s.id || ' is claimed and has rows' FROM source s WHERE s.state = 'claimed'"
                    + " AND EXISTS (SELECT 1 FROM lead l WHERE l.source_id = s.id)",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is accepted without a leadId' FROM lead"
                    + " WHERE state = 'accepted' AND lead_id IS NULL AND reason IS NOT '" + Erasure.ERASED + "'",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is open without its request' FROM lead"
                    + " WHERE state IN ('sending', 'unknown') AND (body IS NULL OR external_id IS NULL)",
            "SELECT 'row ' || row_no || ' of source ' || source_id || ' is settled and has kept its request' FROM lead"
                    + " WHERE state NOT IN ('sending', 'unknown') AND body IS NOT NULL",
            "SELECT 'what came of row ' || row_no || ' of source ' || source_id || ' is of no row' FROM call_outcome o"
                    + " WHERE NOT EXISTS (SELECT 1 FROM lead l WHERE l.source_id = o.source_id AND l.row_no = o.row_no)",
            // Not by the index that enforces it, which may be what is broken.
            "SELECT count(*) || ' rows of ' || outbound || ' hold one key, the first is row ' || min(row_no) ||"
                    + " ' of source ' || min(source_id) FROM lead NOT INDEXED"
                    + " WHERE state IN ('sending', 'accepted', 'unknown') AND external_id IS NOT NULL"
                    + " GROUP BY outbound, external_id, turn HAVING count(*) > 1",
            "SELECT 'the sink ' || sink || ' of ' || outbound || ' has taken event ' || seq || ', which was never made'"
                    + " FROM sink_position WHERE seq >"
                    + " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)",
            "SELECT 'the cursor of ' || outbound || ' is in the future' FROM cursor"
                    + " WHERE position > (unixepoch() + 86400) * 1000");

    private LedgerCheck() {}

    /**
     * A finished source, to be compared with its receipt.
     *
     * @param changed whether the receipt is yet to be written anew
     * @param counts rows by the words of the receipt, {@code read} among them
     */
    public record Finished(
            String outbound, Source.Operation operation, String name, boolean changed, Map<String, Long> counts) {}

    /** @param findings one line each; they hold no personal data */
    public record Report(List<String> findings, List<Finished> finished, long sources, long rows, long calls) {}

    /** @throws LedgerException when there is no ledger, or none that can be read at all */
    public static Report of(String url, Path scratch) {
        LedgerDatabase database = new LedgerDatabase(url);
        database.requireFile();
        LedgerDatabase.useScratch(scratch);
        database.requireSchema();
        try (Connection connection = database.reading();
                Statement statement = connection.createStatement()) {
            // One moment for all that follows.
            statement.execute("BEGIN");
            List<String> findings = new ArrayList<>(Sql.column(connection, "PRAGMA integrity_check"));
            findings.remove("ok");
            for (String offenders : OFFENDERS) {
                findings.addAll(Sql.column(connection, offenders));
            }
            return new Report(
                    findings,
                    finished(connection),
                    number(connection, "source"),
                    number(connection, "lead"),
                    number(connection, "call"));
        } catch (SQLException e) {
            throw new LedgerException("the ledger " + database.file() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Finished> finished(Connection c) throws SQLException {
        Map<Long, Finished> finished = new LinkedHashMap<>();
        try (Statement statement = c.createStatement();
                ResultSet row = statement.executeQuery("SELECT s.id, s.outbound, s.operation, s.name,"
                        + " s.changed_at IS NOT NULL, s.row_count, coalesce(nullif(l.state, 'sending'), 'unknown'), count(l.row_no)"
                        + " FROM source s LEFT JOIN lead l ON l.source_id = s.id WHERE s.state = 'finished'"
                        + " AND s.queue IS NULL AND s.operation <> 'check' GROUP BY s.id, 7")) {
            while (row.next()) {
                long id = row.getLong(1);
                Finished source = finished.get(id);
                if (source == null) {
                    Source.Operation operation = Source.Operation.of(row.getString(3));
                    source = new Finished(
                            row.getString(2), operation, row.getString(4), row.getBoolean(5), noRows(operation));
                    source.counts().put("read", row.getLong(6));
                    finished.put(id, source);
                }
                source.counts().merge(row.getString(7), row.getLong(8), Long::sum);
            }
        }
        return List.copyOf(finished.values());
    }

    private static Map<String, Long> noRows(Source.Operation operation) {
        Map<String, Long> counts = new LinkedHashMap<>();
        operation.states().forEach(state -> counts.put(state.word(), 0L));
        return counts;
    }

    private static long number(Connection c, String table) throws SQLException {
        return Long.parseLong(Sql.column(c, "SELECT count(*) FROM " + table).get(0));
    }
}
