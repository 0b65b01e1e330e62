package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, one a test JVM, in which each ledger has a database of its own. */
public final class PostgresServer {
    public static final LedgerServer ACCESS = new LedgerServer("postgres", null, 8, Duration.ofSeconds(10), "test");

    private static final String TEMPLATE = "template_ledger";
    private static final Map<Path, String> DATABASES = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static EmbeddedPostgres server;
    private static String cannot;

    private PostgresServer() {}

    /** Starts a server. @param durable as a user's is @throws IOException when this machine cannot run one */
    public static EmbeddedPostgres start(boolean durable) throws IOException {
        String flush = durable ? "on" : "off";
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", flush)
                .setServerConfig("full_page_writes", flush)
                .setServerConfig("max_connections", "200")
                .start();
    }

    private static synchronized EmbeddedPostgres server() {
        if (server == null && cannot == null) {
            try {
                server = start(false);
                Runtime.getRuntime().addShutdownHook(new Thread(PostgresServer::stop));
                execute("CREATE DATABASE " + TEMPLATE);
                Ledger.open(url(TEMPLATE), Files.createTempDirectory("ledger"), ACCESS)
                        .close();
                helpTests();
            } catch (IOException | IllegalStateException e) {
                cannot = "PostgreSQL cannot run here: " + e;
            }
        }
        if (cannot != null) {
            System.out.println(cannot);
            assertThat(System.getenv("CI")).as(cannot).isNull();
        }
        assumeTrue(cannot == null, cannot);
        return server;
    }

    /** What the questions of tests know from SQLite. */
    private static void helpTests() {
        try (Connection connection = server.getDatabase("postgres", TEMPLATE).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pearl_routes");
            statement.execute(
                    "CREATE FUNCTION hex(bytea) RETURNS text LANGUAGE sql AS 'SELECT upper(encode($1, ''hex''))'");
            statement.execute(
                    "CREATE FUNCTION json_at(text, text) RETURNS text LANGUAGE sql"
                            + " AS 'SELECT CASE found WHEN ''true'' THEN ''1'' WHEN ''false'' THEN ''0'' ELSE found END"
                            + " FROM (SELECT $1::json #>> string_to_array(translate(substr($2, 3), ''[]'', ''.''), ''.'') AS found) AS at'");
            statement.execute("CREATE OPERATOR ->> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_at)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop() {
        try {
            server.close();
        } catch (IOException e) {
            System.out.println("PostgreSQL was not stopped: " + e);
        }
    }

    /** The address of the database that belongs to a folder, which is an empty ledger at first. Skips the test where no server runs. */
    public static String url(Path folder) {
        server();
        return url(DATABASES.computeIfAbsent(folder, each -> {
            String name = "ledger_" + NUMBER.incrementAndGet();
            execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
            return name;
        }));
    }

    /** The address of a new database with no ledger in it. */
    public static String newDatabase() {
        server();
        String name = "empty_" + NUMBER.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return url(name);
    }

    private static String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    /** Does something as the database's administrator. */
    public static void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Does something in the database of a folder. */
    static void execute(Path folder, String sql) {
        url(folder);
        try (Connection connection =
                        server.getDatabase("postgres", DATABASES.get(folder)).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Asks for a number as the database's administrator. */
    static long count(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
