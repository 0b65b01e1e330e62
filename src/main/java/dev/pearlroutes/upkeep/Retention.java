package dev.pearlroutes.upkeep;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.model.Source;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The purge of what is older than the retention: sources that ended before, with their rows, and calls that began before.
 * What is unfinished, unknown, not yet written in receipt and outcomes file, has a call that is not over, or a lead that could not
 * be stopped stays, and so do events until each sink has them.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Rows a transaction, so that the sending never waits long for one. */
    private static final int CHUNK = 500;

    private static final int CHUNKS_A_TURN = 100;

    private final Ledger ledger;
    private final Duration retention;
    private final Clock clock;

    /** @param retention null purges nothing */
    public Retention(Ledger ledger, Duration retention, Clock clock) {
        this.ledger = ledger;
        this.retention = retention;
        this.clock = clock;
    }

    /** Purges a bounded part of what is old; the rest is left to the next turns. */
    public void purge() {
        if (retention != null) {
            Instant before = clock.instant().minus(retention);
            inChunks(() -> ledger.transaction(tx -> purgeRows(tx, before)));
            inChunks(() -> ledger.transaction(tx -> tx.calls().deleteOld(before, CHUNK) == CHUNK));
        }
    }

    /** @param chunk one transaction; false when nothing is left to do */
    private static void inChunks(BooleanSupplier chunk) {
        for (int done = 0; done < CHUNKS_A_TURN && chunk.getAsBoolean(); done++) {
            // Others get the ledger between two chunks.
        }
    }

    private static boolean purgeRows(Transaction tx, Instant before) {
        Optional<Source> old = old(tx, before);
        if (old.isEmpty()) {
            return false;
        }
        long id = old.get().id();
        if (tx.leads().delete(id, CHUNK) == 0
                && tx.callOutcomes().delete(id, CHUNK) == 0
                && tx.calls().unassign(id, CHUNK) == 0) {
            tx.sources().delete(id);
            LOG.info(
                    "{} of {} is older than ledger.retention: its rows are deleted from the ledger",
                    old.get().name(),
                    old.get().outbound());
        }
        return true;
    }

    /** Finds the source to continue with. It is marked first, so that after a crash between two chunks none looks finished. */
    private static Optional<Source> old(Transaction tx, Instant before) {
        Optional<Source> begun = tx.sources().purging();
        if (begun.isPresent()) {
            return begun;
        }
        Optional<Source> next = tx.sources().overBefore(before);
        next.ifPresent(source -> {
            tx.sources().purge(source.id());
            tx.meta().purgedBefore(before);
        });
        return next;
    }
}
