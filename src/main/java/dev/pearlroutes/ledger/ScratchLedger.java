package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.sqlite.SQLiteConfig;

/**
 * An empty copy of the ledger in a scratch file, with its tables and its key, for work that is only tried. It needs little memory
 * however many rows are written, and holds up no other transaction. Not durable, for one thread.
 */
public final class ScratchLedger implements AutoCloseable {
    private static final int CACHE_KIB = 8_000;

    private final Connection connection;

    /** @param file empty; deleting it after {@link #close} is left to the caller */
    public ScratchLedger(Path file) {
        new LedgerDatabase(LedgerDatabase.SQLITE + file).migrate();
        try {
            this.connection = open(file);
        } catch (SQLException e) {
            throw failure(e);
        }
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            close();
            throw failure(e);
        }
    }

    /** Runs work in a transaction. @throws LedgerException when the scratch file cannot be written */
    public <T> T transaction(Ledger.Work<T> work) {
        try {
            T result = work.in(new Transaction(new Sql(connection)));
            connection.commit();
            return result;
        } catch (SqlFailure e) {
            throw failure(e.getCause());
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Runs work that has no result in a transaction. @throws LedgerException as {@link #transaction} does */
    public void execute(Consumer<Transaction> work) {
        transaction(tx -> {
            work.accept(tx);
            return null;
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // Nothing of it has to outlive anything.
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setCacheSize(-CACHE_KIB);
        return config.createConnection(LedgerDatabase.SQLITE + file);
    }

    private static LedgerException failure(SQLException e) {
        return new LedgerException("the scratch file of a preflight cannot be written: " + e.getMessage(), e);
    }
}
