package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lead files that people cancelled or recalled. */
public final class Cancels {
    private final Ledger ledger;

    public Cancels(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @param recall whether the leads that were sent are to be stopped as well */
    public record Cancelled(long sourceId, String outbound, String name, boolean recall) {}

    /**
     * The number of the newest lead file that was dropped under a name, or has it in {@code done/}; before that, of the one
     * whose notice in the inbox has the name, since that is what a person sees.
     */
    public Optional<Long> named(String outbound, String name) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT id FROM source WHERE outbound = ?"
                    + " AND operation = 'add' AND state IN ('claimed', 'sending', 'finished')"
                    + " AND (name = ? OR dropped_as = ?)"
                    + " ORDER BY (name = ? AND approval IS NOT NULL AND state <> 'finished') DESC, id DESC LIMIT 1")) {
                select.setString(1, outbound);
                select.setString(2, name);
                select.setString(3, name);
                select.setString(4, name);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
                }
            }
        });
    }

    /** Cancels a source for good; a recall stays one, and one that is asked for again takes in what was let be called since. */
    public void cancel(long sourceId, boolean recall) {
        ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE source SET cancelled = CASE WHEN cancelled = 'recall' THEN cancelled ELSE ? END WHERE id = ?")) {
                update.setString(1, recall ? "recall" : "cancel");
                update.setLong(2, sourceId);
                update.executeUpdate();
            }
            if (recall) {
                try (PreparedStatement update = c.prepareStatement(
                        "UPDATE lead SET stopped_at = NULL WHERE source_id = ? AND stopped_at = 0")) {
                    update.setLong(1, sourceId);
                    update.executeUpdate();
                }
            }
            return null;
        });
    }

    public List<Cancelled> all() {
        return ledger.onConnection(c -> {
            List<Cancelled> all = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement(
                            "SELECT id, outbound, name, cancelled = 'recall' FROM source WHERE cancelled IS NOT NULL");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(new Cancelled(row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4)));
                }
            }
            return all;
        });
    }
}
