package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import java.util.List;

/** Table {@code event}: the outbox, in which an event is written together with the outcome that it publishes. */
public final class EventTable {
    private final Sql sql;

    EventTable(Sql sql) {
        this.sql = sql;
    }

    /** Appends events for every sink of their outbounds. */
    public void append(List<Event> events) {
        append(events, null);
    }

    /** Appends an event for one sink, behind what waits for it already. */
    public void appendFor(String sink, Event event) {
        append(List.of(event), sink);
    }

    private void append(List<Event> events, String sink) {
        long now = System.currentTimeMillis();
        sql.batch("INSERT INTO event (outbound, stream, json, at, sink) VALUES (?, ?, ?, ?, ?)", events, event ->
                new Object[] {event.outbound(), event.stream(), event.json(), now, sink});
    }
}
