package dev.pearlroutes.ledger;

import dev.pearlroutes.files.ProcessLock;
import dev.pearlroutes.ledger.Engine.Failure;
import dev.pearlroutes.ledger.tables.MetaTable;
import dev.pearlroutes.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
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
 * The ledger database: an SQLite file of one process. Everything is durable when {@link #transaction} returns, so that neither kill -9
 * nor a power cut undoes it.
 */
public final class Ledger implements AutoCloseable {
    /** Name in table {@code meta} of who leads, or did when it ended without a word. */
    static final String LED_BY = "led-by";

    private static final int ID_BYTES = 8;

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    /** Time that waiting transactions have left at shutdown. */
    private static final Duration LAST_TRIES = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final Engine engine;
    private final AtomicReference<String> problem = new AtomicReference<>();
    private final AtomicLong giveUpAt = new AtomicLong(System.nanoTime());
    private final Commits commits;
    private final boolean visitor;
    private final List<Path> leftInScratch;
    private final KeyedHash keyedHash;
    /** Null where no other process can have the ledger. */
    private volatile Leadership leadership;

    private volatile NewEventListener newEvents = event -> {};
    private volatile EventCompanion companion = (events, transaction) -> {};

    /** @param leftInScratch what earlier processes have left, or another one uses whose data folder this is */
    private Ledger(Engine engine, boolean visitor, List<Path> leftInScratch) {
        this.engine = engine;
        this.visitor = visitor;
        this.leftInScratch = leftInScratch;
        Commits each = new EachAlone();
        this.commits = engine.groups() ? new GroupCommit(each) : each;
        // A ledger that cannot be written at start ends the start instead of waiting.
        this.keyedHash = new KeyedHash(HexFormat.of().parseHex(transaction(Ledger::hashKey)));
        giveUpAt.set(Long.MAX_VALUE);
    }

    /** The works one by one, each committed by itself. */
    private final class EachAlone implements Commits {
        @Override
        public <T> T run(Work<T> work) {
            return insist(() -> published(engine.commit(accompanied(work))));
        }

        @Override
        public <T> T read(Work<T> work) {
            return insist(() -> {
                T result = engine.read(work);
                if (standby().isPresent()) {
                    // Nothing is written here that would show it.
                    recovered();
                }
                return result;
            });
        }
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

    /** Takes part in each transaction that appends events, before it is committed: what it writes is durable with them. */
    public interface EventCompanion {
        void with(List<Event> events, Transaction transaction);
    }

    /** Has this one take part from now on, and no other. */
    public void accompany(EventCompanion other) {
        companion = other;
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
        ProcessLock lock = LedgerLock.take(database.file());
        try {
            database.create(mode);
            List<Path> left = LedgerDatabase.leftInScratch(scratch);
            LedgerDatabase.useScratch(scratch);
            database.migrate();
            return new Ledger(new SqliteEngine(database, lock), false, left);
        } catch (IOException e) {
            lock.close();
            throw new LedgerException("the data folder cannot be written: " + e, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens the ledger on a database server and brings its schema up to date.
     *
     * @param url {@code jdbc:postgresql:} and a database
     * @param scratch folder of this process alone; what is in it stays until {@link #emptyScratch}
     * @throws LedgerException when it cannot be reached, or it is no ledger of this or an earlier version
     */
    public static Ledger open(String url, Path scratch, LedgerServer server) {
        PostgresDatabase database = new PostgresDatabase(url, server);
        try {
            // Dry runs are in SQLite's files.
            List<Path> left = LedgerDatabase.leftInScratch(scratch);
            LedgerDatabase.useScratch(scratch);
            database.require();
            database.migrate();
            return of(database, false, left, null);
        } catch (IOException e) {
            throw new LedgerException("the data folder cannot be written: " + e, e);
        }
    }

    /** Names the schema of a ledger on a database server. */
    public static String schema(String url) {
        return PostgresDatabase.schema(url);
    }

    /** Opens an existing ledger on a server for this process alone. @throws LedgerException when there is none, or a node works on it */
    public static Ledger openAlone(String url, LedgerServer server) {
        PostgresDatabase database = new PostgresDatabase(url, server);
        database.requireSchema();
        return of(database, false, List.of(), Leadership.alone(database));
    }

    /** Opens an existing ledger on a server for a few short transactions. @throws LedgerException when there is none of this version */
    public static Ledger visit(String url, LedgerServer server) {
        PostgresDatabase database = new PostgresDatabase(url, server);
        database.requireSchema();
        return of(database, true, List.of(), null);
    }

    private static Ledger of(
            PostgresDatabase database, boolean visitor, List<Path> leftInScratch, AutoCloseable alone) {
        PostgresEngine engine = new PostgresEngine(database, alone);
        try {
            return new Ledger(engine, visitor, leftInScratch);
        } catch (RuntimeException e) {
            engine.close();
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
            return new Ledger(new SqliteEngine(database, null), true, List.of());
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
        return commits.run(work);
    }

    /** Does the same for work that has no result. @throws LedgerException as {@link #transaction} does */
    public void execute(Consumer<Transaction> work) {
        transaction(transaction -> {
            work.accept(transaction);
            return null;
        });
    }

    /**
     * Does the same as {@link #transaction}, beside other transactions of this kind where the database lets several in. The work sees what
     * others commit meanwhile.
     *
     * @param keys of which each is the work's alone until it is committed, such as {@code plan/<outbound>}
     */
    public <T> T beside(List<String> keys, Work<T> work) {
        return engine.groups()
                ? commits.run(work)
                : insist(() -> published(engine.commitBeside(keys, accompanied(work))));
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
                Failure failure = engine.failure(e);
                if (failure == Failure.UNCERTAIN) {
                    throw new LedgerException(
                            "the connection to the ledger broke while it committed, so that nobody knows whether it did",
                            e);
                }
                if (failure == Failure.FULL && !tried && engine.makeRoom()) {
                    tried = true;
                } else if (failure == Failure.FINAL || failure != Failure.AGAIN && !awaitRecovery(e, failure)) {
                    throw new LedgerException("the ledger cannot be read or written: " + e.getMessage(), e);
                } else {
                    tried = true;
                    if (failure == Failure.FULL) {
                        // Before anything is written, which would take the room that the database needs to grow by.
                        engine.makeRoom();
                    }
                }
            }
        }
    }

    private <T> Work<T> accompanied(Work<T> work) {
        return transaction -> {
            T result = work.in(transaction);
            if (!transaction.newEvents().isEmpty()) {
                companion.with(List.copyOf(transaction.newEvents()), transaction);
            }
            return result;
        };
    }

    private <T> T published(Engine.Committed<T> committed) {
        committed.newEvents().forEach(newEvents::onNewEvent);
        recovered();
        return committed.result();
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
        problem().or(this::standby).ifPresent(reason -> {
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

    /**
     * Has this process stand by from now on: it reads, and writes only while it leads.
     *
     * @return empty where the ledger is one process's alone, which leads from the beginning
     */
    public Optional<Leadership> share() {
        Optional<Leadership> made = engine.share();
        leadership = made.orElse(null);
        return made;
    }

    /** Answers why nothing may be written here although all is well: another node leads; empty when this one does. */
    public Optional<String> standby() {
        Leadership now = leadership;
        return now == null || now.state() == Leadership.State.LEADING
                ? Optional.empty()
                : Optional.of("this node stands by: send it to the one that leads");
    }

    /** Notes that this process leads, as the first thing that it does then. */
    public void lead(Leadership leadership) {
        execute(tx -> tx.meta().put(LED_BY, leadership.id()));
    }

    /** Notes that this process leads no more and has nothing under way: the next one need not wait. */
    public void resign() {
        execute(tx -> tx.meta().remove(LED_BY));
    }

    /**
     * Has the database give up the rows that were deleted or changed, so that what was in them is gone from its tables.
     *
     * @throws LedgerException when it does not
     */
    public void forgetDeleted() {
        insist(() -> {
            engine.forgetDeleted();
            return null;
        });
    }

    /** Answers with the time that all processes on the ledger share. */
    public Clock clock() {
        return engine.clock();
    }

    /** Answers with the bytes of the database and of its journal. @throws IOException when they cannot be read */
    public long bytes() throws IOException {
        return engine.bytes();
    }

    /** Names the database for a person, without a secret. */
    public String place() {
        return engine.place();
    }

    @Override
    public void close() {
        engine.close();
    }

    private boolean awaitRecovery(SQLException e, Failure failure) {
        if (visitor) {
            return false;
        }
        boolean ended = failure == Failure.ENDED;
        String reason = engine.problem(e);
        String before = problem.getAndSet(reason);
        if (ended) {
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
        return runs || !ended && System.nanoTime() - giveUpAt.get() < 0;
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
