package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.files.LogText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL database of a ledger: how it is reached, configured and migrated. */
final class PostgresDatabase {
    static final String POSTGRESQL = "jdbc:postgresql:";

    /** Schema of the ledger, unless the address names one as {@code currentSchema}. */
    private static final String SCHEMA = "pearl_routes";

    private static final int OLDEST_VERSION = 140_000;

    private static final int CONNECT_TIMEOUT_S = 5;
    private static final int SOCKET_TIMEOUT_S = 20;
    private static final int CONNECTION_TIMEOUT_MS = 10_000;

    /** More statements than the ledger has. */
    private static final int KEPT_STATEMENTS = 512;

    /** Rows that are fetched at a time: answers may be longer than the memory. */
    private static final int FETCH_SIZE = 1_000;

    /**
     * Settings of each connection. A commit is on disk when it returns; a process that is frozen in a transaction gives its locks back
     * when the server ends its session.
     */
    private static final String SETTINGS =
            "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '10s';"
                    + " SET lock_timeout = '30s'; SET client_min_messages = warning;"
                    + " SELECT set_config('transaction_timeout', '30s', false)"
                    + " WHERE current_setting('server_version_num')::int >= 170000";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
    private final LedgerServer server;
    private final String place;

    /** @param url {@code jdbc:postgresql:} and a database */
    PostgresDatabase(String url, LedgerServer server) {
        this.server = server;
        this.place = url.replaceFirst("\\?.*", "");
        dataSource.setUrl(url);
        dataSource.setCurrentSchema(schema(url));
        if (server.username() != null && !server.username().isEmpty()) {
            dataSource.setUser(server.username());
            dataSource.setPassword(server.password());
        }
        dataSource.setApplicationName("pearl-routes " + server.node());
        dataSource.setConnectTimeout(CONNECT_TIMEOUT_S);
        dataSource.setSocketTimeout(SOCKET_TIMEOUT_S);
        dataSource.setTcpKeepAlive(true);
        dataSource.setPreparedStatementCacheQueries(KEPT_STATEMENTS);
        dataSource.setReWriteBatchedInserts(true);
        dataSource.setDefaultRowFetchSize(FETCH_SIZE);
    }

    static String schema(String url) {
        PGSimpleDataSource named = new PGSimpleDataSource();
        named.setUrl(url);
        return named.getCurrentSchema() == null ? SCHEMA : named.getCurrentSchema();
    }

    /** Names the database without the parameters, among which a secret may be. */
    String place() {
        return place;
    }

    /** @throws LedgerException when it is no database that a ledger can be in, or it cannot be reached */
    void require() {
        try (Connection connection = connect()) {
            Map<String, String> settings = settings(connection);
            if (Integer.parseInt(settings.get("server_version_num")) < OLDEST_VERSION) {
                throw new LedgerException("the server of the ledger " + place + " is older than PostgreSQL 14");
            }
            if (!settings.get("server_encoding").equals("UTF8")) {
                throw new LedgerException("the ledger " + place + " must be in a database with the encoding UTF8");
            }
            for (String safety : new String[] {"fsync", "full_page_writes"}) {
                if (!settings.get(safety).equals("on")) {
                    LOG.error(
                            "The server of the ledger runs with {} off: after a power cut leads may be sent twice. Set it to on",
                            safety);
                }
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static Map<String, String> settings(Connection connection) throws SQLException {
        return Map.of(
                "server_version_num", show(connection, "server_version_num"),
                "server_encoding", show(connection, "server_encoding"),
                "fsync", show(connection, "fsync"),
                "full_page_writes", show(connection, "full_page_writes"));
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SHOW " + setting)) {
            result.next();
            return result.getString(1);
        }
    }

    private LedgerException unreachable(Exception e) {
        return new LedgerException("the ledger " + place + " cannot be reached: " + LogText.firstLine(e), e);
    }

    /** Brings the schema up to date. @throws LedgerException when that cannot be done */
    void migrate() {
        try {
            flyway().migrate();
        } catch (FlywayException e) {
            throw new LedgerException(
                    "the ledger " + place + " cannot be brought to this version's schema: " + LogText.firstLine(e), e);
        }
    }

    /** @throws LedgerException when the ledger is not of this version, which a command leaves to the program to migrate */
    void requireSchema() {
        try {
            flyway().validate();
        } catch (FlywayException e) {
            throw new LedgerException(
                    "the ledger " + place + " has not this version's schema: " + LogText.firstLine(e)
                            + " Start this version once, or use the version that wrote it",
                    e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure(PostgresDatabase.class.getClassLoader())
                .dataSource(dataSource)
                .defaultSchema(dataSource.getCurrentSchema())
                .locations("classpath:dev/pearlroutes/ledger/postgresql")
                // By default a schema of a later version passes, and this one would write into what it doesn't know.
                .ignoreMigrationPatterns(new String[0])
                .load();
    }

    /** Makes a pool. @throws LedgerException when the database cannot be reached */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(server.connections());
        config.setMinimumIdle(1);
        config.setPoolName("ledger");
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        config.setConnectionInitSql(SETTINGS);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /** Opens a connection that can only read, and sees one moment. */
    Connection reading() throws SQLException {
        Connection connection = connectPatiently();
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Makes the place of this process among those of the ledger. */
    Leadership leadership() {
        return new Leadership(this, server.lease());
    }

    /** Opens a connection whose answers may take long, such as that to a count of all rows. */
    Connection connectPatiently() throws SQLException {
        Connection connection = connect();
        connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
    }

    /** Opens a connection that no pool has. */
    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }
}
