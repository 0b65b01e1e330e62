package dev.pearlroutes.recall;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.ledger.tables.SourceDecisions.Cancelled;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the leads that recalled files have sent. Whatever a crash interrupts, the check at the next start finds what is left. */
public final class RecalledLeads {
    private static final Logger LOG = LoggerFactory.getLogger(RecalledLeads.class);
    private static final int PAGE = 1_000;

    private final Cancellations cancellations;
    private final StoppedLeads stoppedLeads;
    private final StopRequests stopRequests;

    public RecalledLeads(Cancellations cancellations, StoppedLeads stoppedLeads, StopRequests stopRequests) {
        this.cancellations = cancellations;
        this.stoppedLeads = stoppedLeads;
        this.stopRequests = stopRequests;
    }

    /** Makes the sources that are due. */
    public void stop() throws IOException {
        stopRequests.makeDue(
                cancellations.toRecall(),
                sourceId -> cancellations.source(sourceId).outbound(),
                Source.Operation.RECALL,
                sourceId -> stop(cancellations.source(sourceId)));
    }

    private void stop(Cancelled source) throws IOException {
        long leads = stopRequests.make(
                source.outbound(),
                Source.Operation.RECALL,
                source.name() + ".recalled",
                stoppedLeads.callable(source.sourceId(), PAGE).iterator());
        if (leads > 0) {
            SourceLog.info(LOG, source.outbound(), source.sourceId())
                    .log("{} of {}: recalling {}", source.name(), source.outbound(), LogText.count(leads, "lead"));
        }
    }
}
