package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which accepted leads were stopped, as far as the ledger knows, and which were not. */
public final class StoppedLeads {
    private static final String MARK = "UPDATE lead SET stopped_at = ?, stop_refused = ?"
            + " WHERE outbound = ? AND lead_id = ? AND state = 'accepted'";

    private final Ledger ledger;

    public StoppedLeads(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A lead that may be called.
     *
     * @param phone the ledger's hash of its number
     */
    public record CallableLead(long sourceId, long row, String leadId, String externalId, byte[] phone) {}

    /** The leads of an outbound that may be called, read page by page, so that sending never waits long for a reader. */
    public Stream<CallableLead> callable(String outbound, int page) {
        return pages(after -> read(
                "outbound = ? AND (phone, source_id, row_no) > (?, ?, ?) AND coalesce(stopped_at, 0) = 0",
                "phone, source_id, row_no",
                page,
                outbound,
                after == null ? new byte[0] : after.phone(),
                after == null ? 0 : after.sourceId(),
                after == null ? 0 : after.row()));
    }

    /** The same of one source, without those that an update has let be called again. */
    public Stream<CallableLead> callable(long sourceId, int page) {
        return pages(after -> read(
                "source_id = ? AND row_no > ? AND stopped_at IS NULL",
                "row_no",
                page,
                sourceId,
                after == null ? 0 : after.row()));
    }

    /** @param after reads the page behind a lead; null for the first */
    private static Stream<CallableLead> pages(Function<CallableLead, List<CallableLead>> after) {
        return Stream.iterate(
                        after.apply(null), leads -> !leads.isEmpty(), leads -> after.apply(leads.get(leads.size() - 1)))
                .flatMap(List::stream);
    }

    private List<CallableLead> read(String condition, String order, int most, Object... values) {
        return ledger.onConnection(c -> {
            List<CallableLead> leads = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT source_id, row_no, lead_id, external_id, phone"
                    + " FROM lead WHERE " + condition + " AND state IN ('sending', 'accepted', 'unknown')"
                    + " AND state = 'accepted' AND lead_id IS NOT NULL"
                    + " ORDER BY " + order + " LIMIT " + most)) {
                Sql.set(select, values);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        leads.add(new CallableLead(
                                row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getBytes(5)));
                    }
                }
            }
            return leads;
        });
    }

    /**
     * Inside the caller's transaction: an update has set a status, by which its lead is stopped or may be called again. Rows of
     * accepted leads that it stops are told of.
     *
     * @param eventOf the event that tells of a stopped lead
     */
    static void changed(
            Connection c, Source update, LeadChange row, Instant at, BiFunction<Source, Outcome, Event> eventOf)
            throws SQLException {
        try (PreparedStatement statement =
                c.prepareStatement(MARK + " RETURNING source_id, row_no, line, external_id")) {
            mark(statement, row.reopens() ? Instant.EPOCH : at, false, update.outbound(), row.leadId());
            try (ResultSet lead = statement.executeQuery()) {
                while (lead.next()) {
                    CallOutcomes.markChanged(c, lead.getLong(1), at);
                    if (!row.reopens()) {
                        Source source = Sources.find(c, lead.getLong(1)).orElseThrow();
                        Outcome stopped = new Outcome(
                                lead.getLong(2),
                                lead.getLong(3),
                                RowState.ACCEPTED,
                                lead.getString(4),
                                row.leadId(),
                                why(update, row),
                                null,
                                at);
                        Outbox.append(c, List.of(eventOf.apply(source, stopped)));
                    }
                }
            }
        }
    }

    /** Inside the caller's transaction: the API refuses to stop a lead, which is not to be asked of it again. */
    static void refused(Connection c, String outbound, LeadChange row, Instant at) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(MARK)) {
            mark(statement, at, true, outbound, row.leadId());
            statement.executeUpdate();
        }
    }

    private static void mark(PreparedStatement update, Instant at, boolean refused, String outbound, String leadId)
            throws SQLException {
        update.setLong(1, at.toEpochMilli());
        update.setBoolean(2, refused);
        update.setString(3, outbound);
        update.setString(4, leadId);
    }

    private static String why(Source update, LeadChange row) {
        return switch (update.operation()) {
            case SUPPRESS -> "its number came onto a suppression list";
            case RECALL -> "its file was recalled";
            default ->
                "an update set its status to "
                        + LeadStatus.ofCode(row.newStatus())
                                .map(LeadStatus::apiName)
                                .orElse(row.newStatus().toString());
        };
    }
}
