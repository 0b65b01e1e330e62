package dev.pearlroutes.ledger;

import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The calls seen so far, those still open among them, and how far each outbound's search has come. */
public final class Calls {
    /** So much the API's clock and ours may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final Ledger ledger;

    public Calls(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A call as the API told of it.
     *
     * @param to the number called, in E.164; null when unknown
     * @param startedAt null when unknown
     * @param status code of the conversation's status; null when unknown
     * @param duration seconds; null when unknown
     * @param fingerprint of everything of the call that an event tells of
     * @param json what the event is made of
     */
    public record Seen(
            String callId,
            String to,
            Instant startedAt,
            Integer status,
            Long duration,
            boolean isFinal,
            byte[] fingerprint,
            String json) {

        @Override
        public String toString() {
            return "Seen[callId=" + callId + ", isFinal=" + isFinal + "]";
        }
    }

    /**
     * Whose call it is.
     *
     * @param match {@code exact}, {@code phone}, {@code ambiguous} or {@code none}
     * @param row null when ambiguous or none
     */
    public record Match(String match, LeadRef row) {
        /**
         * Judged by the number alone. A lead that was not there yet when the call began cannot have caused it.
         *
         * @param startedAt of the call; null when unknown
         */
        public static Match byNumber(List<LeadRef> candidates, Instant startedAt) {
            List<LeadRef> possible = candidates.stream()
                    .filter(row -> startedAt == null || !row.takenAt().isAfter(startedAt.plus(CLOCKS_DIFFER)))
                    .toList();
            return switch (possible.size()) {
                case 0 -> new Match("none", null);
                case 1 -> new Match("phone", possible.get(0));
                default -> new Match("ambiguous", null);
            };
        }
    }

    /** Makes the event of a call that is new or has changed. */
    @FunctionalInterface
    public interface EventMaker {
        Event make(Seen call, int revision, Match match);
    }

    /**
     * Records calls, in one transaction: one that is new or has changed with its event or, when it is final and a lead of
     * ours has its number, as waiting for what its lead can tell; see {@link WaitingCalls}.
     *
     * @param newSince a call that began before and is not on record is none of ours to tell of
     * @return how many are new or changed
     */
    public int record(String outbound, List<Seen> calls, Instant newSince, Instant at, EventMaker events) {
        if (calls.isEmpty()) {
            return 0;
        }
        return ledger.onConnection(c -> {
            try (Recording recording = new Recording(c, outbound, newSince, at, events)) {
                int changed = 0;
                for (Seen call : calls) {
                    changed += recording.record(call) ? 1 : 0;
                }
                Outbox.append(c, recording.told);
                return changed;
            }
        });
    }

    /** The end of the last window of which every call was recorded; empty before the first. */
    public Optional<Instant> cursor(String outbound) {
        return ledger.onConnection(c -> cursor(c, outbound));
    }

    /** Inside the caller's transaction. */
    static Optional<Instant> cursor(Connection c, String outbound) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT position FROM cursor WHERE outbound = ?")) {
            select.setString(1, outbound);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Instant.ofEpochMilli(row.getLong(1))) : Optional.empty();
            }
        }
    }

    public void moveCursor(String outbound, Instant position) {
        ledger.onConnection(c -> {
            long before = cursor(c, outbound).map(Instant::toEpochMilli).orElse(0L);
            CallOutcomes.markOver(c, outbound, before, position.toEpochMilli());
            try (PreparedStatement upsert = c.prepareStatement("INSERT INTO cursor (outbound, position) VALUES (?, ?)"
                    + " ON CONFLICT (outbound) DO UPDATE SET position = excluded.position")) {
                upsert.setString(1, outbound);
                upsert.setLong(2, position.toEpochMilli());
                return upsert.executeUpdate();
            }
        });
    }

    /** The recording of a page: its statements are prepared once, and the events it makes are gathered. */
    private final class Recording implements AutoCloseable {
        private final Connection c;
        private final String outbound;
        private final Instant newSince;
        private final Instant at;
        private final EventMaker events;
        private final List<Event> told = new ArrayList<>();
        private final PreparedStatement select;
        private final PreparedStatement candidates;
        private final PreparedStatement upsert;

        Recording(Connection c, String outbound, Instant newSince, Instant at, EventMaker events) throws SQLException {
            this.c = c;
            this.outbound = outbound;
            this.newSince = newSince;
            this.at = at;
            this.events = events;
            this.select = c.prepareStatement(
                    "SELECT revision, fingerprint, final FROM call WHERE outbound = ? AND call_id = ?");
            this.candidates = c.prepareStatement(WaitingCalls.CANDIDATES);
            this.upsert = c.prepareStatement("INSERT INTO call (outbound, call_id, revision, final, fingerprint,"
                    + " started_at, seen, join_at, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (outbound, call_id) DO UPDATE SET revision = excluded.revision,"
                    + " final = excluded.final, fingerprint = excluded.fingerprint,"
                    + " started_at = excluded.started_at, seen = excluded.seen, join_at = excluded.join_at,"
                    + " told = NULL, tries = 0, read_at = excluded.read_at, absent = 0");
        }

        /** @return whether it is new or has changed */
        boolean record(Seen call) throws SQLException {
            int revision = revision(call);
            if (revision >= 0) {
                change(call, revision);
            } else if (!call.isFinal()) {
                stillOpen(call);
            }
            return revision >= 0;
        }

        /** @return the revision told so far; -1 when it is as it was and not final by now, or is not to be told of */
        private int revision(Seen call) throws SQLException {
            select.setString(1, outbound);
            select.setString(2, call.callId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return call.startedAt() != null && call.startedAt().isBefore(newSince) ? -1 : 0;
                }
                boolean same = Arrays.equals(row.getBytes(2), call.fingerprint());
                boolean nowFinal = call.isFinal() && !row.getBoolean(3);
                return same && !nowFinal ? -1 : row.getInt(1);
            }
        }

        private void change(Seen call, int revision) throws SQLException {
            List<LeadRef> rows = WaitingCalls.candidates(candidates, ledger.keyedHash(), outbound, call.to());
            if (call.isFinal() && !rows.isEmpty()) {
                store(call, revision, true);
                return;
            }
            store(call, revision + 1, false);
            Match match = Match.byNumber(rows, call.startedAt());
            if (match.row() != null || revision > 0) {
                WaitingCalls.join(c, outbound, call.callId(), match.row(), at);
            }
            if (match.row() != null) {
                CallOutcomes.record(
                        c,
                        match.row(),
                        new CallOutcome(
                                call.callId(), call.status(), false, 0, call.startedAt(), call.duration(), null, null),
                        at);
            }
            told.add(events.make(call, revision + 1, match));
        }

        private void store(Seen call, int revision, boolean waits) throws SQLException {
            upsert.setString(1, outbound);
            upsert.setString(2, call.callId());
            upsert.setInt(3, revision);
            upsert.setBoolean(4, call.isFinal());
            upsert.setBytes(5, call.fingerprint());
            upsert.setObject(
                    6, call.startedAt() == null ? null : call.startedAt().toEpochMilli());
            upsert.setString(7, waits ? call.json() : null);
            upsert.setObject(8, waits ? at.toEpochMilli() : null);
            upsert.setObject(9, call.isFinal() ? null : OpenCalls.readAgain(call, at));
            upsert.executeUpdate();
        }

        private void stillOpen(Seen call) throws SQLException {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE call SET read_at = ?, absent = 0 WHERE outbound = ? AND call_id = ? AND final = 0"
                            + " AND coalesce(read_at, 0) <= ?")) {
                update.setLong(1, OpenCalls.readAgain(call, at));
                update.setString(2, outbound);
                update.setString(3, call.callId());
                update.setLong(4, at.toEpochMilli());
                update.executeUpdate();
            }
        }

        @Override
        public void close() throws SQLException {
            select.close();
            candidates.close();
            upsert.close();
        }
    }
}
