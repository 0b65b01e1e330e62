package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * An empty copy of the ledger in a scratch file, for a plan that is only tried: what the plan writes, and reads of rows before,
 * is there and not in the ledger. So a rehearsal of millions of rows needs little memory and holds up no sending. Not durable,
 * for one thread.
 */
public final class DryRunLedger implements AutoCloseable {
    private static final int CACHE_KIB = 8_000;

    private final Source source;
    private final Connection connection;

    /** @param file empty; deleting it after {@link #close} is left to the caller */
    public DryRunLedger(Ledger ledger, Path file, Source source) {
        this.source = source;
        List<String> schema = ledger.onConnection(DryRunLedger::schema);
        try {
            this.connection = open(file);
        } catch (SQLException e) {
            throw failure(e);
        }
        try {
            for (String definition : schema) {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(definition);
                }
            }
            connection.setAutoCommit(false);
            enter(source);
        } catch (SQLException e) {
            close();
            throw failure(e);
        }
    }

    private void enter(Source source) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO source (id, outbound, operation, name, dropped_as, state,"
                        + " started_at) VALUES (?, ?, ?, ?, ?, 'claimed', ?)")) {
            insert.setLong(1, source.id());
            insert.setString(2, source.outbound());
            insert.setString(3, source.operation().word());
            insert.setString(4, source.name());
            insert.setString(5, source.droppedAs());
            insert.setLong(6, source.startedAt().toEpochMilli());
            insert.executeUpdate();
        }
    }

    Source source() {
        return source;
    }

    /** Lets rows go that would be planned and not sent after all, so that they hold no key. */
    public void withhold(Collection<Outcome> rows) {
        transaction(c -> {
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM lead WHERE source_id = ? AND row_no = ?")) {
                for (Outcome row : rows) {
                    delete.setLong(1, source.id());
                    delete.setLong(2, row.row());
                    delete.addBatch();
                }
                return delete.executeBatch();
            }
        });
    }

    /** @throws LedgerException when the scratch file cannot be written */
    <T> T transaction(Ledger.ConnectionWork<T> work) {
        try {
            T result = work.in(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failure(e);
        }
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
        return config.createConnection("jdbc:sqlite:" + file);
    }

    /** The definitions of all tables, then those of their indexes. */
    private static List<String> schema(Connection c) throws SQLException {
        return Sql.column(
                c,
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                        + " AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC");
    }

    private static LedgerException failure(SQLException e) {
        return new LedgerException("the scratch file of a preflight cannot be written: " + e.getMessage(), e);
    }
}
