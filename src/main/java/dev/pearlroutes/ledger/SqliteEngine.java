package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.files.ProcessLock;
import dev.pearlroutes.ledger.Ledger.Work;
import dev.pearlroutes.ledger.LedgerFileCheck.TakenAway;
import dev.pearlroutes.ledger.tables.Dialect;
import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An SQLite file of one process. The journal is synced at each commit, so that neither kill -9 nor a power cut undoes it. */
final class SqliteEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);

    /** SQLite's result codes [https://www.sqlite.org/rescode.html]: BUSY, LOCKED, READONLY, IOERR, CANTOPEN. */
    private static final Set<Integer> PASSING = Set.of(5, 6, 8, 10, 14);

    private static final Set<Integer> LOCKED_BY_ANOTHER = Set.of(5, 6);

    /** SQLite's result code FULL. */
    private static final int DISK_FULL = 13;

    /** Mask of the primary result code. */
    private static final int PRIMARY_CODE = 0xff;

    private final Path file;
    private final LedgerFileCheck presence;
    private final ProcessLock lock;
    private final HikariDataSource pool;

    /** @param lock null for a visitor */
    SqliteEngine(LedgerDatabase database, ProcessLock lock) throws IOException {
        this.file = database.file();
        this.presence = new LedgerFileCheck(file);
        this.lock = lock;
        this.pool = database.pool();
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public boolean groups() {
        return true;
    }

    @Override
    public <T> Committed<T> commit(Work<T> work) throws SQLException {
        presence.requireFile();
        try (Connection connection = pool.getConnection()) {
            try {
                connection.setAutoCommit(false);
                Transaction transaction = new Transaction(new Sql(connection));
                T result = work.in(transaction);
                presence.requireFile();
                presence.requireJournal();
                // This commits and no more. The driver's commit() begins the next transaction too: when another process
                // has the lock by then, it fails after the commit, and the work would be done twice.
                connection.setAutoCommit(true);
                return new Committed<>(result, transaction.newEvents());
            } catch (SqlFailure e) {
                abandon(connection, e.getCause());
                throw e.getCause();
            } catch (SQLException | RuntimeException e) {
                abandon(connection, e);
                throw e;
            }
        }
    }

    /** One writer at a time is SQLite's own rule. */
    @Override
    public <T> Committed<T> commitBeside(List<String> keys, Work<T> work) throws SQLException {
        return commit(work);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        presence.requireFile();
        try (Connection connection = pool.getConnection()) {
            try {
                return work.in(new Transaction(new Sql(connection)));
            } catch (SqlFailure e) {
                giveUp(connection);
                throw e.getCause();
            } catch (RuntimeException e) {
                giveUp(connection);
                throw e;
            }
        }
    }

    /** Undoes the transaction. No connection is used again after a failure: the driver believes in a transaction that did not begin. */
    private void abandon(Connection connection, Exception reason) {
        // Not the driver's rollback(), which begins the next transaction and so takes the lock again.
        try (Statement rollback = connection.createStatement()) {
            rollback.execute("ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
        giveUp(connection);
    }

    private void giveUp(Connection connection) {
        presence.forgetJournal();
        pool.evictConnection(connection);
    }

    @Override
    public Failure failure(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        if (e instanceof TakenAway) {
            return Failure.ENDED;
        }
        if (code == DISK_FULL) {
            return Failure.FULL;
        }
        // The pool's time-out: no connection could be made, or the only one was in use all the time.
        return e instanceof SQLTransientConnectionException || PASSING.contains(code) ? Failure.PASSING : Failure.FINAL;
    }

    @Override
    public String problem(SQLException e) {
        if (e instanceof TakenAway) {
            return e.getMessage();
        }
        String remedy = LOCKED_BY_ANOTHER.contains(e.getErrorCode() & PRIMARY_CODE)
                ? "end the other program that has " + file + " open."
                : "free space on the disk of " + file + " and let this process write there.";
        return "the ledger cannot be written (" + e.getMessage() + "): " + remedy;
    }

    /** Has the journal copied into the database, so that a full disk gets its space back. */
    @Override
    public boolean makeRoom() {
        Path journal = journal();
        try (Connection connection = pool.getConnection();
                Statement checkpoint = connection.createStatement()) {
            long before = Files.size(journal);
            checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return Files.size(journal) < before;
        } catch (SQLException | IOException e) {
            LOG.debug("The journal could not be made smaller", e);
            return false;
        }
    }

    /** Each is overwritten at once. */
    @Override
    public void forgetDeleted() {
        // Nothing is left.
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public Optional<Leadership> share() {
        return Optional.empty();
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public long bytes() throws IOException {
        Path journal = journal();
        return Files.size(file) + (Files.exists(journal) ? Files.size(journal) : 0);
    }

    private Path journal() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    @Override
    public void close() {
        pool.close();
        if (lock != null) {
            lock.close();
        }
    }
}
