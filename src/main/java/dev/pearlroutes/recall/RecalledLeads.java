package dev.pearlroutes.recall;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.tables.SourceDecisions.Cancelled;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the leads that recalled files have sent. Whatever a crash interrupts, the check at the next start finds what is left. */
public final class RecalledLeads {
    private static final Logger LOG = LoggerFactory.getLogger(RecalledLeads.class);
    private static final int PAGE = 1_000;

    private final Cancellations cancellations;
    private final StoppedLeads stoppedLeads;
    private final StopRequests stopRequests;
    private final Shutdown shutdown;

    public RecalledLeads(
            Cancellations cancellations, StoppedLeads stoppedLeads, StopRequests stopRequests, Shutdown shutdown) {
        this.cancellations = cancellations;
        this.stoppedLeads = stoppedLeads;
        this.stopRequests = stopRequests;
        this.shutdown = shutdown;
    }

    /** Makes the sources that are due. */
    public void stop() throws IOException {
        for (long sourceId : List.copyOf(cancellations.toRecall())) {
            Cancelled source = cancellations.source(sourceId);
            if (!shutdown.requested() && stopRequests.mayMake(source.outbound(), Source.Operation.RECALL)) {
                // Before the ledger is read: what is accepted from here on needs another look.
                cancellations.toRecall().remove(sourceId);
                try {
                    stop(source);
                } catch (IOException | RuntimeException e) {
                    cancellations.toRecall().add(sourceId);
                    throw e;
                }
            }
        }
    }

    private void stop(Cancelled source) throws IOException {
        long leads = stopRequests.make(
                source.outbound(),
                Source.Operation.RECALL,
                source.name() + ".recalled",
                stoppedLeads.callable(source.sourceId(), PAGE).iterator());
        if (leads > 0) {
            LOG.info("{} of {}: recalling {}", source.name(), source.outbound(), LogText.count(leads, "lead"));
        }
    }
}
