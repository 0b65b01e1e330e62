package dev.pearlroutes.results;

import dev.pearlroutes.ledger.Event;
import dev.pearlroutes.ledger.Outbox;
import java.util.List;
import java.util.Map;

/** Hands a sink its next events and takes note of what it has. */
public final class Deliveries {
    private static final int MOST = 500;

    private final Outbox outbox;

    public Deliveries(Outbox outbox) {
        this.outbox = outbox;
    }

    /** @return null when the sink has every event */
    public Delivery next(String outbound, String sink) {
        List<Event> events = outbox.next(outbound, sink, MOST);
        return events.isEmpty() ? null : new Delivery(outbound, sink, events, Map.of());
    }

    public void delivered(Delivery delivery) {
        outbox.delivered(delivery.outbound(), delivery.sink(), delivery.lastSeq(), delivery.files());
    }
}
