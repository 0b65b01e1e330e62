package dev.pearlroutes.ledger;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.tables.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that share a ledger, of which one leads and the others stand by. To lead is a lock that the server keeps for a
 * session: it ends with the process, and when nothing was heard of the session for the lease. A leader that has not heard of the server
 * for two thirds of the lease does not act, and the next one begins when the one before cannot act any more. No clock of another machine
 * counts.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private static final String LEADER = Dialect.lockNumber("'leader'");
    private static final String MEMBERS = Dialect.lockNumber("'members'");
    private static final String LED_BY = "SELECT value FROM meta WHERE name = '" + Ledger.LED_BY + "'";
    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
    private static final int TICKS_A_LEASE = 10;

    private final PostgresDatabase database;
    private final Duration lease;
    private final Duration acting;
    private final String id = UUID.randomUUID().toString();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "leadership");
        thread.setDaemon(true);
        return thread;
    });

    private volatile State state = State.STANDBY;
    private volatile Heard heard;
    private Listener listener;
    private Connection session;
    private boolean locked;
    private long lockedAt;
    private boolean reported;

    /** What this process is among those of the ledger. */
    public enum State {
        /** Another one leads, or none yet. */
        STANDBY,
        LEADING,
        /** Another one leads now: this process must end what it does and stand by anew. */
        LOST
    }

    /** Learns what this process is. It is called by the thread that keeps the leadership, and must be quick. */
    public interface Listener {
        void onLeading();

        void onLost();
    }

    /** When a tick began that the server has answered, by a clock that never jumps and by one that continues while the machine sleeps. */
    private record Heard(long nanos, long millis) {
        static Heard now() {
            return new Heard(System.nanoTime(), System.currentTimeMillis());
        }

        boolean within(Duration time) {
            return System.nanoTime() - nanos < time.toNanos()
                    && Math.abs(System.currentTimeMillis() - millis) < time.toMillis();
        }
    }

    Leadership(PostgresDatabase database, Duration lease) {
        this.database = database;
        this.lease = lease;
        this.acting = lease.multipliedBy(2).dividedBy(3);
    }

    /** Stands by from now on, and leads when no other process does. */
    public void begin(Listener toTell) {
        this.listener = toTell;
        long tick = Math.min(LONGEST_TICK.toMillis(), lease.toMillis() / TICKS_A_LEASE);
        ticks.scheduleWithFixedDelay(this::tick, 0, tick, TimeUnit.MILLISECONDS);
    }

    public State state() {
        return state;
    }

    /** Tells whether this process may act as the leader now: whether no other one can lead yet. */
    public boolean mayAct() {
        Heard last = heard;
        return state == State.LEADING && last != null && last.within(acting);
    }

    /** Names this process among all that ever led the ledger. */
    String id() {
        return id;
    }

    private synchronized void tick() {
        try {
            Heard began = Heard.now();
            if (session == null) {
                join();
            }
            if (locked) {
                ask("SELECT 1");
            } else {
                locked = "t".equals(ask("SELECT pg_try_advisory_lock(" + LEADER + ")"));
                lockedAt = System.nanoTime();
            }
            judge(began, locked && state == State.LEADING && heard != null ? id : ask(LED_BY));
            reported = false;
        } catch (SQLException e) {
            leave();
            if (!reported) {
                reported = true;
                LOG.warn("The ledger's server does not answer: {}", LogText.firstLine(e));
            }
        } catch (RuntimeException e) {
            LOG.error("The leadership cannot be told", e);
        }
    }

    /** @param ledBy who leads by the ledger, or did when it ended unexpectedly; null for nobody */
    private void judge(Heard began, String ledBy) {
        if (state == State.LEADING) {
            if (ledBy != null && !ledBy.equals(id)) {
                lose();
            } else if (locked) {
                heard = began;
            }
        } else if (state == State.STANDBY && locked) {
            // Whoever led before without a word of its end may act for so long.
            boolean over = System.nanoTime() - lockedAt >= acting.toNanos();
            if (ledBy == null || over) {
                heard = began;
                state = State.LEADING;
                LOG.info("This node leads");
                listener.onLeading();
            }
        }
    }

    private void lose() {
        state = State.LOST;
        LOG.error("Another node leads: this one stops what it does and stands by");
        leave();
        listener.onLost();
    }

    private void join() throws SQLException {
        session = database.connect();
        // An answer that comes later is worth nothing.
        session.setNetworkTimeout(Runnable::run, (int) acting.toMillis());
        try (var settings = session.createStatement()) {
            settings.execute("SET idle_session_timeout = " + lease.toMillis());
        }
        if (!"t".equals(ask("SELECT pg_try_advisory_lock_shared(" + MEMBERS + ")"))) {
            throw new SQLException("a command works on the ledger, which needs it alone");
        }
    }

    /** Keeps the ledger from all that would lead or stand by, until the session is closed. @throws LedgerException when there is one */
    static Connection alone(PostgresDatabase database) {
        try {
            Connection session = database.connectPatiently();
            if (!"t".equals(ask(session, "SELECT pg_try_advisory_lock(" + MEMBERS + ")"))) {
                session.close();
                throw new LedgerException("another pearl-routes process works on the ledger " + database.place()
                        + ": stop all nodes first");
            }
            return session;
        } catch (SQLException e) {
            throw new LedgerException(
                    "the ledger " + database.place() + " cannot be reached: " + LogText.firstLine(e), e);
        }
    }

    private String ask(String question) throws SQLException {
        return ask(session, question);
    }

    private static String ask(Connection session, String question) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(question);
                ResultSet answer = statement.executeQuery()) {
            return answer.next() ? answer.getString(1) : null;
        }
    }

    /** Ends the session; the server gives its locks back. */
    private void leave() {
        locked = false;
        if (session != null) {
            try {
                session.close();
            } catch (SQLException e) {
                LOG.debug("The session of the leadership was not closed", e);
            }
            session = null;
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        synchronized (this) {
            state = State.LOST;
            leave();
        }
    }
}
