package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.time.Instant;
import java.util.Optional;

/** The former forms of {@link SourceTable}, for the classes that have not been given tables yet. */
final class Sources {
    private Sources() {}

    static Optional<Source> find(Connection c, long id) {
        return new SourceTable(new Sql(c)).find(id);
    }

    static void markChanged(Connection c, long id, Instant at) {
        new SourceTable(new Sql(c)).markChanged(id, at);
    }
}
