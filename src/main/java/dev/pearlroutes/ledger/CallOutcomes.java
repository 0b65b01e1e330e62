package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.time.Instant;

/** The former way to mark outcomes files, for the classes that have not been given tables yet. */
final class CallOutcomes {
    private CallOutcomes() {}

    static void markChanged(Connection connection, long sourceId, Instant at) {
        new SourceTable(new Sql(connection)).markOutcomesChanged(sourceId, at);
    }
}
