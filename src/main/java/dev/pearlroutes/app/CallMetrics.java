package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallRecorder;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.ledger.Ledger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

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
            Gauge.builder("pearl.calls.unread.seconds", () -> unread(outbound.name()))
                    .description("How long ago all calls were read last")
                    .tag("outbound", outbound.name())
                    .register(registry);
        }
    }

    private double unread(String outbound) {
        // Asking the ledger while it cannot be written would wait for it.
        if (ledger.problem().isPresent()) {
            return Double.NaN;
        }
        return calls.cursor(outbound)
                .map(cursor ->
                        Math.max(0, Duration.between(cursor, clock.instant()).toMillis() / 1000.0))
                .orElse(Double.NaN);
    }
}
