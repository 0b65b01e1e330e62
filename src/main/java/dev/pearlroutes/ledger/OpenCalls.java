package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The calls that are not final: when each is read by itself. */
public final class OpenCalls {
    /** A call is read again when it is so much older than when it was read last: the older, the more seldom, for ever. */
    private static final int AGE_PER_READ = 10;

    /** After so many answers in a row that there is no such call, the API has forgotten it. */
    private static final int ABSENT_FOR_GOOD = 3;

    private static final Duration UNKNOWN_AGE = Duration.ofHours(10);

    /** One that could not be read is read again after so long at the latest. */
    private static final Duration LONGEST_UNREAD = Duration.ofHours(1);

    private final Ledger ledger;

    public OpenCalls(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Calls that are not final, whose time to be read by themselves has come, and that started before some time. */
    public List<String> due(String outbound, Instant startedBefore, Instant at, int most) {
        return ledger.onConnection(c -> {
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

    /** A call could not be read: it goes behind the others, and is not read for a while. */
    public void unread(String outbound, String callId, Instant at) {
        ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE call SET read_at = ? + min(?, max(0, ? - coalesce(started_at, ?)) / ?)"
                            + " WHERE outbound = ? AND call_id = ? AND read_at IS NOT NULL")) {
                update.setLong(1, at.toEpochMilli());
                update.setLong(2, LONGEST_UNREAD.toMillis());
                update.setLong(3, at.toEpochMilli());
                update.setLong(4, at.minus(UNKNOWN_AGE).toEpochMilli());
                update.setInt(5, AGE_PER_READ);
                update.setString(6, outbound);
                update.setString(7, callId);
                return update.executeUpdate();
            }
        });
    }

    /** The API answered that there is no such call. @return whether that is final and it is not read again */
    public boolean absent(String outbound, String callId, Instant at) {
        return ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement("UPDATE call SET absent = absent + 1,"
                    + " read_at = CASE WHEN absent + 1 < ? THEN ? + (? - coalesce(started_at, ?)) / ? END"
                    + " WHERE outbound = ? AND call_id = ? AND read_at IS NOT NULL RETURNING read_at, source_id")) {
                update.setInt(1, ABSENT_FOR_GOOD);
                update.setLong(2, at.toEpochMilli());
                update.setLong(3, at.toEpochMilli());
                update.setLong(4, at.minus(UNKNOWN_AGE).toEpochMilli());
                update.setInt(5, AGE_PER_READ);
                update.setString(6, outbound);
                update.setString(7, callId);
                try (ResultSet row = update.executeQuery()) {
                    boolean forGood = row.next() && row.getObject(1) == null;
                    if (forGood && row.getObject(2) != null) {
                        CallOutcomes.markChanged(c, row.getLong(2), at);
                    }
                    return forGood;
                }
            }
        });
    }

    /** When a call that is not final is read by itself. @return milliseconds since 1970 */
    static long readAgain(Calls.Seen call, Instant at) {
        Duration age = call.startedAt() == null ? UNKNOWN_AGE : Duration.between(call.startedAt(), at);
        return at.plus(age.isNegative() ? Duration.ZERO : age.dividedBy(AGE_PER_READ))
                .toEpochMilli();
    }
}
