package dev.pearlroutes.app;

import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.SinkStatus;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The health of the sinks: what waits for which sink and why. A sink that fails leaves it UP: its events are safe, the program
 * tries again by itself, and a supervisor that restarts on DOWN would fix nothing. DOWN is a sink that takes nothing until a
 * person acts: it is stopped, or refuses every event.
 */
public final class SinkHealthCheck extends AbstractHealthCheck {
    private final LedgerReading<List<SinkStatus>> statuses;

    public SinkHealthCheck(EventDispatcher dispatcher, Ledger ledger) {
        super("pearl-routes", "sinks");
        this.statuses = new LedgerReading<>(ledger, Duration.ZERO, dispatcher::statuses);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        List<String> problems = new ArrayList<>();
        // While the ledger cannot be asked the check of the circuits reports that.
        for (SinkStatus status : statuses.get().orElse(List.of())) {
            String name = status.outbound() + " " + status.sink();
            builder.detail(name + " waiting", status.waiting());
            if (status.oldest() != null) {
                builder.detail(name + " oldest", status.oldest().toString());
            }
            String problem = status.problem();
            if (problem != null) {
                problems.add(describe(status, problem));
            }
            if (status.setAside() != null) {
                problems.add("The sink " + status.sink() + " of " + status.outbound() + " " + status.setAside() + ".");
            }
            if (status.stopped() || status.refusesEverything()) {
                builder.down();
            }
        }
        if (!problems.isEmpty()) {
            builder.message(String.join(" ", problems));
        }
    }

    /** Says what is wrong with a sink. @param problem of it */
    static String describe(SinkStatus status, String problem) {
        String what =
                status.stopped() ? " is stopped: " : status.refusesEverything() ? " refuses every event: " : " fails: ";
        return "The sink " + status.sink() + " of " + status.outbound() + what + problem + "; waiting: "
                + LogText.count(status.waiting(), "event")
                + (status.oldest() == null ? "." : ", the oldest from " + status.oldest() + ".");
    }
}
