package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.delivery.DeadLetterFiles;
import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.SinkStatus;
import dev.pearlroutes.ledger.Ledger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Gauges of what waits for each sink of each outbound; without a value while the ledger cannot be asked. */
final class SinkMetrics {
    private final DeadLetterFiles deadLetters;
    private final Clock clock;
    private final LedgerReading<List<SinkStatus>> statuses;

    SinkMetrics(EventDispatcher dispatcher, DeadLetterFiles deadLetters, Ledger ledger, Clock clock) {
        this.deadLetters = deadLetters;
        this.clock = clock;
        // To count what waits for a dead sink is no small work.
        this.statuses = new LedgerReading<>(ledger, LedgerReading.SCRAPE, dispatcher::statuses);
    }

    void bind(MeterRegistry registry, List<Outbound> outbounds) {
        for (Outbound outbound : outbounds) {
            for (String sink : outbound.sinks()) {
                bind(registry, outbound.name(), sink);
            }
        }
        outbounds.stream()
                .flatMap(outbound -> outbound.sinks().stream())
                .distinct()
                .forEach(sink -> Gauges.register(
                        registry,
                        "pearl.undelivered",
                        "Events that the sink has refused for good",
                        Tags.of("sink", sink),
                        () -> undelivered(sink)));
    }

    private void bind(MeterRegistry registry, String outbound, String sink) {
        Tags tags = Tags.of("outbound", outbound, "sink", sink);
        Gauges.register(
                registry,
                "pearl.sink.waiting",
                "Events that the sink has not taken yet",
                tags,
                () -> value(outbound, sink, SinkStatus::waiting));
        Gauges.register(
                registry,
                "pearl.sink.oldest.seconds",
                "Age of the oldest of them",
                tags,
                () -> value(outbound, sink, this::age));
        Gauges.register(
                registry,
                "pearl.sink.failing",
                "1 while the sink takes nothing",
                tags,
                () -> value(outbound, sink, status -> status.problem() == null ? 0 : 1));
    }

    private double value(String outbound, String sink, ToDoubleFunction<SinkStatus> value) {
        return statuses.get().stream()
                .flatMap(List::stream)
                .filter(status ->
                        status.outbound().equals(outbound) && status.sink().equals(sink))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private double age(SinkStatus status) {
        return status.oldest() == null
                ? 0
                : Math.max(0, Duration.between(status.oldest(), clock.instant()).toMillis() / 1000.0);
    }

    private double undelivered(String sink) {
        try {
            return deadLetters.count(sink);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
