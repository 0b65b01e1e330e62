package dev.pearlroutes.app;

import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Stop;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** DOWN while a line is stopped, with a reason that a person can act on. */
public final class LineHealthCheck extends AbstractHealthCheck {
    private final Lines lines;
    private final Unknowns unknowns;

    public LineHealthCheck(Lines lines, Unknowns unknowns) {
        super("pearl-routes", "lines");
        this.lines = lines;
        this.unknowns = unknowns;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("unknown leads", unknowns.count());
        List<Stop> stops = lines.stops();
        if (stops.isEmpty()) {
            builder.up();
        } else {
            builder.message(stops.stream().map(Stop::reason).collect(Collectors.joining(" ")))
                    .down();
        }
    }
}
