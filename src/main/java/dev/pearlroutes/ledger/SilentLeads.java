package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once of each accepted lead to which no call is known a while after it was accepted. Each outbound's accepted leads are
 * gone through once, in the order in which they were accepted, so no turn looks at a lead again. What counts is how far the
 * calls have been read back, not the time: leads are not silent because the program was off. Nor are they because the clock
 * was set ahead while it ran, or the machine slept; leads that were accepted after it was set back are not left out.
 */
public final class SilentLeads {
    private static final Logger LOG = LoggerFactory.getLogger(SilentLeads.class);

    /** Leads a transaction, so that the sending never waits long for one. */
    private static final int CHUNK = 200;

    private static final int CHUNKS_A_TURN = 50;

    /** The clock may be put right by so much between two turns without being said to jump. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final Map<String, Duration> silentAfter;
    private final BiFunction<Source, Outcome, Event> eventOf;
    private final Clock clock;
    private final LongSupplier passedNanos;
    private Instant lastTurn;
    private long lastNanos;

    /**
     * @param silentAfter by outbound; one that is missing is not watched
     * @param eventOf the event that tells of a silent lead
     */
    public SilentLeads(
            Ledger ledger, Map<String, Duration> silentAfter, BiFunction<Source, Outcome, Event> eventOf, Clock clock) {
        this(ledger, silentAfter, eventOf, clock, System::nanoTime);
    }

    /** @param passedNanos grows by the time that has really passed, whatever the clock says */
    SilentLeads(
            Ledger ledger,
            Map<String, Duration> silentAfter,
            BiFunction<Source, Outcome, Event> eventOf,
            Clock clock,
            LongSupplier passedNanos) {
        this.ledger = ledger;
        this.silentAfter = Map.copyOf(silentAfter);
        this.eventOf = eventOf;
        this.clock = clock;
        this.passedNanos = passedNanos;
        this.lastTurn = clock.instant();
        this.lastNanos = passedNanos.getAsLong();
    }

    /** @param more whether leads are left to be gone through */
    private record Progress(int silent, boolean more) {}

    private record Accepted(long sourceId, Outcome lead, long at, boolean done) {}

    /** Goes through a bounded number of leads; the rest comes with the next turns. */
    public void tell() {
        noteJump();
        silentAfter.forEach((outbound, after) -> {
            int silent = 0;
            boolean more = true;
            for (int chunk = 0; more && chunk < CHUNKS_A_TURN; chunk++) {
                Progress progress = ledger.onConnection(c -> chunk(c, outbound, after));
                silent += progress.silent();
                more = progress.more();
            }
            if (silent > 0) {
                LOG.info(
                        "{}: {} leads have had no call for outbound.{}.silent-after since they were accepted",
                        outbound,
                        silent,
                        outbound);
            }
        });
    }

    private Progress chunk(Connection c, String outbound, Duration after) throws SQLException {
        Optional<Instant> callsRead = Calls.cursor(c, outbound);
        // A call that was read and not told of yet may be any lead's. A time to come was read by a clock that was
        // ahead.
        if (callsRead.isEmpty() || callsRead.get().isAfter(clock.instant()) || WaitingCalls.untold(c, outbound)) {
            return new Progress(0, false);
        }
        long until = until(c, callsRead.get(), after);
        long position = position(c, outbound);
        if (until < position) {
            // The clock was set back, or ahead: leads accepted from now on may have times that were gone through.
            move(c, outbound, until);
            return new Progress(0, false);
        }
        List<Accepted> next = next(c, outbound, position, until);
        int silent = 0;
        for (Accepted lead : next) {
            // One that was erased has no id to be told of.
            if (!lead.done() && lead.lead().leadId() != null) {
                tell(c, lead);
                silent++;
            }
        }
        if (!next.isEmpty()) {
            move(c, outbound, next.get(next.size() - 1).at());
        }
        return new Progress(silent, next.size() >= CHUNK);
    }

    /** The next leads accepted after one time and not after another, and all that were accepted together with the last. */
    private static List<Accepted> next(Connection c, String outbound, long after, long until) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT l.source_id, l.row_no, l.line, l.external_id,"
                + " l.lead_id, l.at, l.silent_at IS NOT NULL"
                + " OR coalesce(l.stopped_at, 0) > 0 AND NOT l.stop_refused OR EXISTS (SELECT 1 FROM call_outcome o"
                + " WHERE o.source_id = l.source_id AND o.row_no = l.row_no) FROM lead l"
                + " WHERE l.outbound = ?1 AND l.state = 'accepted' AND l.at > ?2 AND l.at <= coalesce("
                + "(SELECT at FROM lead WHERE outbound = ?1 AND state = 'accepted' AND at > ?2 AND at <= ?3"
                + " ORDER BY at LIMIT 1 OFFSET " + (CHUNK - 1) + "), ?3) ORDER BY l.at")) {
            select.setString(1, outbound);
            select.setLong(2, after);
            select.setLong(3, until);
            List<Accepted> leads = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long at = row.getLong(6);
                    Outcome lead = new Outcome(
                            row.getLong(2),
                            row.getLong(3),
                            RowState.ACCEPTED,
                            row.getString(4),
                            row.getString(5),
                            "no call is known since it was accepted at " + Instant.ofEpochMilli(at),
                            null);
                    leads.add(new Accepted(row.getLong(1), lead, at, row.getBoolean(7)));
                }
            }
            return leads;
        }
    }

    private void tell(Connection c, Accepted accepted) throws SQLException {
        Instant now = clock.instant();
        try (PreparedStatement update =
                c.prepareStatement("UPDATE lead SET silent_at = ? WHERE source_id = ? AND row_no = ?")) {
            update.setLong(1, now.toEpochMilli());
            update.setLong(2, accepted.sourceId());
            update.setLong(3, accepted.lead().row());
            update.executeUpdate();
        }
        CallOutcomes.markChanged(c, accepted.sourceId(), now);
        Source source = Sources.find(c, accepted.sourceId()).orElseThrow();
        Outbox.append(c, List.of(eventOf.apply(source, accepted.lead())));
    }

    /** Takes note when the clock has gone ahead of the time that has passed since the last turn, or back. */
    private void noteJump() {
        Instant now = clock.instant();
        long nanos = passedNanos.getAsLong();
        Duration ahead = Duration.between(lastTurn, now).minusNanos(nanos - lastNanos);
        if (ahead.abs().compareTo(STEADY) > 0 && !silentAfter.isEmpty()) {
            ledger.onConnection(c -> {
                jump(c, now, ahead.plusMillis(undone(c, now)));
                forget(c, now.minus(Collections.max(silentAfter.values()).multipliedBy(2)));
                return null;
            });
        }
        lastTurn = now;
        lastNanos = nanos;
    }

    /** What is left of a jump ahead when the clock was set back before it. */
    private static long undone(Connection c, Instant now) throws SQLException {
        long millis = 0;
        try (PreparedStatement delete = c.prepareStatement("DELETE FROM clock_jump WHERE at > ? RETURNING millis")) {
            delete.setLong(1, now.toEpochMilli());
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    millis += row.getLong(1);
                }
            }
        }
        return millis;
    }

    private static void jump(Connection c, Instant at, Duration ahead) throws SQLException {
        if (ahead.compareTo(STEADY) > 0) {
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO clock_jump (at, millis) VALUES (?, ?)")) {
                insert.setLong(1, at.toEpochMilli());
                insert.setLong(2, ahead.toMillis());
                insert.executeUpdate();
            }
        }
    }

    /** A jump matters to the leads that were accepted before it, until they have been watched for long enough. */
    private static void forget(Connection c, Instant before) throws SQLException {
        try (PreparedStatement delete = c.prepareStatement("DELETE FROM clock_jump WHERE at < ?")) {
            delete.setLong(1, before.toEpochMilli());
            delete.executeUpdate();
        }
    }

    /** Until when leads must have been accepted to have been watched for so long, by the time that really passed. */
    private static long until(Connection c, Instant callsRead, Duration after) throws SQLException {
        long until = callsRead.minus(after).toEpochMilli();
        try (PreparedStatement select = c.prepareStatement("SELECT at, millis FROM clock_jump ORDER BY at DESC");
                ResultSet jump = select.executeQuery()) {
            while (jump.next() && until < jump.getLong(1)) {
                until -= jump.getLong(2);
            }
        }
        return until;
    }

    private static long position(Connection c, String outbound) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT position FROM silence WHERE outbound = ?")) {
            select.setString(1, outbound);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static void move(Connection c, String outbound, long position) throws SQLException {
        try (PreparedStatement upsert = c.prepareStatement("INSERT INTO silence (outbound, position) VALUES (?, ?)"
                + " ON CONFLICT (outbound) DO UPDATE SET position = excluded.position")) {
            upsert.setString(1, outbound);
            upsert.setLong(2, position);
            upsert.executeUpdate();
        }
    }
}
