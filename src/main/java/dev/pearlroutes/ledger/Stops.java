package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The accepted leads that were not stopped, as far as the ledger knows. */
public final class Stops {
    private final Ledger ledger;

    public Stops(Ledger ledger) {
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
        return ledger.transaction(c -> {
            List<CallableLead> leads = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT source_id, row_no, lead_id, external_id, phone"
                    + " FROM lead WHERE " + condition + " AND state IN ('sending', 'accepted', 'unknown')"
                    + " AND state = 'accepted' AND lead_id IS NOT NULL"
                    + " ORDER BY " + order + " LIMIT " + most)) {
                for (int i = 0; i < values.length; i++) {
                    select.setObject(i + 1, values[i]);
                }
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
}
