package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.Ledger.Work;
import dev.pearlroutes.ledger.tables.Dialect;
import dev.pearlroutes.model.Event;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The database under a ledger: how a work is committed in it, and what its failures mean. What is committed is durable. {@link Ledger}
 * decides what follows from a failure.
 */
interface Engine extends AutoCloseable {
    /** What a failure means for the work that met it. */
    enum Failure {
        /** Nothing was committed, and the work may run again at once. */
        AGAIN,
        /** Nothing was committed, and the work may run again when the database can be written. */
        PASSING,
        /** The same, and the database may be able to make room for itself. */
        FULL,
        /** Nothing is committed any more in this process. */
        ENDED,
        /** Whether the work was committed is not known. */
        UNCERTAIN,
        /** Waiting does not help. */
        FINAL
    }

    /** The result of a work that was committed, and the events that it has appended. */
    record Committed<T>(T result, List<Event> newEvents) {}

    Dialect dialect();

    /** Whether works that come while another is committed are to share the next commit. */
    boolean groups();

    /** Runs work in a transaction that is alone in the ledger, and commits it. */
    <T> Committed<T> commit(Work<T> work) throws SQLException;

    /**
     * Runs work in a transaction beside others of this kind, and commits it.
     *
     * @param keys of which each is the work's alone until it is committed
     */
    <T> Committed<T> commitBeside(List<String> keys, Work<T> work) throws SQLException;

    /** Runs work that changes nothing. */
    <T> T read(Work<T> work) throws SQLException;

    /** Tells what a failure means. */
    Failure failure(SQLException e);

    /** Says why the ledger cannot be written, and what a person can do about it. */
    String problem(SQLException e);

    /** Frees space that the database needs. @return whether there is more */
    boolean makeRoom();

    /** Has the database give up the rows that were deleted or changed, so that what was in them is gone from its tables. */
    void forgetDeleted() throws SQLException;

    /** The time that all processes on the ledger share. */
    Clock clock();

    /** Has this process stand by. @return empty where no other process can have the ledger */
    Optional<Leadership> share();

    /** Names the database for a person, without a secret. */
    String place();

    /** The bytes of the database. @throws IOException when it cannot be read */
    long bytes() throws IOException;

    @Override
    void close();
}
