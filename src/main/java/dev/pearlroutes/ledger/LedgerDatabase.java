package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.files.LogText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** The SQLite file of a ledger: how it is made, configured and migrated. */
final class LedgerDatabase {
    static final String SQLITE = "jdbc:sqlite:";

    /** Statement that reads the whole file and answers {@code ok}, or a line for each fault. */
    static final String CHECK_INTEGRITY = "PRAGMA integrity_check";

    private static final int BUSY_TIMEOUT_MS = 3_000;
    private static final int CONNECTION_TIMEOUT_MS = 10_000;

    /** Size of the journal, in pages of 4 KiB, from which it is copied into the database. */
    private static final int JOURNAL_PAGES = 8_000;

    private static final int CACHE_KIB = 16 * 1024;

    private final Path file;

    /** @param url {@code jdbc:sqlite:} and the path of the file */
    LedgerDatabase(String url) {
        this.file = Path.of(url.substring(SQLITE.length())).toAbsolutePath();
    }

    Path file() {
        return file;
    }

    /** @throws LedgerException when there is no ledger, which a command must not make by looking for one */
    void requireFile() {
        if (!Files.isRegularFile(file)) {
            throw new LedgerException("there is no ledger " + file
                    + ": set data.dir (DATA_DIR) or ledger.url as for the program that wrote it");
        }
    }

    /** Makes the file with its permissions before SQLite opens it, since SQLite gives its journal the same. */
    void create(Set<PosixFilePermission> mode) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, mode);
        }
    }

    /** Lists what is in the folder for what SQLite unpacks: kill -9 leaves a copy of its library there. */
    static List<Path> leftInScratch(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> left = Files.list(folder)) {
            return left.toList();
        }
    }

    /** Has SQLite unpack its library there. To be called before the first connection of the process. */
    static void useScratch(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LedgerException("the data folder cannot be written: " + e, e);
        }
        System.setProperty("org.sqlite.tmpdir", folder.toString());
    }

    /** Brings the schema up to date. */
    void migrate() {
        try {
            if (!isMade() && !isOfThisVersion()) {
                flyway().migrate();
            }
        } catch (FlywayException e) {
            throw new LedgerException(
                    "the ledger " + file + " cannot be brought to this version's schema: " + LogText.firstLine(e), e);
        }
    }

    /** @throws LedgerException when the ledger is not of this version, which a command leaves to the program to migrate */
    void requireSchema() {
        try {
            if (!isOfThisVersion()) {
                flyway().validate();
            }
        } catch (FlywayException e) {
            throw new LedgerException(
                    "the ledger " + file + " has not this version's schema: " + LogText.firstLine(e)
                            + " Start this version once, or use the version that wrote it",
                    e);
        }
    }

    /** Makes a pool of one connection: SQLite writes one transaction at a time, and several connections would poll for the lock. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource());
        config.setMaximumPoolSize(1);
        config.setPoolName("ledger");
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        // The open connection keeps a deleted file's key from being given to the file that replaces it.
        config.setMaxLifetime(0);
        return new HikariDataSource(config);
    }

    /** Opens a connection that can only read, also while the program runs. */
    Connection reading() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        return config.createConnection(SQLITE + file);
    }

    private boolean isMade() {
        try {
            return LedgerTemplate.fill(file);
        } catch (IOException | SQLException e) {
            // Flyway meets the same failure, and its message is the one to show.
            return false;
        }
    }

    private boolean isOfThisVersion() {
        try (Connection connection = connect()) {
            return LedgerTemplate.matches(connection);
        } catch (IOException | SQLException e) {
            // No ledger, or none that can be read: Flyway says which.
            return false;
        }
    }

    Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    Flyway flyway() {
        return Flyway.configure(LedgerDatabase.class.getClassLoader())
                .dataSource(dataSource())
                .locations("classpath:dev/pearlroutes/ledger/migrations")
                // By default a schema of a later version passes, and this one would write into what it doesn't know.
                .ignoreMigrationPatterns(new String[0])
                .load();
    }

    private SQLiteDataSource dataSource() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // In WAL mode only FULL syncs at each commit; NORMAL may lose the last ones to a power cut.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        // What is dropped, numbers in the clear among it, is overwritten and not left in free pages of the file.
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        // By default the driver asks for the key of each inserted row, which nobody here wants.
        config.setGetGeneratedKeys(false);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // A batch of leads touches many pages. By default every few batches would wait for the journal to be copied
        // into
        // the database, and for pages to be read again that were just dropped.
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(JOURNAL_PAGES));
        config.setCacheSize(-CACHE_KIB);
        // A ledger deleted while it is in use must not come back as an empty one: only create() makes the file.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        SQLiteDataSource dataSource = new LedgerDataSource(config);
        dataSource.setUrl(SQLITE + file);
        return dataSource;
    }
}
