package dev.pearlroutes.app;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Stop;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** DOWN while a line is stopped, with a reason that a person can act on. */
public final class LineHealthCheck extends AbstractHealthCheck {
    private final Lines lines;
    private final Ledger ledger;
    private final Unknowns unknowns;
    private final Optional<String> hold;

    /** @param hold why nothing runs before a person has decided */
    public LineHealthCheck(Lines lines, Ledger ledger, Unknowns unknowns, Optional<String> hold) {
        super("pearl-routes", "lines");
        this.lines = lines;
        this.ledger = ledger;
        this.unknowns = unknowns;
        this.hold = hold;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        // Asking the ledger while it cannot be written would wait for it.
        Optional<String> trouble = ledger.trouble();
        if (trouble.isEmpty()) {
            builder.detail("unknown leads", unknowns.count());
        }
        String reasons = Stream.of(
                        hold.stream(), trouble.stream(), lines.stops().stream().map(Stop::reason))
                .flatMap(Function.identity())
                .collect(Collectors.joining(" "));
        if (reasons.isEmpty()) {
            builder.up();
        } else {
            builder.message(reasons).down();
        }
    }
}
