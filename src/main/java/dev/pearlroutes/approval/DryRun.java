package dev.pearlroutes.approval;

import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.WithheldException;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.sending.IntentFactory;
import dev.pearlroutes.suppression.Suppression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The sending of a file without its requests: by the mapper, the plan and the suppression lists of the sending itself. */
public final class DryRun {
    private final IntentFactory intents;
    private final DryRunLedger.Factory ledgers;
    private final Suppression suppression;
    private final Shutdown shutdown;

    public DryRun(IntentFactory intents, DryRunLedger.Factory ledgers, Suppression suppression, Shutdown shutdown) {
        this.intents = intents;
        this.ledgers = ledgers;
        this.suppression = suppression;
        this.shutdown = shutdown;
    }

    /** Reads the rows of a source page by page. */
    @FunctionalInterface
    interface Pass {
        /** @param outcomes of a page; null to give up @return whether it came to the end */
        boolean over(Function<List<Row>, Map<Long, Outcome>> outcomes) throws IOException;
    }

    /** Finds what sending a scanned file would do now. @return null when the process stops before that is known */
    PreflightReport of(SourceRun run, Pass pass) throws IOException {
        Source source = run.source();
        if (!suppression.isReliable(source.outbound())) {
            throw new IllegalStateException("its suppression lists cannot be relied on now");
        }
        PreflightReport report = new PreflightReport(intents.mapper(source.outbound()));
        try (DryRunLedger ledger = ledgers.open(source)) {
            boolean whole =
                    pass.over(page -> shutdown.requested() ? null : outcomes(ledger, source.outbound(), page, report));
            return whole ? report : null;
        }
    }

    /** Finds what would become of rows, by their numbers. */
    private Map<Long, Outcome> outcomes(DryRunLedger ledger, String outbound, List<Row> page, PreflightReport report) {
        List<LeadIntent> batch = new ArrayList<>(page.size());
        for (Row row : page) {
            MappingResult mapped = intents.mapper(outbound).map(row);
            report.take(row, mapped);
            batch.add(intents.of(outbound, row, mapped));
        }
        Map<Long, Outcome> outcomes = new HashMap<>();
        List<Outcome> withheld = new ArrayList<>();
        for (Outcome planned : ledger.plan(batch)) {
            Outcome outcome = planned.state() == RowState.SENDING ? sent(outbound, planned) : planned;
            if (outcome.state() == RowState.SUPPRESSED) {
                withheld.add(outcome);
            }
            outcomes.put(outcome.row(), outcome);
            report.take(outcome);
        }
        ledger.withhold(withheld);
        return outcomes;
    }

    /** Makes the last check before a request, which the sending makes as well. */
    private Outcome sent(String outbound, Outcome planned) {
        RowState state = RowState.ACCEPTED;
        String reason = null;
        try {
            suppression.check(outbound, planned.phoneNumber());
        } catch (WithheldException e) {
            state = RowState.SUPPRESSED;
            reason = e.getMessage();
        }
        return new Outcome(
                planned.row(), planned.line(), state, planned.externalId(), null, reason, planned.phoneNumber());
    }
}
