package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is older than the retention: sources that ended before, with their rows, and calls that began before.
 * What is unfinished, unknown, not yet told in receipt and outcomes file, or has a call that is not over stays, and so do
 * events until each sink has them.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Rows a transaction, so that the sending never waits long for one. */
    private static final int CHUNK = 500;

    private static final int CHUNKS_A_TURN = 100;

    private static final String DELETE_ROWS = "DELETE FROM lead WHERE (source_id, row_no) IN"
            + " (SELECT source_id, row_no FROM lead WHERE source_id = ? LIMIT " + CHUNK + ")";
    private static final String DELETE_OUTCOMES = "DELETE FROM call_outcome WHERE (source_id, row_no) IN"
            + " (SELECT source_id, row_no FROM call_outcome WHERE source_id = ? LIMIT " + CHUNK + ")";
    private static final String UNTIE_CALLS =
            "UPDATE call SET source_id = NULL, row_no = NULL WHERE (outbound, call_id) IN"
                    + " (SELECT outbound, call_id FROM call WHERE source_id = ? LIMIT " + CHUNK + ")";

    private final Ledger ledger;
    private final Duration retention;
    private final Clock clock;

    /** @param retention null forgets nothing */
    public Retention(Ledger ledger, Duration retention, Clock clock) {
        this.ledger = ledger;
        this.retention = retention;
        this.clock = clock;
    }

    /** Forgets a bounded part of what is old; the rest comes with the next turns. */
    public void purge() {
        if (retention != null) {
            Instant before = clock.instant().minus(retention);
            inChunks(() -> purgeRows(before));
            inChunks(() -> purgeCalls(before));
        }
    }

    /** @param chunk one transaction; false when nothing is left to do */
    private static void inChunks(BooleanSupplier chunk) {
        for (int done = 0; done < CHUNKS_A_TURN && chunk.getAsBoolean(); done++) {
            // Others get the ledger between two chunks.
        }
    }

    private boolean purgeRows(Instant before) {
        return ledger.onConnection(c -> {
            Optional<Source> old = old(c, before);
            if (old.isEmpty()) {
                return false;
            }
            long id = old.get().id();
            if (update(c, DELETE_ROWS, id) == 0
                    && update(c, DELETE_OUTCOMES, id) == 0
                    && update(c, UNTIE_CALLS, id) == 0) {
                update(c, "DELETE FROM source WHERE id = ?", id);
                LOG.info(
                        "{} of {} is older than ledger.retention: the ledger has forgotten its rows",
                        old.get().name(),
                        old.get().outbound());
            }
            return true;
        });
    }

    private boolean purgeCalls(Instant before) {
        return ledger.onConnection(c -> update(
                        c,
                        "DELETE FROM call WHERE (outbound, call_id) IN (SELECT outbound, call_id FROM call"
                                + " WHERE read_at IS NULL AND join_at IS NULL AND started_at < ? LIMIT " + CHUNK + ")",
                        before.toEpochMilli())
                == CHUNK);
    }

    /** The source to go on with. It is marked first, so that a crash between two chunks leaves none that looks finished. */
    private static Optional<Source> old(Connection c, Instant before) throws SQLException {
        Optional<Long> begun = first(c, "SELECT id FROM source WHERE state = 'purged' LIMIT 1");
        if (begun.isPresent()) {
            return Sources.find(c, begun.get());
        }
        long time = before.toEpochMilli();
        Optional<Long> next = first(
                c,
                "SELECT id FROM source s WHERE state IN ('finished', 'failed') AND changed_at IS NULL"
                        + " AND (outcomes_at IS NULL OR state = 'failed')"
                        + " AND coalesce(finished_at, started_at) < ? AND NOT EXISTS (SELECT 1 FROM lead l"
                        + " WHERE l.source_id = s.id AND (l.state IN ('sending', 'unknown') OR l.at >= ?))"
                        + " AND NOT EXISTS (SELECT 1 FROM call k WHERE k.source_id = s.id"
                        + " AND (k.final = 0 AND k.read_at IS NOT NULL OR k.join_at IS NOT NULL))"
                        + " ORDER BY id LIMIT 1",
                time,
                time);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        update(c, "UPDATE source SET state = 'purged' WHERE id = ?", next.get());
        Meta.putTime(c, Meta.PURGED_BEFORE, before);
        return Sources.find(c, next.get());
    }

    private static Optional<Long> first(Connection c, String sql, long... values) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setLong(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static int update(Connection c, String sql, long value) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            statement.setLong(1, value);
            return statement.executeUpdate();
        }
    }
}
