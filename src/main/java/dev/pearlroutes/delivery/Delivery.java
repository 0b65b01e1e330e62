package dev.pearlroutes.delivery;

import dev.pearlroutes.model.Event;
import java.util.List;
import java.util.Map;

/**
 * Events on their way to one sink.
 *
 * @param events oldest first, never empty
 * @param files for the file sink: lengths of its files with the events in them; else empty
 */
public record Delivery(String outbound, String sink, List<Event> events, Map<String, Long> files) {

    Delivery withFiles(Map<String, Long> lengths) {
        return new Delivery(outbound, sink, events, lengths);
    }

    long lastSeq() {
        return events.get(events.size() - 1).seq();
    }

    /** Answers with the event of a sink that is handed one at a time. */
    public Event event() {
        if (events.size() != 1) {
            throw new IllegalStateException("the sink " + sink + " is handed " + events.size() + " events at once");
        }
        return events.get(0);
    }
}
