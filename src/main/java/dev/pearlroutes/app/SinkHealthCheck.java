package dev.pearlroutes.app;

import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.SinkReport;
import dev.pearlroutes.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Tells what waits for which sink and why. A sink that fails leaves it UP: its events are safe, the program tries again by
 * itself, and a supervisor that restarts on DOWN would mend nothing. DOWN is a sink that stays stopped until a person acts.
 */
public final class SinkHealthCheck extends AbstractHealthCheck {
    private final EventDispatcher deliveries;
    private final Ledger ledger;

    public SinkHealthCheck(EventDispatcher deliveries, Ledger ledger) {
        super("pearl-routes", "sinks");
        this.deliveries = deliveries;
        this.ledger = ledger;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        // Asking the ledger while it cannot be written would wait for it; the check of the lines tells of that.
        if (ledger.trouble().isPresent()) {
            return;
        }
        List<SinkReport> reports = deliveries.reports();
        for (SinkReport report : reports) {
            String name = report.outbound() + " " + report.sink();
            builder.detail(name + " waiting", report.waiting());
            if (report.oldest() != null) {
                builder.detail(name + " oldest", report.oldest().toString());
            }
        }
        String troubles = reports.stream()
                .filter(report -> report.reason() != null)
                .map(SinkHealthCheck::describe)
                .collect(Collectors.joining(" "));
        if (!troubles.isEmpty()) {
            builder.message(troubles);
        }
        if (reports.stream().anyMatch(SinkReport::stopped)) {
            builder.down();
        }
    }

    private static String describe(SinkReport report) {
        return "The sink " + report.sink() + " of " + report.outbound()
                + (report.stopped() ? " is stopped: " : " fails: ")
                + report.reason() + "; waiting: " + report.waiting() + " events"
                + (report.oldest() == null ? "." : ", the oldest from " + report.oldest() + ".");
    }
}
