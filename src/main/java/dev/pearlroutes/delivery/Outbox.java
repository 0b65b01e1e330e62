package dev.pearlroutes.delivery;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.SinkBacklog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The transactional outbox and how far each sink has read it. An event that every sink of its outbound has is kept for a
 * while, to be replayed, and then deleted: the events are the one place of the ledger that holds numbers in the clear.
 */
public final class Outbox {
    /** Most events of one transaction. */
    private static final int CHUNK = 10_000;

    private final Ledger ledger;
    private final Duration kept;

    /** @param kept how long an event is kept that every sink has; zero: it is deleted at once, and nothing can be replayed */
    public Outbox(Ledger ledger, Duration kept) {
        this.ledger = ledger;
        this.kept = kept;
    }

    /**
     * Registers the sinks that an outbound has now. A new sink begins where the slowest of the former ones is; a sink that was
     * taken out of the configuration does not hold up the others any more.
     *
     * @param sinks at least one
     */
    public void register(String outbound, List<String> sinks) {
        ledger.execute(tx -> {
            tx.sinks().register(outbound, sinks);
            tx.events().deleteCopiesOfOthers(outbound, sinks);
        });
    }

    /** Forgets an outbound that has no sink any more, and what waits for it. */
    public void unregister(String outbound) {
        ledger.execute(tx -> {
            tx.sinks().remove(outbound);
            tx.events().delete(outbound, any -> true);
        });
    }

    /** Answers with the number of the newest event ever recorded; it only grows. */
    long newest() {
        return ledger.read(tx -> tx.events().newest());
    }

    /** Lists the next events for a sink, oldest first; empty when it has all. */
    List<Event> next(String outbound, String sink, int most) {
        return ledger.transaction(tx -> tx.events().next(outbound, sink, most));
    }

    /** Reads the newest event for a sink; empty when it has all. */
    List<Event> newest(String outbound, String sink) {
        return ledger.transaction(tx -> tx.events().newestFor(outbound, sink));
    }

    /** Moves a sink's position behind what it has taken, and deletes what is not kept. */
    void delivered(Delivery delivery) {
        String outbound = delivery.outbound();
        ledger.execute(tx -> {
            tx.sinks().move(outbound, delivery.sink(), delivery.lastSeq());
            tx.sinks().putFileLengths(outbound, delivery.files());
            tx.events().deleteCopies(outbound, delivery.sink(), delivery.lastSeq());
            if (kept.isZero()) {
                tx.events().deleteTaken(outbound);
            }
        });
    }

    /** Hands one sink an event once more, behind what waits for it already. */
    void appendFor(String sink, Event event) {
        ledger.execute(tx -> tx.events().appendFor(sink, event));
    }

    /**
     * Hands one sink the events once more that were recorded in a time and that it had before. In several transactions: a
     * crash between them has some events come twice when it is begun again.
     *
     * @param end the first instant that does not belong to the time
     * @return how many
     */
    long replay(String outbound, String sink, Instant from, Instant end) {
        long last =
                ledger.transaction(tx -> tx.sinks().position(outbound, sink)).orElse(-1L);
        Optional<Long> oldest = ledger.transaction(tx -> tx.events().firstSince(outbound, from));
        long count = 0;
        for (long first = oldest.orElse(Long.MAX_VALUE); first <= last; first += CHUNK) {
            long begin = first;
            long chunkEnd = Math.min(last, first + CHUNK - 1);
            count += ledger.transaction(tx -> tx.events().copyFor(outbound, sink, begin, chunkEnd, from, end));
        }
        return count;
    }

    /** Deletes what every sink has and was kept long enough. */
    public void purge() {
        for (String outbound : ledger.transaction(tx -> tx.sinks().outbounds())) {
            // Others get the ledger between two chunks.
            int deleted = CHUNK;
            while (deleted == CHUNK) {
                Instant until = Instant.ofEpochMilli(System.currentTimeMillis()).minus(kept);
                deleted = ledger.transaction(tx -> tx.events().deleteTaken(outbound, until, CHUNK));
            }
        }
    }

    /** Counts what waits for each sink of each outbound that is or was configured. */
    List<SinkBacklog> backlogs() {
        return ledger.transaction(tx -> tx.sinks().backlogs());
    }
}
