package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Source;
import java.sql.Connection;

/** The former form of {@link SourceTable#unreserve}, for the class that has not been given tables yet. */
final class ApprovalStore {
    private ApprovalStore() {}

    static void planned(Connection c, Source source, int intents) {
        new SourceTable(new Sql(c)).unreserve(source.id(), intents);
    }
}
