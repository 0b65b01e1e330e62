package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallRecorder;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.ledger.Ledger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gauges of how far the calls of each outbound have been read; without a value before the first run has ended. */
final class CallMetrics {
    private final CallRecorder calls;
    private final Ledger ledger;
    private final Clock clock;

    CallMetrics(CallRecorder calls, Ledger ledger, Clock clock) {
        this.calls = calls;
        this.ledger = ledger;
        this.clock = clock;
    }

    void bind(MeterRegistry registry, List<Outbound> outbounds) {
        for (Outbound outbound : outbounds) {
            LedgerReading<Optional<Instant>> cursor =
                    new LedgerReading<>(ledger, Duration.ZERO, () -> calls.cursor(outbound.name()));
            Gauges.register(
                    registry,
                    "pearl.calls.unread.seconds",
                    "How long ago all calls were read last",
                    Tags.of("outbound", outbound.name()),
                    () -> cursor.get().flatMap(read -> read).map(this::since).orElse(null));
        }
    }

    private double since(Instant read) {
        return Math.max(0, Duration.between(read, clock.instant()).toMillis() / 1000.0);
    }
}
