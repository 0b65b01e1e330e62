package dev.pearlroutes.updates;

import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.nlpearl.LeadFinder;
import java.util.Map;

/** The request that stops a lead which could not be stopped before. Its id may be wrong, so the lead is looked up first. */
public final class StopRetry extends LeadQuery {
    private static final int STATUS = LeadStatus.COMPLETED.code();

    private final FailedStop stop;

    /** @param finder null where there is nothing to look it up by */
    StopRetry(FailedStop stop, LeadFinder finder) {
        super(
                stop.outbound(),
                new LeadChange(0, stop.line(), stop.leadId(), stop.externalId(), null, null, null, STATUS, null),
                Map.of("status", STATUS),
                finder);
        this.stop = stop;
        // That it gets no answer is known, and not the beginning of an outage.
        lose();
    }

    FailedStop stop() {
        return stop;
    }
}
