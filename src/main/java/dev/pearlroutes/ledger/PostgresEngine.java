package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.ledger.Ledger.Work;
import dev.pearlroutes.ledger.tables.Dialect;
import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database that several processes share. By default a transaction is alone in the ledger, by a lock that the server keeps for
 * it: so it means what it means in SQLite. What is asked often runs beside others of its kind, with locks on what it touches.
 */
final class PostgresEngine implements Engine {
    private static final String CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    private static final String ALONE = "SELECT count(" + Dialect.lock("'ledger'") + "), " + CLOCK;
    private static final String BESIDE = "SELECT count(pg_advisory_xact_lock_shared(" + Dialect.lockNumber("'ledger'")
            + ")),"
            + " (SELECT count(" + Dialect.lock("key") + ") FROM unnest(?) AS key), " + CLOCK;

    private static final String BYTES = "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
            + " WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";

    /** Serialization failure and deadlock [https://www.postgresql.org/docs/current/errcodes-appendix.html]. */
    private static final Set<String> AGAIN = Set.of("40001", "40P01");

    /**
     * Classes of what ends by itself or by a person: connection, transaction rolled back or ended by the server, resources, locks, the
     * operator, the system.
     */
    private static final Set<String> PASSING = Set.of("08", "25", "40", "53", "55", "57", "58");

    private static final int CLASS = 2;

    private static final String READ_ONLY = "25006";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresEngine.class);

    private final PostgresDatabase database;
    private final HikariDataSource pool;
    private final AutoCloseable alone;
    /** Null until this process stands by or leads. */
    private volatile Leadership leadership;

    private final Clock clock = new ServerClock();
    private volatile Duration ahead = Duration.ZERO;

    /** The failure of a commit that may have been made. */
    private static final class Uncertain extends SQLException {
        private static final long serialVersionUID = 1L;

        Uncertain(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause);
        }
    }

    /** The failure that this process may not write now, since another one leads or may lead. */
    private static final class NotLeading extends SQLException {
        private static final long serialVersionUID = 1L;

        private final Failure failure;

        NotLeading(String message, Failure failure) {
            super(message);
            this.failure = failure;
        }
    }

    /** @param alone what keeps other processes from the ledger; null for nothing */
    PostgresEngine(PostgresDatabase database, AutoCloseable alone) {
        this.database = database;
        this.alone = alone;
        this.pool = database.pool();
    }

    private void requireLeading() throws SQLException {
        Leadership now = leadership;
        if (now != null && !now.mayAct()) {
            throw now.state() == Leadership.State.LOST
                    ? new NotLeading("another node leads now", Failure.ENDED)
                    : new NotLeading("nothing was heard of the server", Failure.PASSING);
        }
    }

    /** Runs work on a node that stands by: it may read, and the server refuses what it would write. */
    private <T> Committed<T> look(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            T result = work.in(new Transaction(sql(connection, false)));
            connection.rollback();
            return new Committed<>(result, List.of());
        } catch (SqlFailure e) {
            throw READ_ONLY.equals(e.getCause().getSQLState())
                    ? new NotLeading("this node stands by: another one leads", Failure.FINAL)
                    : e.getCause();
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    /** Sessions share the flush of the server's log anyway. */
    @Override
    public boolean groups() {
        return false;
    }

    @Override
    public <T> Committed<T> commit(Work<T> work) throws SQLException {
        return commit(null, work);
    }

    @Override
    public <T> Committed<T> commitBeside(List<String> keys, Work<T> work) throws SQLException {
        return commit(keys, work);
    }

    private <T> Committed<T> commit(List<String> beside, Work<T> work) throws SQLException {
        if (leadership != null && leadership.state() == Leadership.State.STANDBY) {
            return look(work);
        }
        requireLeading();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Transaction transaction = new Transaction(sql(connection, beside != null));
            T result;
            try {
                lock(connection, beside);
                result = work.in(transaction);
                requireLeading();
            } catch (SqlFailure e) {
                abandon(connection, e.getCause());
                throw e.getCause();
            } catch (SQLException | RuntimeException e) {
                abandon(connection, e);
                throw e;
            }
            commit(connection);
            return new Committed<>(result, transaction.newEvents());
        }
    }

    private void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            pool.evictConnection(connection);
            // The server has said that it undid the transaction. Anything else may have come after it was committed.
            throw AGAIN.contains(e.getSQLState()) ? e : new Uncertain(e);
        }
    }

    private void lock(Connection connection, List<String> beside) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(beside == null ? ALONE : BESIDE)) {
            Array keys = null;
            if (beside != null) {
                // In one order, so that no two wait for each other.
                keys = connection.createArrayOf("text", beside.stream().sorted().toArray());
                lock.setArray(1, keys);
            }
            try (ResultSet locked = lock.executeQuery()) {
                locked.next();
                long now = locked.getLong(beside == null ? 2 : 3);
                // Of the way here alone: the time was read when the lock was there.
                ahead = Duration.ofMillis(now - System.currentTimeMillis());
            }
            if (keys != null) {
                keys.free();
            }
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return work.in(new Transaction(sql(connection, false)));
        } catch (SqlFailure e) {
            throw e.getCause();
        }
    }

    private Sql sql(Connection connection, boolean beside) {
        return new Sql(connection, Dialect.POSTGRESQL, clock(), beside);
    }

    private void abandon(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
        if (reason instanceof SQLException e && failure(e) == Failure.PASSING) {
            // The next one may be to another server: to the one that writes now.
            pool.evictConnection(connection);
        }
    }

    @Override
    public Failure failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (e instanceof Uncertain) {
            return Failure.UNCERTAIN;
        }
        if (e instanceof NotLeading not) {
            return not.failure;
        }
        if (AGAIN.contains(state)) {
            return Failure.AGAIN;
        }
        // The pool's time-out: no connection could be made, or all were in use all the time.
        return e instanceof SQLTransientConnectionException
                        || state.length() > CLASS && PASSING.contains(state.substring(0, CLASS))
                ? Failure.PASSING
                : Failure.FINAL;
    }

    @Override
    public String problem(SQLException e) {
        return "the ledger cannot be written (" + e.getMessage() + "): see that the server of " + place()
                + " runs and lets this process in.";
    }

    /** What is full is the server's. */
    @Override
    public boolean makeRoom() {
        return false;
    }

    @Override
    public void forgetDeleted() throws SQLException {
        try (Connection connection = database.connectPatiently();
                Statement vacuum = connection.createStatement()) {
            vacuum.execute("VACUUM source, lead, event, call, call_outcome, request");
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    /** The server's time, as far as it is known from the last transaction. */
    private final class ServerClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.offset(Clock.system(zone), ahead);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @Override
    public Optional<Leadership> share() {
        Leadership made = database.leadership();
        leadership = made;
        return Optional.of(made);
    }

    @Override
    public String place() {
        return database.place();
    }

    @Override
    public long bytes() throws IOException {
        try {
            return read(transaction -> transaction.sql().number(BYTES));
        } catch (SQLException e) {
            throw new IOException("the size of the ledger cannot be asked: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        pool.close();
        if (alone != null) {
            try {
                alone.close();
            } catch (Exception e) {
                LOG.debug("A session was not closed", e);
            }
        }
    }
}
