package dev.pearlroutes.ledger;

import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The waves in which an outbound's lead files are released, all of them together. A wave begins with its first lead and lasts for its
 * period; what it has released is on record before the leads are sent, so that no restart releases it twice.
 */
public final class ReleaseWaves {
    private final Ledger ledger;
    private final Map<String, ReleaseRate> releases;
    private final Map<Long, Instant> resting = new ConcurrentHashMap<>();

    /** @param releases by outbound; one that is missing sends its files as fast as it may */
    public ReleaseWaves(Ledger ledger, Map<String, ReleaseRate> releases) {
        this.ledger = ledger;
        this.releases = Map.copyOf(releases);
    }

    /**
     * Leads that may be released.
     *
     * @param began when their wave began; null when there are no waves
     * @param next when the next wave begins; null when there are no waves
     */
    public record Grant(int leads, Instant began, Instant next) {
        /** Without waves. */
        public static Grant of(int leads) {
            return new Grant(leads, null, null);
        }
    }

    /** To be called at start: what waits for a wave looks once whether it still has to. */
    public void begin() {
        ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE source SET rests_until = NULL WHERE rests_until IS NOT NULL")) {
                return update.executeUpdate();
            }
        });
    }

    /** Takes leads out of the wave that is on, or out of a new one. @return at most what is wanted, 0 when the wave is full */
    public Grant take(Source source, int wanted, Instant at) {
        ReleaseRate release = releases.get(source.outbound());
        if (release == null || source.message()) {
            return Grant.of(wanted);
        }
        return ledger.onConnection(c -> {
            Wave wave = wave(c, source.outbound(), release, at);
            int granted = Math.max(0, Math.min(wanted, release.leads() - wave.released()));
            try (PreparedStatement upsert = c.prepareStatement(
                    "INSERT INTO wave (outbound, began_at, leads) VALUES (?, ?, ?)"
                            + " ON CONFLICT (outbound) DO UPDATE SET began_at = excluded.began_at, leads = excluded.leads")) {
                upsert.setString(1, source.outbound());
                upsert.setLong(2, wave.began().toEpochMilli());
                upsert.setInt(3, wave.released() + granted);
                upsert.executeUpdate();
            }
            return new Grant(granted, wave.began(), wave.began().plus(release.period()));
        });
    }

    /** @param released how many leads it has released */
    private record Wave(Instant began, int released) {}

    /** The wave that is on, or a new one. */
    private static Wave wave(Connection c, String outbound, ReleaseRate release, Instant now) throws SQLException {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        try (PreparedStatement select = c.prepareStatement("SELECT began_at, leads FROM wave WHERE outbound = ?")) {
            select.setString(1, outbound);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new Wave(at, 0);
                }
                Instant began = Instant.ofEpochMilli(row.getLong(1));
                // A clock that was set back must not make a wave longer.
                return at.isBefore(began.plus(release.period()))
                        ? new Wave(began.isAfter(at) ? at : began, row.getInt(2))
                        : new Wave(at, 0);
            }
        }
    }

    /** Gives leads back to the wave they were taken from, if it still is on: they are not sent. One of no lead has not begun. */
    public void giveBack(Source source, Grant grant, int leads) {
        if (grant.began() != null && leads > 0) {
            ledger.onConnection(c -> {
                try (PreparedStatement update = c.prepareStatement(
                                "UPDATE wave SET leads = max(0, leads - ?) WHERE outbound = ? AND began_at = ?");
                        PreparedStatement delete =
                                c.prepareStatement("DELETE FROM wave WHERE outbound = ? AND leads = 0")) {
                    update.setInt(1, leads);
                    update.setString(2, source.outbound());
                    update.setLong(3, grant.began().toEpochMilli());
                    update.executeUpdate();
                    delete.setString(1, source.outbound());
                    return delete.executeUpdate();
                }
            });
        }
    }

    /** Has a source wait for the next wave, holding no thread, unless leads were given back to the last one meanwhile. */
    public void rest(Source source, Instant until, Instant at) {
        ReleaseRate release = releases.get(source.outbound());
        ledger.onConnection(c -> {
            boolean full = wave(c, source.outbound(), release, at).released() >= release.leads();
            try (PreparedStatement update = c.prepareStatement("UPDATE source SET rests_until = ? WHERE id = ?")) {
                update.setObject(1, full ? until.toEpochMilli() : null);
                update.setLong(2, source.id());
                return update.executeUpdate();
            }
        });
        resting.put(source.id(), until);
    }

    /**
     * To be called when a run of a source is over: what it has given back is for those that wait for the next wave because it had
     * taken it.
     */
    public void ended(Source source, Instant at) {
        ReleaseRate release = releases.get(source.outbound());
        if (release != null && !source.message()) {
            ledger.onConnection(c -> {
                if (wave(c, source.outbound(), release, at).released() < release.leads()) {
                    try (PreparedStatement update = c.prepareStatement(
                            "UPDATE source SET rests_until = NULL"
                                    + " WHERE state = 'sending' AND queue IS NULL AND outbound = ? AND rests_until IS NOT NULL")) {
                        update.setString(1, source.outbound());
                        update.executeUpdate();
                    }
                }
                return null;
            });
        }
    }

    /** The source is worked on. */
    public void goOn(Source source) {
        resting.remove(source.id());
    }

    /** How many files wait for the next wave; asking never waits for the ledger. */
    public int resting() {
        return resting.size();
    }
}
