package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counters of what becomes known of leads, calls and files, in this run: each outcome is counted once it is durable with its event. */
final class NewEventMetrics implements Ledger.NewEventListener {
    /** The types of events by what they are of; each counter is there from the start, so that its first increase shows. */
    private static final Map<String, List<String>> TYPES = Map.of(
            "lead",
            List.of(
                    "accepted",
                    "rejected",
                    "duplicate",
                    "suppressed",
                    "cancelled",
                    "unknown",
                    "silent",
                    "stopped",
                    "updated",
                    "update-rejected",
                    "update-suppressed"),
            "call",
            List.of("updated", "final"),
            "file",
            List.of("completed", "failed"));

    private final Map<Key, LongAdder> counts;

    private record Key(String outbound, String of, String what) {}

    NewEventMetrics(List<Outbound> outbounds) {
        this.counts = outbounds.stream()
                .flatMap(outbound -> TYPES.entrySet().stream()
                        .flatMap(type ->
                                type.getValue().stream().map(what -> new Key(outbound.name(), type.getKey(), what))))
                .collect(Collectors.toUnmodifiableMap(key -> key, key -> new LongAdder()));
    }

    @Override
    public void onNewEvent(Event event) {
        String type = Events.type(event);
        int dot = type.indexOf('.');
        LongAdder count = counts.get(new Key(event.outbound(), type.substring(0, dot), type.substring(dot + 1)));
        // Of an outbound that is not configured any more there is none: labels come from the configuration alone.
        if (count != null) {
            count.increment();
        }
    }

    void bind(MeterRegistry registry) {
        bind(registry, "lead", "pearl.leads.total", "outcome", "Outcomes of rows and leads");
        bind(registry, "call", "pearl.calls.total", "state", "Calls that are new or have changed");
        bind(registry, "file", "pearl.files.total", "result", "Files that are finished, or cannot be used");
    }

    private void bind(MeterRegistry registry, String of, String name, String label, String description) {
        keys(of).forEach(key -> FunctionCounter.builder(name, counts.get(key), LongAdder::sum)
                .description(description)
                .tags("outbound", key.outbound(), label, key.what())
                .register(registry));
    }

    private Stream<Key> keys(String of) {
        return counts.keySet().stream().filter(key -> key.of().equals(of));
    }
}
