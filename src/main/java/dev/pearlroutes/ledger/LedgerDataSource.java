package dev.pearlroutes.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * The source of SQLite connections that keep their prepared statements. The ledger runs the same few again and again, and the
 * driver would have SQLite compile each of them each time, which takes as long as running a short one.
 */
final class LedgerDataSource extends SQLiteDataSource {
    /** Most statements that a connection keeps: more than the ledger has. */
    private static final int MOST = 200;

    LedgerDataSource(SQLiteConfig config) {
        super(config);
    }

    @Override
    public SQLiteConnection getConnection(String user, String password) throws SQLException {
        return new KeepingConnection(getUrl(), getConfig().toProperties());
    }

    private static final class KeepingConnection extends JDBC4Connection {
        private final Map<String, KeptStatement> idle = new HashMap<>();

        private KeepingConnection(String url, Properties properties) throws SQLException {
            super(url, url.substring(LedgerDatabase.SQLITE.length()), properties);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
                throws SQLException {
            checkOpen();
            checkCursor(type, concurrency, holdability);
            KeptStatement kept = idle.remove(sql);
            return kept == null ? new KeptStatement(this, sql) : kept;
        }
    }

    private static final class KeptStatement extends JDBC4PreparedStatement {
        private final KeepingConnection connection;

        private KeptStatement(KeepingConnection connection, String sql) throws SQLException {
            super(connection, sql);
            this.connection = connection;
        }

        /** Gives the statement back, with no lock and none of its values left in it. */
        @Override
        public void close() throws SQLException {
            if (connection.idle.get(sql) == this) {
                return;
            }
            if (connection.isClosed() || pointer.isClosed() || connection.idle.size() >= MOST) {
                super.close();
                return;
            }
            rs.close();
            clearGeneratedKeys();
            clearParameters();
            clearBatch();
            if (connection.idle.putIfAbsent(sql, this) != null) {
                super.close();
            }
        }
    }
}
