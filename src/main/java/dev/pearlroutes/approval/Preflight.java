package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The preflight of a file: it reports what its sending would do. Nothing is sent, and the ledger has no rows of it. */
public final class Preflight {
    private static final int PAGE = 100;

    private final DryRun dryRun;
    private final ResultFiles resultFiles;
    private final Receipts receipts;
    private final DataFolders folders;
    private final SendingForecast forecast;

    public Preflight(
            DryRun dryRun, ResultFiles resultFiles, Receipts receipts, DataFolders folders, SendingForecast forecast) {
        this.dryRun = dryRun;
        this.resultFiles = resultFiles;
        this.receipts = receipts;
        this.folders = folders;
        this.forecast = forecast;
    }

    /**
     * Finishes a scanned check with result files and receipt. One that a shutdown interrupts is begun again at the next start.
     *
     * @return false: there is nothing to finish by the ledger
     */
    public boolean check(SourceRun run) throws IOException {
        Source source = run.source();
        PreflightReport report = dryRun.of(
                run, outcomes -> resultFiles.write(source, run.file(), folders.done(source), false, outcomes));
        if (report != null) {
            receipts.finish(run, report.counts(), receipt -> addTo(receipt, report, source));
        }
        return false;
    }

    /** Reports what sending a request would do now. @return null when the process stops before that is known */
    public ObjectNode reply(SourceRun run, Replies replies) throws IOException {
        Source source = run.source();
        List<Outcome> outcomes = new ArrayList<>();
        PreflightReport report = dryRun.of(
                run,
                each -> overAll(run, page -> {
                    Map<Long, Outcome> found = each.apply(page);
                    outcomes.addAll(found == null ? List.of() : new TreeMap<>(found).values());
                    return found;
                }));
        if (report == null) {
            return null;
        }
        ObjectNode reply = replies.ofCheck(source, report.counts(), outcomes);
        addTo(reply, report, source);
        return reply;
    }

    /** Finds what sending a scanned file would do now. @return null when the process stops before that is known */
    PreflightReport of(SourceRun run) throws IOException {
        return dryRun.of(run, outcomes -> overAll(run, outcomes));
    }

    /** Hands over all pages of a source, until one has no outcomes. @return whether it came to the end */
    private static boolean overAll(SourceRun run, Function<List<Row>, Map<Long, Outcome>> outcomes) {
        try (RowReader reader = run.open()) {
            for (List<Row> page = reader.next(PAGE); !page.isEmpty(); page = reader.next(PAGE)) {
                if (outcomes.apply(page) == null) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Adds to a receipt what a report has to say. */
    void addTo(ObjectNode receipt, PreflightReport report, Source source) {
        report.addTo(receipt);
        forecast.addTo(receipt, source.outbound(), report.leads());
    }
}
