package dev.pearlroutes.ledger;

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
    /** A call is read again when it is so much older than when it was read last: the older, the more seldom, for ever. */
    private static final int AGE_PER_READ = 10;

    /** After so many answers in a row that there is no such call, the API has forgotten it. */
    private static final int ABSENT_FOR_GOOD = 3;

    /** So much the API's clock and ours may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Duration UNKNOWN_AGE = Duration.ofHours(10);

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
    public record Match(String match, CalledRow row) {
        /**
         * Judged by the number alone. A lead that was not there yet when the call began cannot have caused it.
         *
         * @param startedAt of the call; null when unknown
         */
        public static Match byNumber(List<CalledRow> candidates, Instant startedAt) {
            List<CalledRow> possible = candidates.stream()
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
     * @return how many are new or changed
     */
    public int record(String outbound, List<Seen> calls, Instant at, EventMaker events) {
        if (calls.isEmpty()) {
            return 0;
        }
        return ledger.transaction(c -> {
            try (Recording recording = new Recording(c, outbound, at, events)) {
                int changed = 0;
                for (Seen call : calls) {
                    changed += recording.record(call) ? 1 : 0;
                }
                Outbox.append(c, recording.told);
                return changed;
            }
        });
    }

    /** Calls that are not final, whose time to be read by themselves has come, and that started before some time. */
    public List<String> open(String outbound, Instant startedBefore, Instant at, int most) {
        return ledger.transaction(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT call_id FROM call WHERE outbound = ?"
                    + " AND read_at <= ? AND coalesce(started_at, 0) < ? ORDER BY read_at LIMIT ?")) {
                select.setString(1, outbound);
                select.setLong(2, at.toEpochMilli());
                select.setLong(3, startedBefore.toEpochMilli());
                select.setInt(4, most);
                List<String> open = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        open.add(row.getString(1));
                    }
                }
                return open;
            }
        });
    }

    /** The API answered that there is no such call. @return whether that is final and it is not read again */
    public boolean absent(String outbound, String callId, Instant at) {
        return ledger.transaction(c -> {
            try (PreparedStatement update = c.prepareStatement("UPDATE call SET absent = absent + 1,"
                    + " read_at = CASE WHEN absent + 1 < ? THEN ? + (? - coalesce(started_at, ?)) / ? END"
                    + " WHERE outbound = ? AND call_id = ? AND read_at IS NOT NULL RETURNING read_at")) {
                update.setInt(1, ABSENT_FOR_GOOD);
                update.setLong(2, at.toEpochMilli());
                update.setLong(3, at.toEpochMilli());
                update.setLong(4, at.minus(UNKNOWN_AGE).toEpochMilli());
                update.setInt(5, AGE_PER_READ);
                update.setString(6, outbound);
                update.setString(7, callId);
                try (ResultSet row = update.executeQuery()) {
                    return row.next() && row.getObject(1) == null;
                }
            }
        });
    }

    /** The end of the last window of which every call was recorded; empty before the first. */
    public Optional<Instant> cursor(String outbound) {
        return ledger.transaction(c -> cursor(c, outbound));
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
        ledger.transaction(c -> {
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
        private final Instant at;
        private final EventMaker events;
        private final List<Event> told = new ArrayList<>();
        private final PreparedStatement select;
        private final PreparedStatement candidates;
        private final PreparedStatement upsert;

        Recording(Connection c, String outbound, Instant at, EventMaker events) throws SQLException {
            this.c = c;
            this.outbound = outbound;
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

        /** @return the revision told so far; -1 when it is as it was and has not become final by the mere passing of time */
        private int revision(Seen call) throws SQLException {
            select.setString(1, outbound);
            select.setString(2, call.callId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
                boolean same = Arrays.equals(row.getBytes(2), call.fingerprint());
                boolean nowFinal = call.isFinal() && !row.getBoolean(3);
                return same && !nowFinal ? -1 : row.getInt(1);
            }
        }

        private void change(Seen call, int revision) throws SQLException {
            List<CalledRow> rows = WaitingCalls.candidates(candidates, ledger.keyedHash(), outbound, call.to());
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
            upsert.setObject(9, call.isFinal() ? null : readAgain(call, at));
            upsert.executeUpdate();
        }

        private void stillOpen(Seen call) throws SQLException {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE call SET read_at = ?, absent = 0 WHERE outbound = ? AND call_id = ? AND final = 0"
                            + " AND coalesce(read_at, 0) <= ?")) {
                update.setLong(1, readAgain(call, at));
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

    private static long readAgain(Seen call, Instant at) {
        Duration age = call.startedAt() == null ? UNKNOWN_AGE : Duration.between(call.startedAt(), at);
        return at.plus(age.isNegative() ? Duration.ZERO : age.dividedBy(AGE_PER_READ))
                .toEpochMilli();
    }
}
