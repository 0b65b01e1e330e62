package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.ledger.LedgerFileCheck.TakenAway;
import dev.pearlroutes.ledger.tables.MetaTable;
import dev.pearlroutes.ledger.tables.SqlFailure;
import dev.pearlroutes.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger database, an SQLite file of one process. Everything is durable when {@link #transaction} returns: the journal
 * is synced at each commit, so that neither kill -9 nor a power cut undoes it.
 */
public final class Ledger implements AutoCloseable {
    /** SQLite's result codes [https://www.sqlite.org/rescode.html]: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. */
    private static final Set<Integer> WORTH_WAITING = Set.of(5, 6, 8, 10, 13, 14);

    private static final Set<Integer> LOCKED_BY_ANOTHER = Set.of(5, 6);
    /** Mask of the primary result code. */
    private static final int PRIMARY_CODE = 0xff;

    /** SQLite's result code FULL. */
    private static final int DISK_FULL = 13;

    private static final int ID_BYTES = 8;

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    /** Time that waiting transactions have left at shutdown. */
    private static final Duration LAST_TRIES = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final Path file;
    private final LedgerFileCheck presence;
    private final AtomicReference<String> problem = new AtomicReference<>();
    private final AtomicLong giveUpAt = new AtomicLong(System.nanoTime());
    private final GroupCommit commits = new GroupCommit(new GroupCommit.Transactions() {
        @Override
        public <T> T run(Work<T> work) {
            return insist(() -> {
                T result = attempt(work);
                recovered();
                return result;
            });
        }

        @Override
        public <T> T read(Work<T> work) {
            return insist(() -> look(work));
        }
    });
    private final LedgerLock lock;
    private final List<Path> leftInScratch;
    private final HikariDataSource pool;
    private final KeyedHash keyedHash;
    private volatile NewEventListener newEvents = event -> {};

    /**
     * @param lock null for a visitor
     * @param leftInScratch what earlier processes have left, or another one uses whose data folder this is
     */
    private Ledger(LedgerDatabase database, LedgerLock lock, List<Path> leftInScratch) throws IOException {
        this.leftInScratch = leftInScratch;
        this.file = database.file();
        this.presence = new LedgerFileCheck(file);
        this.lock = lock;
        this.pool = database.pool();
        // A ledger that cannot be written at start ends the start instead of waiting.
        this.keyedHash = new KeyedHash(HexFormat.of().parseHex(transaction(Ledger::hashKey)));
        giveUpAt.set(Long.MAX_VALUE);
    }

    /** Work of one transaction. It may run again when the transaction could not be committed, so it must have no other effect. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Transaction transaction);
    }

    /** Takes each new event once it is durable, in the thread that commits: it must be quick, and not fail. */
    public interface NewEventListener {
        void onNewEvent(Event event);
    }

    /** Tells this one of new events from now on, and no other. */
    public void tell(NewEventListener listener) {
        newEvents = listener;
    }

    /**
     * Opens the ledger for this process alone and brings its schema up to date.
     *
     * @param url {@code jdbc:sqlite:} and the path of the file
     * @param scratch folder for what SQLite unpacks; what is in it stays until {@link #emptyScratch}
     * @param mode permissions of the ledger's files; ignored where the file system knows none
     * @throws LedgerException when another process has it open, or it is no ledger of this or an earlier version
     */
    public static Ledger open(String url, Path scratch, Set<PosixFilePermission> mode) {
        LedgerDatabase database = new LedgerDatabase(url);
        LedgerLock lock = LedgerLock.take(database.file());
        try {
            database.create(mode);
            List<Path> left = LedgerDatabase.leftInScratch(scratch);
            LedgerDatabase.useScratch(scratch);
            database.migrate();
            return new Ledger(database, lock, left);
        } catch (IOException e) {
            lock.close();
            throw new LedgerException("the data folder cannot be written: " + e, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens an existing ledger for a few short transactions, also while the program works on it: SQLite lets one writer in
     * after the other. A visitor doesn't wait while the ledger cannot be written.
     *
     * @throws LedgerException when there is none, or it is not of this version
     */
    public static Ledger visit(String url, Path scratch) {
        LedgerDatabase database = new LedgerDatabase(url);
        database.requireFile();
        LedgerDatabase.useScratch(scratch);
        database.requireSchema();
        try {
            return new Ledger(database, null, List.of());
        } catch (IOException e) {
            throw new LedgerException("the ledger " + database.file() + " cannot be read: " + e, e);
        }
    }

    /**
     * Deletes what earlier processes have left in the scratch folder. To be called once it is known that the data folder is this ledger's:
     * another process may be using what is there.
     *
     * @throws LedgerException when that cannot be done
     */
    public void emptyScratch() {
        try {
            for (Path left : leftInScratch) {
                Files.deleteIfExists(left);
            }
        } catch (IOException e) {
            throw new LedgerException("the data folder cannot be written: " + e, e);
        }
    }

    /** @throws LedgerException when there is no ledger there, which {@link #open} would make */
    public static void requireExisting(String url) {
        new LedgerDatabase(url).requireFile();
    }

    /**
     * Runs the work in a transaction and commits it durably; works that come while another is committed share the next sync of the
     * disk, and fail alone. While the database cannot be written (disk full, locked, read-only) it waits and tries again, so that
     * nothing is sent that is not on disk and no outcome is lost. When the ledger's file was taken away or replaced it waits for
     * the shutdown and commits nothing more.
     *
     * @throws LedgerException when waiting does not help, or the process stops before it has helped
     */
    public <T> T transaction(Work<T> work) {
        return commits.commit(work);
    }

    /** Does the same for work that has no result. @throws LedgerException as {@link #transaction} does */
    public void execute(Consumer<Transaction> work) {
        transaction(transaction -> {
            work.accept(transaction);
            return null;
        });
    }

    /**
     * Runs work that changes nothing and asks a single question, for which a transaction would only take SQLite's lock to write.
     * It sees all that was committed before.
     *
     * @throws LedgerException as {@link #transaction} does
     */
    public <T> T read(Work<T> work) {
        return commits.read(work);
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T make() throws SQLException;
    }

    private <T> T insist(Attempt<T> attempt) {
        boolean tried = false;
        while (true) {
            try {
                return attempt.make();
            } catch (SQLException e) {
                boolean full = (e.getErrorCode() & PRIMARY_CODE) == DISK_FULL;
                if (full && !tried && makeRoom()) {
                    tried = true;
                } else if (!worthWaiting(e) || !awaitRecovery(e)) {
                    throw new LedgerException("the ledger cannot be read or written: " + e.getMessage(), e);
                } else {
                    tried = true;
                    if (full) {
                        // Before anything is written, which would take the room that the database needs to grow by.
                        makeRoom();
                    }
                }
            }
        }
    }

    /** Takes the database's driver out of the list that it has entered itself in, where a bundle is removed. */
    public static void deregisterDriver() {
        DriverManager.drivers().toList().forEach(driver -> {
            try {
                DriverManager.deregisterDriver(driver);
            } catch (SQLException e) {
                LOG.debug("{} stays registered", driver, e);
            }
        });
    }

    /** Answers why the ledger cannot be written now; empty while all is well. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem.get());
    }

    /**
     * Tells a caller that would rather come again than wait until the ledger can be written.
     *
     * @throws LedgerException while it cannot
     */
    public void requireWritable() {
        problem().ifPresent(reason -> {
            throw new LedgerException(reason);
        });
    }

    /** Lets transactions that wait for the database try for 5 s more and then fail. */
    public void shutDown() {
        giveUpAt.compareAndSet(Long.MAX_VALUE, System.nanoTime() + LAST_TRIES.toNanos());
    }

    public KeyedHash keyedHash() {
        return keyedHash;
    }

    /** Answers with what names this ledger and its copies among all others, in hex. */
    public String id() {
        return HexFormat.of().formatHex(keyedHash.of("ledger id"), 0, ID_BYTES);
    }

    /** Answers with the bytes of the database and of its journal. @throws IOException when they cannot be read */
    public long bytes() throws IOException {
        Path journal = file.resolveSibling(file.getFileName() + "-wal");
        return Files.size(file) + (Files.exists(journal) ? Files.size(journal) : 0);
    }

    /** Answers with the database's file. */
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        pool.close();
        if (lock != null) {
            lock.close();
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        presence.requireFile();
        try (Connection connection = pool.getConnection()) {
            try {
                connection.setAutoCommit(false);
                Transaction transaction = new Transaction(connection);
                T result = work.in(transaction);
                presence.requireFile();
                presence.requireJournal();
                // This commits and no more. The driver's commit() begins the next transaction too: when another process
                // has the lock by then, it fails after the commit, and the work would be done twice.
                connection.setAutoCommit(true);
                transaction.newEvents().forEach(newEvents::onNewEvent);
                return result;
            } catch (SqlFailure e) {
                abandon(connection, e.getCause());
                throw e.getCause();
            } catch (SQLException | RuntimeException e) {
                abandon(connection, e);
                throw e;
            }
        }
    }

    private <T> T look(Work<T> work) throws SQLException {
        presence.requireFile();
        try (Connection connection = pool.getConnection()) {
            try {
                return work.in(new Transaction(connection));
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

    /** Has the journal copied into the database, so that a full disk gets its space back. @return whether it got any */
    private boolean makeRoom() {
        Path journal = file.resolveSibling(file.getFileName() + "-wal");
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

    private static boolean worthWaiting(SQLException e) {
        return e instanceof TakenAway
                // The pool's time-out: no connection could be made, or the only one was in use all the time.
                || e instanceof SQLTransientConnectionException
                || WORTH_WAITING.contains(e.getErrorCode() & PRIMARY_CODE);
    }

    private boolean awaitRecovery(SQLException e) {
        if (lock == null) {
            return false;
        }
        String reason = reason(e);
        String before = problem.getAndSet(reason);
        if (e instanceof TakenAway) {
            if (!reason.equals(before)) {
                LOG.error("STOPPED. {}", reason);
            }
        } else if (before == null) {
            LOG.error("STOPPED. {} Sending continues by itself when it can be written.", reason);
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
        String remedy = LOCKED_BY_ANOTHER.contains(e.getErrorCode() & PRIMARY_CODE)
                ? "end the other program that has " + file + " open."
                : "free space on the disk of " + file + " and let this process write there.";
        return "the ledger cannot be written (" + e.getMessage() + "): " + remedy;
    }

    private void recovered() {
        if (problem.get() != null && problem.getAndSet(null) != null) {
            LOG.info("The ledger can be written again");
        }
    }

    private static String hashKey(Transaction transaction) {
        Optional<String> known = transaction.meta().get(MetaTable.HASH_KEY);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        transaction.meta().put(MetaTable.HASH_KEY, HexFormat.of().formatHex(key));
        return HexFormat.of().formatHex(key);
    }
}
