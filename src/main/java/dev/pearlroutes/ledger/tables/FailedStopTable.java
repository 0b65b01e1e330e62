package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.model.Source;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Table {@code failed_stop}: accepted leads that must not be called any more and that could not be stopped so far. */
public final class FailedStopTable {
    private static final String WITH_LEADS = " f JOIN lead l ON l.outbound = f.outbound AND l.lead_id = f.lead_id"
            + " AND l.state = 'accepted' JOIN source s ON s.id = l.source_id";

    private static final String COLUMNS = "SELECT f.outbound, f.lead_id, f.cause, f.reason, f.since, f.tries, f.try_at,"
            + " s.name, l.line, l.external_id, l.phone FROM ";

    private final Sql sql;

    public FailedStopTable(Sql sql) {
        this.sql = sql;
    }

    /** Adds a lead that could not be stopped, unless the ledger knows no such accepted lead any more. */
    public void add(
            String outbound, String leadId, Source.Operation cause, String reason, Instant since, Instant tryAt) {
        sql.update(
                "INSERT INTO failed_stop (outbound, lead_id, cause, reason, since, tries, try_at)"
                        + " SELECT ?, ?, ?, ?, ?, 1, ? WHERE EXISTS"
                        + " (SELECT 1 FROM lead WHERE outbound = ? AND lead_id = ? AND state = 'accepted')"
                        + " ON CONFLICT (outbound, lead_id) DO UPDATE SET cause = excluded.cause,"
                        + " reason = excluded.reason, try_at = excluded.try_at",
                outbound,
                leadId,
                cause.word(),
                reason,
                since,
                tryAt,
                outbound,
                leadId);
    }

    /** Notes that a lead could not be stopped once more. */
    public void failedAgain(FailedStop stop, String reason, Instant tryAt) {
        sql.update(
                "UPDATE failed_stop SET reason = ?, tries = tries + 1, try_at = ? WHERE outbound = ? AND lead_id = ?",
                reason,
                tryAt,
                stop.outbound(),
                stop.leadId());
    }

    /** Ends it: the lead was stopped, may be called again, or a person has taken note. @return false when it had ended before */
    public boolean remove(String outbound, String leadId) {
        return sql.update("DELETE FROM failed_stop WHERE outbound = ? AND lead_id = ?", outbound, leadId) == 1;
    }

    /** Removes those whose leads were erased. */
    public void removeErased() {
        sql.update(
                "DELETE FROM failed_stop WHERE NOT EXISTS (SELECT 1 FROM lead l WHERE l.outbound = failed_stop.outbound"
                        + " AND l.lead_id = failed_stop.lead_id AND l.state = 'accepted')");
    }

    /** Lists the leads of an outbound to be tried now, those that wait longest first. */
    public List<FailedStop> due(String outbound, Instant now, int most) {
        return stops(
                COLUMNS + "(SELECT * FROM failed_stop WHERE outbound = ? AND try_at <= ? ORDER BY try_at LIMIT ?)"
                        + WITH_LEADS + " ORDER BY f.try_at",
                outbound,
                now,
                most);
    }

    /** Lists what is known of a lead: one, or none when it could be stopped or was not to be. */
    public List<FailedStop> ofLead(String outbound, String leadId) {
        return stops(
                COLUMNS + "failed_stop" + WITH_LEADS + " WHERE f.outbound = ? AND f.lead_id = ?", outbound, leadId);
    }

    /** Lists all, by outbound, file and line. */
    public List<FailedStop> all() {
        return stops(COLUMNS + "failed_stop" + WITH_LEADS + " ORDER BY f.outbound, s.name, l.line");
    }

    /** How many leads of an outbound have one cause, and when the newest of them came. */
    public record Count(String outbound, Source.Operation cause, long leads, Instant newest) {}

    /** Counts all. */
    public List<Count> counts() {
        return sql.list(
                "SELECT outbound, cause, count(*) AS leads, max(since) AS newest FROM failed_stop"
                        + " GROUP BY outbound, cause ORDER BY outbound, cause",
                row -> new Count(
                        row.text("outbound"),
                        Source.Operation.of(row.text("cause")),
                        row.number("leads"),
                        row.time("newest")));
    }

    /** A lead that two rows have is one. */
    private List<FailedStop> stops(String query, Object... values) {
        Map<List<String>, FailedStop> stops = new LinkedHashMap<>();
        sql.list(query, FailedStopTable::stop, values)
                .forEach(stop -> stops.putIfAbsent(List.of(stop.outbound(), stop.leadId()), stop));
        return new ArrayList<>(stops.values());
    }

    private static FailedStop stop(Sql.Row row) throws SQLException {
        return new FailedStop(
                row.text("outbound"),
                row.text("lead_id"),
                Source.Operation.of(row.text("cause")),
                row.text("reason"),
                row.time("since"),
                (int) row.number("tries"),
                row.time("try_at"),
                row.text("name"),
                row.number("line"),
                row.text("external_id"),
                row.bytes("phone"));
    }
}
