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
    private final List<Supplier<? extends Collection<String>>> warnings;
    private final List<Supplier<? extends Collection<String>>> problems;

    /**
     * @param details numbers by their names; one that is null is not known and left out
     * @param warnings each gives sentences for a person while sending goes on, or none
     * @param problems each gives sentences that say what waits and how to fix it, or none while all is well; neither they nor
     *     the details may ask the ledger, since they would wait for it while it cannot be written
     */
    public SendingHealthCheck(
            Map<String, Supplier<? extends Number>> details,
            List<Supplier<? extends Collection<String>>> warnings,
            List<Supplier<? extends Collection<String>>> problems) {
        super("pearl-routes", "lines");
        this.details = details;
        this.warnings = warnings;
        this.problems = problems;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        details.forEach((name, number) -> {
            Number known = number.get();
            if (known != null) {
                builder.detail(name, known);
            }
        });
        List<String> warned = sentences(warnings);
        if (!warned.isEmpty()) {
            builder.detail("warnings", String.join(" ", warned));
        }
        List<String> reasons = sentences(problems);
        if (reasons.isEmpty()) {
            builder.up();
        } else {
            builder.detail("reasons", reasons.size());
            builder.message(String.join(" ", reasons.subList(0, Math.min(MOST_NAMED, reasons.size()))))
                    .down();
        }
    }

    private static List<String> sentences(List<Supplier<? extends Collection<String>>> sources) {
        return sources.stream().<String>flatMap(source -> source.get().stream()).toList();
    }
}
