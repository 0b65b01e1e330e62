package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.Ledger.Work;

/** Runs works, each in a transaction. */
interface Commits {
    /** Commits work, and returns when it is durable; may run it again. @throws RuntimeException its own failure or its commit's */
    <T> T run(Work<T> work);

    /** Runs work that changes nothing, in no transaction; may run it again. */
    <T> T read(Work<T> work);
}
