package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Consumer;

/** A call that a test added; the test sets every field. */
final class PlacedCall implements Call.Source {
    private final StoredLead lead;
    private final Instant placed;
    private ObjectNode json;
    private Instant changed;

    PlacedCall(StoredLead lead, ObjectNode json, Instant now) {
        this.lead = lead;
        this.json = json;
        this.placed = now;
        this.changed = now;
    }

    synchronized void change(Consumer<ObjectNode> change, Instant now) {
        // Answers being written hold the old tree.
        ObjectNode copy = json.deepCopy();
        change.accept(copy);
        json = copy;
        changed = now;
    }

    @Override
    public StoredLead lead() {
        return lead;
    }

    @Override
    public synchronized Call at(Instant now) {
        Instant start = json.hasNonNull("startTime")
                ? OffsetDateTime.parse(json.get("startTime").asText()).toInstant()
                : placed;
        return start.isAfter(now) ? null : new Call(start, changed, json);
    }
}
