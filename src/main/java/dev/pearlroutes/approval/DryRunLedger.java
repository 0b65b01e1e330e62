package dev.pearlroutes.approval;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.ScratchLedger;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.sending.IntentPlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;

/**
 * The plan of a source that is only tried: what the plan writes, and reads of rows before, is in a scratch ledger and not in the
 * ledger. So a rehearsal of millions of rows needs little memory and holds up no sending. For one thread.
 */
public final class DryRunLedger implements AutoCloseable {
    private final IntentPlanner planner;
    private final Clock clock;
    private final Source source;
    private final Path file;
    private final ScratchLedger scratch;

    private DryRunLedger(IntentPlanner planner, Clock clock, Source source, Path file, ScratchLedger scratch) {
        this.planner = planner;
        this.clock = clock;
        this.source = source;
        this.file = file;
        this.scratch = scratch;
    }

    /** What a dry run of a source needs. */
    public record Factory(IntentPlanner planner, DataFolders folders, Clock clock) {

        /** Opens an empty ledger that knows the source. */
        DryRunLedger open(Source source) throws IOException {
            Path file = Files.createTempFile(folders.scratch(), "check-", ".sqlite");
            ScratchLedger scratch;
            try {
                scratch = new ScratchLedger(file);
            } catch (RuntimeException e) {
                Files.deleteIfExists(file);
                throw e;
            }
            DryRunLedger dryRun = new DryRunLedger(planner, clock, source, file, scratch);
            try {
                scratch.execute(tx -> tx.sources().copyClaimed(source));
                return dryRun;
            } catch (RuntimeException e) {
                dryRun.close();
                throw e;
            }
        }
    }

    /** Plans rows after those planned before. @return an outcome for each row, in order; SENDING for one that would be sent */
    List<Outcome> plan(List<LeadIntent> batch) {
        return planner.rehearse(scratch, source, batch, clock.instant());
    }

    /** Forgets rows that would be planned and not sent after all, so that they hold no key. */
    void withhold(Collection<Outcome> rows) {
        scratch.execute(tx -> tx.leads().remove(source, rows));
    }

    @Override
    public void close() throws IOException {
        try {
            scratch.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
