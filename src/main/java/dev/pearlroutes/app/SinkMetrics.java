package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.delivery.DeadLetterFiles;
import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.SinkStatus;
import dev.pearlroutes.ledger.Ledger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Gauges of what waits for each sink of each outbound; without a value while the ledger cannot be asked. */
final class SinkMetrics {
    /** Gauges of one scrape share what was read for the first of them; to count what waits for a dead sink is no small work. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final EventDispatcher dispatcher;
    private final DeadLetterFiles deadLetters;
    private final Ledger ledger;
    private final Clock clock;
    private List<SinkStatus> statuses = List.of();
    private Instant readAt = Instant.EPOCH;

    SinkMetrics(EventDispatcher dispatcher, DeadLetterFiles deadLetters, Ledger ledger, Clock clock) {
        this.dispatcher = dispatcher;
        this.deadLetters = deadLetters;
        this.ledger = ledger;
        this.clock = clock;
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
                .forEach(sink -> gauge(
                        registry,
                        "pearl.undelivered",
                        "Events that the sink has refused for good",
                        Tags.of("sink", sink),
                        () -> undelivered(sink)));
    }

    private void bind(MeterRegistry registry, String outbound, String sink) {
        Tags tags = Tags.of("outbound", outbound, "sink", sink);
        gauge(
                registry,
                "pearl.sink.waiting",
                "Events that the sink has not taken yet",
                tags,
                () -> value(outbound, sink, SinkStatus::waiting));
        gauge(
                registry,
                "pearl.sink.oldest.seconds",
                "Age of the oldest of them",
                tags,
                () -> value(outbound, sink, this::age));
        gauge(
                registry,
                "pearl.sink.failing",
                "1 while the sink takes nothing",
                tags,
                () -> value(outbound, sink, status -> status.problem() == null ? 0 : 1));
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }

    private synchronized double value(String outbound, String sink, ToDoubleFunction<SinkStatus> value) {
        // Asking the ledger while it cannot be written would wait for it.
        if (ledger.problem().isPresent()) {
            return Double.NaN;
        }
        Instant now = clock.instant();
        if (now.isBefore(readAt) || !now.isBefore(readAt.plus(FRESH))) {
            statuses = dispatcher.statuses();
            readAt = now;
        }
        return statuses.stream()
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
