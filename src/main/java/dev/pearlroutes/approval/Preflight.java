package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.ledger.DryRunLedger;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.WithheldException;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.sending.IntentFactory;
import dev.pearlroutes.suppression.Suppression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what the sending of a file would do, by the mapper, the plan and the suppression lists of the sending itself. Nothing is
 * sent, and the ledger has no rows of it.
 */
public final class Preflight {
    private static final int PAGE = 100;

    private final Ledger ledger;
    private final Map<String, LeadMapper> mappers;
    private final IntentFactory candidates;
    private final Leads leads;
    private final Suppression suppression;
    private final ResultFiles resultFiles;
    private final Receipts receipts;
    private final DataFolders folders;
    private final Shutdown shutdown;
    private final AdaptiveRate rate;
    private final Map<String, ReleaseRate> releases;
    private final Clock clock;

    /**
     * @param mappers by outbound
     * @param releases by outbound; those that release their files in waves
     */
    public Preflight(
            Ledger ledger,
            Map<String, LeadMapper> mappers,
            IntentFactory candidates,
            Leads leads,
            Suppression suppression,
            ResultFiles resultFiles,
            Receipts receipts,
            DataFolders folders,
            Shutdown shutdown,
            AdaptiveRate rate,
            Map<String, ReleaseRate> releases,
            Clock clock) {
        this.ledger = ledger;
        this.mappers = Map.copyOf(mappers);
        this.candidates = candidates;
        this.leads = leads;
        this.suppression = suppression;
        this.resultFiles = resultFiles;
        this.receipts = receipts;
        this.folders = folders;
        this.shutdown = shutdown;
        this.rate = rate;
        this.releases = Map.copyOf(releases);
        this.clock = clock;
    }

    /** Reads the rows of a source page by page. */
    @FunctionalInterface
    private interface Pass {
        /** @param outcomes of a page; null to give up @return whether it came to the end */
        boolean over(Function<List<Row>, Map<Long, Outcome>> outcomes) throws IOException;
    }

    /**
     * Finishes a scanned check with result files and receipt. One that a stop interrupts is begun anew at the next start.
     *
     * @return false: there is nothing to finish by the ledger
     */
    public boolean check(SourceRun run) throws IOException {
        Source source = run.source();
        PreflightReport report =
                rehearse(run, outcomes -> resultFiles.write(source, run.file(), folders.done(source), false, outcomes));
        if (report != null) {
            receipts.finish(run, report.counts(), receipt -> tell(report, source, receipt));
        }
        return false;
    }

    /** What sending a scanned file would do now; null when the process stops before that is known. */
    PreflightReport of(SourceRun run) throws IOException {
        return rehearse(run, outcomes -> {
            try (RowReader reader = run.open()) {
                for (List<Row> page = reader.next(PAGE); !page.isEmpty(); page = reader.next(PAGE)) {
                    if (outcomes.apply(page) == null) {
                        return false;
                    }
                }
                return true;
            }
        });
    }

    /** Adds to a receipt what a report has to say. */
    void tell(PreflightReport report, Source source, ObjectNode receipt) {
        report.tell(receipt, rate.perSecond(), Optional.ofNullable(releases.get(source.outbound())));
    }

    private PreflightReport rehearse(SourceRun run, Pass pass) throws IOException {
        Source source = run.source();
        if (!suppression.isReliable(source.outbound())) {
            throw new IllegalStateException("its suppression lists cannot be relied on now");
        }
        PreflightReport report = new PreflightReport(mappers.get(source.outbound()));
        Path scratch = Files.createTempFile(folders.scratch(), "check-", ".sqlite");
        try (DryRunLedger rehearsal = new DryRunLedger(ledger, scratch, source)) {
            boolean whole = pass.over(
                    page -> shutdown.requested() ? null : rehearse(rehearsal, source.outbound(), page, report));
            return whole ? report : null;
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** What would become of rows, by their numbers. */
    private Map<Long, Outcome> rehearse(
            DryRunLedger rehearsal, String outbound, List<Row> page, PreflightReport report) {
        List<LeadIntent> batch = new ArrayList<>(page.size());
        for (Row row : page) {
            MappingResult mapped = mappers.get(outbound).map(row);
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
