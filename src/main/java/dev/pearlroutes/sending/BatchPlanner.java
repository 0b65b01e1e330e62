package dev.pearlroutes.sending;

import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The plan of batches: as many rows as a wave lets go, made durable as intents, with the requests to be made of them. */
public final class BatchPlanner {
    private final IntentFactory intents;
    private final IntentPlanner planner;
    private final ReleaseWaves waves;
    private final Cancellations cancellations;
    private final int batchSize;
    private final Clock clock;

    /**
     * @param batchSize rows of a batch: a small multiple of the requests in flight, since a power cut turns the intents of
     *     the batches under way into unknowns
     */
    public BatchPlanner(
            IntentFactory intents,
            IntentPlanner planner,
            ReleaseWaves waves,
            Cancellations cancellations,
            int batchSize,
            Clock clock) {
        this.intents = intents;
        this.planner = planner;
        this.waves = waves;
        this.cancellations = cancellations;
        this.batchSize = batchSize;
        this.clock = clock;
    }

    boolean isCancelled(Source source) {
        return cancellations.isCancelled(source.id());
    }

    /**
     * Counts the rows from the beginning of a source that earlier runs have planned.
     *
     * @throws UnreadableSourceException when a row of the file is another one than the ledger has under its number
     */
    long planned(SourceRun run) {
        planner.checkRecorded(run, row -> intent(run.source(), row));
        return run.isNew() ? 0 : planner.planned(run.source());
    }

    /** Takes the leads of the next batch out of a wave. What is cancelled is not sent, and waits for no wave. */
    ReleaseWaves.Grant grant(Source source) {
        return isCancelled(source) ? ReleaseWaves.Grant.of(batchSize) : waves.take(source, batchSize, clock.instant());
    }

    /** Makes an intent of a row, or a rejection. */
    LeadIntent intent(Source source, Row row) {
        return intents.of(source.outbound(), row);
    }

    /**
     * Makes the intents of rows durable; what is not to be sent of the grant goes back to its wave.
     *
     * @return empty when nothing is planned, since an update under way gives the key of a row to a lead: to be called again
     */
    Optional<Batch> plan(SourceRun run, List<LeadIntent> rows, ReleaseWaves.Grant grant, int permits) {
        Source source = run.source();
        Optional<List<LeadIntent>> planned =
                rows.isEmpty() ? Optional.of(List.of()) : planner.plan(source, rows, clock.instant());
        return planned.map(toSend -> {
            waves.giveBack(source, grant, grant.leads() - toSend.size());
            return new Batch(
                    run,
                    rows.size(),
                    permits,
                    grant,
                    toSend.stream()
                            .map(intent -> intents.request(source, intent))
                            .toList());
        });
    }

    /** Gives a grant back of which nothing was planned. */
    void giveBack(Source source, ReleaseWaves.Grant grant) {
        waves.giveBack(source, grant, grant.leads());
    }
}
