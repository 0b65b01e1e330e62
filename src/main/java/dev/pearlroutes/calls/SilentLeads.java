package dev.pearlroutes.calls;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.CursorTable.ClockJump;
import dev.pearlroutes.ledger.tables.LeadRows.Accepted;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over accepted leads: one without a call a while after it was accepted is published once. It passes over the accepted
 * leads of each outbound once, in the order in which they were accepted, so no turn looks at a lead again. It measures how far
 * the calls have been read, not the time: leads are not silent because the program was off. Nor are they because the clock
 * was set ahead while it ran, or the machine slept; leads that were accepted after it was set back are not left out.
 */
public final class SilentLeads {
    private static final Logger LOG = LoggerFactory.getLogger(SilentLeads.class);

    /** Leads a transaction, so that the sending never waits long for one. */
    private static final int CHUNK = 200;

    private static final int CHUNKS_A_TURN = 50;

    /** Most that the clock may be corrected by between two turns without counting as a jump. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final Map<String, Duration> silentAfter;
    private final Events events;
    private final Clock clock;
    private final LongSupplier passedNanos;
    private Instant lastTurn;
    private long lastNanos;

    /** @param silentAfter by outbound; one that is missing is not watched */
    public SilentLeads(Ledger ledger, Map<String, Duration> silentAfter, Events events, Clock clock) {
        this(ledger, silentAfter, events, clock, System::nanoTime);
    }

    /** @param passedNanos grows by the time that has really passed, whatever the clock says */
    SilentLeads(
            Ledger ledger, Map<String, Duration> silentAfter, Events events, Clock clock, LongSupplier passedNanos) {
        this.ledger = ledger;
        this.silentAfter = Map.copyOf(silentAfter);
        this.events = events;
        this.clock = clock;
        this.passedNanos = passedNanos;
        this.lastTurn = clock.instant();
        this.lastNanos = passedNanos.getAsLong();
    }

    /** @param more whether leads are left */
    private record Chunk(int silent, boolean more) {}

    /** Publishes the silent ones among a bounded number of leads; the rest is left to the next turns. */
    public void publish() {
        noteJump();
        silentAfter.forEach((outbound, after) -> {
            int silent = 0;
            boolean more = true;
            for (int chunk = 0; more && chunk < CHUNKS_A_TURN; chunk++) {
                Chunk done = ledger.transaction(tx -> chunk(tx, outbound, after));
                silent += done.silent();
                more = done.more();
            }
            if (silent > 0) {
                LOG.info(
                        "{}: {} had no call within outbound.{}.silent-after of being accepted",
                        outbound,
                        LogText.count(silent, "lead"),
                        outbound);
            }
        });
    }

    private Chunk chunk(Transaction tx, String outbound, Duration after) {
        Optional<Instant> callsRead = tx.cursors().position(outbound);
        // A call that was read and not published yet may be any lead's. A time to come was read by a clock that was
        // ahead.
        if (callsRead.isEmpty()
                || callsRead.get().isAfter(clock.instant())
                || tx.calls().anyUnpublished(outbound)) {
            return new Chunk(0, false);
        }
        Instant until = watchedLongEnough(tx, callsRead.get(), after);
        Instant position = tx.cursors().watchedUntil(outbound).orElse(Instant.EPOCH);
        if (until.isBefore(position)) {
            // The clock was set back, or ahead: leads accepted from now on may have times before this position.
            tx.cursors().watchedUntil(outbound, until);
            return new Chunk(0, false);
        }
        List<Accepted> next = tx.leadRows().acceptedBetween(outbound, position, until, CHUNK);
        // One that was erased has no id to be published by.
        List<Accepted> silent = next.stream()
                .filter(lead -> !lead.watched() && lead.leadId() != null)
                .toList();
        silent.forEach(lead -> publish(tx, lead));
        if (!next.isEmpty()) {
            tx.cursors().watchedUntil(outbound, next.get(next.size() - 1).at());
        }
        return new Chunk(silent.size(), next.size() >= CHUNK);
    }

    private void publish(Transaction tx, Accepted lead) {
        Instant now = clock.instant();
        tx.leads().silent(lead.sourceId(), lead.row(), now);
        tx.sources().markOutcomesChanged(lead.sourceId(), now);
        Source source = tx.sources().find(lead.sourceId()).orElseThrow();
        Outcome outcome = new Outcome(
                lead.row(),
                lead.line(),
                RowState.ACCEPTED,
                lead.externalId(),
                lead.leadId(),
                "no call is known since it was accepted at " + lead.at(),
                null);
        tx.events().append(List.of(events.ofSilentLead(source, outcome)));
    }

    /** Notes that the clock has gone ahead of the time that has passed since the last turn, or back. */
    private void noteJump() {
        Instant now = clock.instant();
        long nanos = passedNanos.getAsLong();
        Duration ahead = Duration.between(lastTurn, now).minusNanos(nanos - lastNanos);
        if (ahead.abs().compareTo(STEADY) > 0 && !silentAfter.isEmpty()) {
            // A jump matters to the leads accepted before it, until they have been watched for long enough.
            Instant forgotten = now.minus(Collections.max(silentAfter.values()).multipliedBy(2));
            ledger.execute(tx -> {
                // What is left of a jump ahead when the clock was set back before it.
                Duration left = ahead.plus(tx.cursors().deleteJumpsAfter(now));
                if (left.compareTo(STEADY) > 0) {
                    tx.cursors().addJump(new ClockJump(now, left));
                }
                tx.cursors().deleteJumpsBefore(forgotten);
            });
        }
        lastTurn = now;
        lastNanos = nanos;
    }

    /** Answers before when leads must have been accepted to have been watched long enough, by the time that really passed. */
    private static Instant watchedLongEnough(Transaction tx, Instant callsRead, Duration after) {
        Instant until = callsRead.minus(after);
        for (ClockJump jump : tx.cursors().jumps()) {
            if (!until.isBefore(jump.at())) {
                break;
            }
            until = until.minus(jump.ahead());
        }
        return until;
    }
}
