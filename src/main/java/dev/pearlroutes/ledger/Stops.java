package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
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
        return Stream.iterate(
                        page(outbound, null, page),
                        leads -> !leads.isEmpty(),
                        leads -> page(outbound, leads.get(leads.size() - 1), page))
                .flatMap(List::stream);
    }

    private List<CallableLead> page(String outbound, CallableLead after, int most) {
        return ledger.transaction(c -> {
            List<CallableLead> leads = new ArrayList<>();
            try (PreparedStatement select =
                    c.prepareStatement("SELECT source_id, row_no, lead_id, external_id, phone FROM lead"
                            + " WHERE outbound = ? AND (phone, source_id, row_no) > (?, ?, ?)"
                            + " AND state IN ('sending', 'accepted', 'unknown')"
                            + " AND state = 'accepted' AND stopped_at IS NULL AND lead_id IS NOT NULL"
                            + " ORDER BY phone, source_id, row_no LIMIT ?")) {
                select.setString(1, outbound);
                select.setBytes(2, after == null ? new byte[0] : after.phone());
                select.setLong(3, after == null ? 0 : after.sourceId());
                select.setLong(4, after == null ? 0 : after.row());
                select.setInt(5, most);
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
