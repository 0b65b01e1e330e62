package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.LeadRecord;
import dev.pearlroutes.model.RowState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Reads all that table {@code lead} has of single leads, by the indexes of their keys. */
public final class LeadHistory {
    private static final String COLUMNS =
            "SELECT l.source_id, l.row_no, l.line, l.external_id, l.lead_id, l.state, l.reason,"
                    + " l.at, l.found_at, l.stopped_at, l.stop_refused, l.silent_at FROM lead l WHERE l.outbound = ? AND ";

    private final Sql sql;

    public LeadHistory(Sql sql) {
        this.sql = sql;
    }

    /** Lists the rows that hold an externalId: those that are sent, oldest first. */
    public List<LeadRecord> ofExternalId(String outbound, String externalId) {
        return records(
                "l.external_id = ? AND l.state IN ('sending', 'accepted', 'unknown') ORDER BY l.turn",
                outbound,
                externalId);
    }

    /** Lists the accepted rows that have an id of the API. */
    public List<LeadRecord> ofLeadId(String outbound, String leadId) {
        return records("l.lead_id = ? AND l.state = 'accepted'", outbound, leadId);
    }

    /** Lists rows with a number that were to be sent, oldest first. @param phone keyed hash of it */
    public List<LeadRecord> ofPhone(String outbound, byte[] phone, int most) {
        return records("l.phone = ? ORDER BY l.source_id, l.row_no LIMIT ?", outbound, phone, most);
    }

    private List<LeadRecord> records(String condition, Object... values) {
        return sql.list(COLUMNS + condition, LeadHistory::lead, values);
    }

    private static LeadRecord lead(Sql.Row row) throws SQLException {
        Instant stopped = row.time("stopped_at");
        return new LeadRecord(
                row.number("source_id"),
                row.number("row_no"),
                row.number("line"),
                row.text("external_id"),
                row.text("lead_id"),
                RowState.of(row.text("state")),
                row.text("reason"),
                row.time("at"),
                row.time("found_at"),
                stopped == null || stopped.toEpochMilli() <= 0 || row.flag("stop_refused") ? null : stopped,
                row.time("silent_at"));
    }
}
