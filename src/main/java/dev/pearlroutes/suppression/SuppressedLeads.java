package dev.pearlroutes.suppression;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.recall.StopRequests;
import dev.pearlroutes.recall.StoppedLeads;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the leads that were sent before their number came onto a list. Whatever a crash interrupts, the check at the next start
 * finds what is left.
 */
public final class SuppressedLeads {
    private static final Logger LOG = LoggerFactory.getLogger(SuppressedLeads.class);
    private static final int PAGE = 1_000;

    private final Suppression suppression;
    private final StoppedLeads stoppedLeads;
    private final StopRequests stopRequests;

    public SuppressedLeads(Suppression suppression, StoppedLeads stoppedLeads, StopRequests stopRequests) {
        this.suppression = suppression;
        this.stoppedLeads = stoppedLeads;
        this.stopRequests = stopRequests;
    }

    /** Makes the sources that are due. */
    public void stop() throws IOException {
        stopRequests.makeDue(suppression.toCheck(), outbound -> outbound, Source.Operation.SUPPRESS, this::stop);
    }

    private void stop(String outbound) throws IOException {
        Suppression.InForce inForce = suppression.inForce(outbound);
        if (inForce != null) {
            long leads = stopRequests.make(
                    outbound,
                    Source.Operation.SUPPRESS,
                    "suppressed",
                    stoppedLeads
                            .callable(outbound, PAGE)
                            .filter(lead -> inForce.hasNumber(lead.phone()))
                            .iterator());
            if (leads > 0) {
                LOG.info("Stopping {} of {}: on a suppression list now", LogText.count(leads, "lead"), outbound);
            }
        }
    }
}
