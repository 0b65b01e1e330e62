package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * The ledger database, an SQLite file of one process. Everything is durable when {@link #transaction} returns: the journal
 * is synced at each commit, so that neither kill -9 nor a power cut undoes it.
 */
public final class Ledger implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final int BUSY_TIMEOUT_MS = 3_000;
    private static final int CONNECTION_TIMEOUT_MS = 10_000;

    /** SQLite's result codes [https://www.sqlite.org/rescode.html]: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. */
    private static final Set<Integer> WORTH_WAITING = Set.of(5, 6, 8, 10, 13, 14);

    private static final Set<Integer> LOCKED_BY_ANOTHER = Set.of(5, 6);
    private static final int IO_ERROR = 10;
    private static final int PRIMARY_CODE = 0xff;
    private static final Object MISSING = "missing";
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final Duration LAST_TRIES = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final Path file;
    private final Path journal;
    private final Object fileKey;
    /** The key of the journal that the pool's one connection has open; null before its first transaction. */
    private final AtomicReference<Object> journalKey = new AtomicReference<>();

    private final AtomicReference<Path> takenAway = new AtomicReference<>();
    private final AtomicReference<String> trouble = new AtomicReference<>();
    private final AtomicLong giveUpAt = new AtomicLong(System.nanoTime());
    private final GroupCommit commits = new GroupCommit(this::write);
    private final FileChannel lockFile;
    private final HikariDataSource pool;
    private final KeyedHash keyedHash;

    private Ledger(Path file, Object fileKey, FileChannel lockFile, HikariDataSource pool) {
        this.file = file;
        this.journal = file.resolveSibling(file.getFileName() + "-wal");
        this.fileKey = fileKey;
        this.lockFile = lockFile;
        this.pool = pool;
        // A ledger that cannot be written at start ends the start instead of waiting.
        this.keyedHash = new KeyedHash(HexFormat.of().parseHex(transaction(Ledger::hashKey)));
        giveUpAt.set(Long.MAX_VALUE);
    }

    /** Work of one transaction. It may run again when the transaction could not be committed, so it must have no other effect. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** What is at the ledger's path is not what is open: whatever was committed would be gone with the process. */
    private static final class TakenAway extends SQLException {
        private static final long serialVersionUID = 1L;

        TakenAway(Path path) {
            super("the ledger file " + path
                    + " was taken away or replaced: stop the program, put it back, start again");
        }
    }

    /**
     * Opens the ledger and brings its schema up to date.
     *
     * @param url {@code jdbc:sqlite:} and the path of the file
     * @param scratch folder for what SQLite unpacks; emptied first, since kill -9 leaves a copy of its library there
     * @param mode permissions of the ledger's files; ignored where the file system knows none
     * @throws LedgerException when another process has it open, or it is no ledger of this or an earlier version
     */
    public static Ledger open(String url, Path scratch, Set<PosixFilePermission> mode) {
        Path file = Path.of(url.substring(SQLITE.length())).toAbsolutePath();
        FileChannel lock = lock(file);
        try {
            create(file, mode);
            emptyFolder(scratch);
            System.setProperty("org.sqlite.tmpdir", scratch.toString());
            SQLiteDataSource dataSource = new SQLiteDataSource(config());
            dataSource.setUrl(SQLITE + file);
            migrate(dataSource, file);
            return new Ledger(file, keyOf(file), lock, pool(dataSource));
        } catch (IOException e) {
            close(lock);
            throw new LedgerException("the data folder cannot be written: " + e, e);
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    /**
     * Runs the work in a transaction and commits it durably; works that come while another is committed share the next sync of the
     * disk, and fail alone. While the database cannot be written (disk full,
     * locked, read-only) it waits and tries again, so that nothing is sent that is not on disk and no outcome is dropped.
     * When the ledger's file was taken away or replaced it waits for the stop of the process and commits nothing more.
     *
     * @throws LedgerException when the trouble is not one of waiting, or the process stops before it is over
     */
    public <T> T transaction(Work<T> work) {
        return commits.commit(work);
    }

    private <T> T write(Work<T> work) {
        while (true) {
            try {
                T result = attempt(work);
                recovered();
                return result;
            } catch (SQLException e) {
                if (!worthWaiting(e) || !awaitRecovery(e)) {
                    throw new LedgerException("the ledger cannot be read or written: " + e.getMessage(), e);
                }
            }
        }
    }

    /** Why the ledger cannot be written now; empty while all is well. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble.get());
    }

    /** Lets transactions that wait for the database try a little longer and no more. */
    public void shutDown() {
        giveUpAt.compareAndSet(Long.MAX_VALUE, System.nanoTime() + LAST_TRIES.toNanos());
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        requireFile();
        try (Connection connection = pool.getConnection()) {
            try {
                connection.setAutoCommit(false);
                T result = work.in(connection);
                requireFile();
                requireJournal();
                // This commits and no more. The driver's commit() begins the next transaction too: when another process
                // has the lock by then, it fails after the commit, and the work would be done twice.
                connection.setAutoCommit(true);
                return result;
            } catch (SQLException | RuntimeException e) {
                abandon(connection, e);
                throw e;
            }
        }
    }

    /** The driver believes in a transaction that failed to begin, so no connection is used again after a failure. */
    private void abandon(Connection connection, Exception reason) {
        // Not the driver's rollback(), which begins the next transaction and so takes the lock again.
        try (Statement rollback = connection.createStatement()) {
            rollback.execute("ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
        journalKey.set(null);
        pool.evictConnection(connection);
    }

    private void requireFile() throws SQLException {
        if (takenAway.get() == null && !fileKey.equals(keyNow(file))) {
            takenAway.compareAndSet(null, file);
        }
        if (takenAway.get() != null) {
            throw new TakenAway(takenAway.get());
        }
    }

    /** Inside a transaction, where SQLite has the journal open: it makes one for the first connection, drops it after the last. */
    private void requireJournal() throws SQLException {
        Object now = keyNow(journal);
        Object open = journalKey.get();
        if (open != null && !open.equals(now)) {
            takenAway.compareAndSet(null, journal);
            throw new TakenAway(takenAway.get());
        }
        journalKey.set(now);
    }

    private static boolean worthWaiting(SQLException e) {
        return e instanceof TakenAway
                // The pool's time-out: no connection could be made, or the one there is was in use all the while.
                || e instanceof SQLTransientConnectionException
                || WORTH_WAITING.contains(e.getErrorCode() & PRIMARY_CODE);
    }

    private boolean awaitRecovery(SQLException e) {
        String reason = reason(e);
        String before = trouble.getAndSet(reason);
        if (e instanceof TakenAway) {
            if (!reason.equals(before)) {
                LOG.error("STOPPED. {}", reason);
            }
        } else if (before == null) {
            LOG.error("STOPPED. {} Sending goes on by itself when it can be written.", reason);
        }
        try {
            Thread.sleep(RETRY_INTERVAL.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
        boolean runs = giveUpAt.get() == Long.MAX_VALUE;
        return runs || !(e instanceof TakenAway) && System.nanoTime() - giveUpAt.get() < 0;
    }

    private String reason(SQLException e) {
        if (e instanceof TakenAway) {
            return e.getMessage();
        }
        String mend = LOCKED_BY_ANOTHER.contains(e.getErrorCode() & PRIMARY_CODE)
                ? "end the other program that has " + file + " open."
                : "free space on the disk of " + file + " and let this process write there.";
        return "the ledger cannot be written (" + e.getMessage() + "): " + mend;
    }

    private void recovered() {
        if (trouble.get() != null && trouble.getAndSet(null) != null) {
            LOG.info("The ledger can be written again");
        }
    }

    public KeyedHash keyedHash() {
        return keyedHash;
    }

    @Override
    public void close() {
        pool.close();
        close(lockFile);
    }

    /** The lock is the operating system's, so that it ends with the process however that ends. */
    private static FileChannel lock(Path file) {
        Path lockPath = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held inside this very process: the same refusal as for another one.
        } catch (IOException e) {
            close(channel);
            throw new LedgerException("the ledger's folder " + file.getParent() + " cannot be written: " + e, e);
        }
        close(channel);
        throw new LedgerException("another pearl-routes process works on the ledger " + file
                + ": stop that one, or give this one a data.dir of its own");
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // In WAL mode only FULL syncs at each commit; NORMAL may lose the last ones to a power cut.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        // What is dropped, numbers in the clear among it, is overwritten and not left in free pages of the file.
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // A ledger deleted while it is in use must not come back as an empty one: only open() makes the file.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return config;
    }

    private static void migrate(SQLiteDataSource dataSource, Path file) {
        try {
            Flyway.configure(Ledger.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:dev/pearlroutes/ledger/migrations")
                    // By default a schema of a later version passes, and this one would write into what it doesn't
                    // know.
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new LedgerException(
                    "the ledger " + file + " cannot be brought to this version's schema: " + firstLine(e), e);
        }
    }

    /** SQLite writes one transaction at a time, so one connection queues them fairly where several would poll for the lock. */
    private static HikariDataSource pool(SQLiteDataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(1);
        config.setPoolName("ledger");
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        // The open connection keeps a deleted file's key from being given to the file that replaces it.
        config.setMaxLifetime(0);
        return new HikariDataSource(config);
    }

    private static String hashKey(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = 'hash-key'");
                ResultSet found = select.executeQuery()) {
            if (found.next()) {
                return found.getString(1);
            }
        }
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO meta (name, value) VALUES ('hash-key', ?)")) {
            insert.setString(1, HexFormat.of().formatHex(key));
            insert.executeUpdate();
        }
        return HexFormat.of().formatHex(key);
    }

    private static Object keyNow(Path path) throws SQLException {
        try {
            return keyOf(path);
        } catch (NoSuchFileException e) {
            return MISSING;
        } catch (IOException e) {
            throw new SQLException("the ledger's folder cannot be read: " + e, null, IO_ERROR, e);
        }
    }

    /** What tells a file from another one put at its path; where the file system has no keys, only that it is there. */
    private static Object keyOf(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? "there" : key;
    }

    /** SQLite gives its journal the permissions of the database file, so that has them before SQLite opens it. */
    private static void create(Path file, Set<PosixFilePermission> mode) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, mode);
        }
    }

    private static void emptyFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written through it, and the lock ends with the process at the latest.
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
