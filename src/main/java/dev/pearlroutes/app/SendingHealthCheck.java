package dev.pearlroutes.app;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The health check of sending: DOWN while a circuit is open or a file cannot be worked on, with a reason that a person can act on. */
public final class SendingHealthCheck extends AbstractHealthCheck {
    private static final int MOST_NAMED = 8;

    private final Map<String, Supplier<? extends Number>> details;
    private final List<Supplier<? extends Collection<String>>> problems;

    /**
     * @param details counts by their names
     * @param problems each gives sentences that say what waits and how to fix it, or none while all is well; neither they nor
     *     the details may ask the ledger, since they would wait for it while it cannot be written
     */
    public SendingHealthCheck(
            Map<String, Supplier<? extends Number>> details, List<Supplier<? extends Collection<String>>> problems) {
        super("pearl-routes", "lines");
        this.details = details;
        this.problems = problems;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        details.forEach((name, count) -> builder.detail(name, count.get()));
        List<String> reasons = problems.stream()
                .<String>flatMap(problem -> problem.get().stream())
                .toList();
        if (reasons.isEmpty()) {
            builder.up();
        } else {
            builder.detail("reasons", reasons.size());
            builder.message(String.join(" ", reasons.subList(0, Math.min(MOST_NAMED, reasons.size()))))
                    .down();
        }
    }
}
