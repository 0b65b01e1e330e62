package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import java.sql.Connection;
import java.util.List;

/** The former way to append events, for the classes that have not been given tables yet. */
final class Outbox {
    private Outbox() {}

    static void append(Connection connection, List<Event> events) {
        new EventTable(new Sql(connection)).append(events);
    }
}
