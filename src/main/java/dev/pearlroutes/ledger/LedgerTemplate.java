package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.DB;

/**
 * An empty ledger, made by Flyway when this version was built. A new ledger is a copy of it, and one that has its history needs no
 * Flyway, which would take a tenth of the CPU of each start.
 */
public final class LedgerTemplate {
    private static final String RESOURCE = "template.sqlite";

    private LedgerTemplate() {}

    /**
     * Makes the template, unless there is one that is newer than what it is made of. It is part of the build, which gives the same file
     * each time.
     *
     * @param args folder of the classes, folder for temporary files, and the time that the schema has as its own
     */
    public static void main(String[] args) throws IOException, SQLException {
        Path resource = Path.of(args[0], LedgerTemplate.class.getPackageName().split("\\."))
                .resolve(RESOURCE);
        if (isNewest(resource)) {
            return;
        }
        Path scratch = Path.of(args[1]);
        for (Path left : LedgerDatabase.leftInScratch(scratch)) {
            Files.deleteIfExists(left);
        }
        LedgerDatabase.useScratch(scratch);
        Path made = Files.createFile(scratch.resolve("made.sqlite"));
        Files.deleteIfExists(resource);
        LedgerDatabase database = new LedgerDatabase(LedgerDatabase.SQLITE + made);
        database.flyway().migrate();
        try (Connection connection = database.connect();
                PreparedStatement entry = connection.prepareStatement("UPDATE flyway_schema_history"
                        + " SET execution_time = 0, installed_on = strftime('%Y-%m-%d %H:%M:%f', ?)");
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            entry.setString(1, Instant.parse(args[2]).toString());
            entry.executeUpdate();
            copy.setString(1, resource.toString());
            copy.execute();
        }
    }

    /** Tells whether a template was made after all that it is made of: the classes and the scripts beside it. */
    private static boolean isNewest(Path template) throws IOException {
        if (!Files.exists(template)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(template);
        try (Stream<Path> files = Files.walk(template.getParent())) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!file.equals(template) && Files.getLastModifiedTime(file).compareTo(made) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Makes a new ledger. SQLite writes it in one transaction: whenever the process or the power ends, the next to open it finds it
     * empty or whole.
     *
     * @return false when the file is not empty, or there is no template, as when an editor compiled the classes
     */
    static boolean fill(Path file) throws IOException, SQLException {
        if (Files.size(file) > 0) {
            return false;
        }
        try (SQLiteConnection template = open()) {
            if (template == null) {
                return false;
            }
            int code = template.getDatabase().backup("main", file.toString(), null);
            if (code != Codes.SQLITE_OK) {
                throw DB.newSQLException(code, "the template cannot be copied");
            }
            return true;
        }
    }

    /** Tells whether the same scripts have made the ledger, each of them whole; false when there is no template. */
    static boolean matches(Connection ledger) throws IOException, SQLException {
        try (SQLiteConnection template = open()) {
            return template != null && history(template).equals(history(ledger));
        }
    }

    private static SQLiteConnection open() throws IOException, SQLException {
        try (InputStream resource = LedgerTemplate.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                return null;
            }
            SQLiteConnection memory = JDBC.createConnection(LedgerDatabase.SQLITE + ":memory:", new Properties());
            memory.deserialize("main", resource.readAllBytes());
            return memory;
        }
    }

    private static List<String> history(Connection connection) throws SQLException {
        try {
            return new Sql(connection)
                    .list(
                            "SELECT version || ' ' || checksum || ' ' || success FROM flyway_schema_history ORDER BY installed_rank",
                            row -> row.text(1));
        } catch (SqlFailure e) {
            throw e.getCause();
        }
    }
}
