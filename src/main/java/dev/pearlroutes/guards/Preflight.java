package dev.pearlroutes.guards;

import dev.pearlroutes.leads.Candidates;
import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.leads.LeadMapper;
import dev.pearlroutes.leads.Mapped;
import dev.pearlroutes.leads.Row;
import dev.pearlroutes.leads.Run;
import dev.pearlroutes.ledger.Candidate;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Outcome;
import dev.pearlroutes.ledger.Rehearsal;
import dev.pearlroutes.ledger.RowState;
import dev.pearlroutes.ledger.Source;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Rate;
import dev.pearlroutes.nlpearl.WithheldException;
import dev.pearlroutes.results.Receipts;
import dev.pearlroutes.results.ResultFiles;
import dev.pearlroutes.suppression.Suppression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says what the sending of a file would do, by the mapper, the plan and the suppression lists of the sending itself. Nothing is
 * sent, and the ledger has no rows of it.
 */
public final class Preflight {
    private final Ledger ledger;
    private final Map<String, LeadMapper> mappers;
    private final Candidates candidates;
    private final Leads leads;
    private final Suppression suppression;
    private final ResultFiles resultFiles;
    private final Receipts receipts;
    private final Folders folders;
    private final Lines lines;
    private final Rate rate;
    private final Clock clock;

    /** @param mappers by outbound */
    public Preflight(
            Ledger ledger,
            Map<String, LeadMapper> mappers,
            Candidates candidates,
            Leads leads,
            Suppression suppression,
            ResultFiles resultFiles,
            Receipts receipts,
            Folders folders,
            Lines lines,
            Rate rate,
            Clock clock) {
        this.ledger = ledger;
        this.mappers = Map.copyOf(mappers);
        this.candidates = candidates;
        this.leads = leads;
        this.suppression = suppression;
        this.resultFiles = resultFiles;
        this.receipts = receipts;
        this.folders = folders;
        this.lines = lines;
        this.rate = rate;
        this.clock = clock;
    }

    /** Finishes a scanned check with result files and receipt. One that a stop interrupts is begun anew at the next start. */
    public void check(Run run) throws IOException {
        Source source = run.source();
        if (!suppression.isReliable(source.outbound())) {
            throw new IllegalStateException("its suppression lists cannot be relied on now");
        }
        PreflightReport report = new PreflightReport(mappers.get(source.outbound()));
        Path scratch = Files.createTempFile(folders.scratch(), "check-", ".sqlite");
        try (Rehearsal rehearsal = new Rehearsal(ledger, scratch, source)) {
            boolean whole = resultFiles.write(
                    source,
                    run.file(),
                    folders.done(source),
                    page -> lines.stopping() ? null : rehearse(rehearsal, source.outbound(), page, report));
            if (whole) {
                receipts.finish(run, report.counts(), receipt -> report.tell(receipt, rate.perSecond()));
            }
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** What would become of rows, by their numbers. */
    private Map<Long, Outcome> rehearse(Rehearsal rehearsal, String outbound, List<Row> page, PreflightReport report) {
        List<Candidate> batch = new ArrayList<>(page.size());
        for (Row row : page) {
            Mapped mapped = mappers.get(outbound).map(row);
            report.take(row, mapped);
            batch.add(candidates.of(outbound, row, mapped));
        }
        Map<Long, Outcome> outcomes = new HashMap<>();
        List<Outcome> withheld = new ArrayList<>();
        for (Outcome planned : leads.rehearse(rehearsal, batch, clock.instant())) {
            Outcome outcome = planned.state() == RowState.SENDING ? last(outbound, planned) : planned;
            if (outcome.state() == RowState.SUPPRESSED) {
                withheld.add(outcome);
            }
            outcomes.put(outcome.row(), outcome);
            report.take(outcome);
        }
        rehearsal.withhold(withheld);
        return outcomes;
    }

    /** The last check before a request, which the sending makes as well. */
    private Outcome last(String outbound, Outcome planned) {
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
