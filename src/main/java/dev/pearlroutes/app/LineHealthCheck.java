package dev.pearlroutes.app;

import dev.pearlroutes.leads.Backlog;
import dev.pearlroutes.leads.LeadFiles;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Stop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** DOWN while a line is stopped or a file cannot be worked on, with a reason that a person can act on. */
public final class LineHealthCheck extends AbstractHealthCheck {
    private static final int MOST_NAMED = 5;

    private final Lines lines;
    private final Ledger ledger;
    private final Unknowns unknowns;
    private final Backlog backlog;
    private final LeadFiles leadFiles;

    public LineHealthCheck(Lines lines, Ledger ledger, Unknowns unknowns, Backlog backlog, LeadFiles leadFiles) {
        super("pearl-routes", "lines");
        this.backlog = backlog;
        this.leadFiles = leadFiles;
        this.lines = lines;
        this.ledger = ledger;
        this.unknowns = unknowns;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        // Nothing here asks the ledger: while it cannot be written that would wait for it.
        Optional<String> trouble = ledger.trouble();
        builder.detail("unknown leads", unknowns.count());
        List<String> waiting = Stream.concat(backlog.reasons().stream(), leadFiles.refusals().stream())
                .toList();
        if (waiting.size() > MOST_NAMED) {
            builder.detail("files that wait", waiting.size());
        }
        String reasons = Stream.of(
                        trouble.stream(),
                        lines.stops().stream().map(Stop::reason),
                        waiting.stream().limit(MOST_NAMED))
                .flatMap(each -> each)
                .collect(Collectors.joining(" "));
        if (reasons.isEmpty()) {
            builder.up();
        } else {
            builder.message(reasons).down();
        }
    }
}
