package dev.pearlroutes.app;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** DOWN while a line is stopped or a file cannot be worked on, with a reason that a person can act on. */
public final class SendingHealthCheck extends AbstractHealthCheck {
    private static final int MOST_NAMED = 8;

    private final Map<String, Supplier<? extends Number>> details;
    private final List<Supplier<? extends Collection<String>>> troubles;

    /**
     * @param details what is counted, by its name
     * @param troubles each gives sentences that say what waits and how to mend it, or none while all is well; neither they nor
     *     the details must ask the ledger, since while that cannot be written they would wait for it
     */
    public SendingHealthCheck(
            Map<String, Supplier<? extends Number>> details, List<Supplier<? extends Collection<String>>> troubles) {
        super("pearl-routes", "lines");
        this.details = details;
        this.troubles = troubles;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        details.forEach((name, count) -> builder.detail(name, count.get()));
        List<String> reasons = troubles.stream()
                .<String>flatMap(trouble -> trouble.get().stream())
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
