package dev.pearlroutes.sending;

import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.LeadFinder;
import java.time.Duration;
import java.time.Instant;

/**
 * The look-up of one unknown lead.
 *
 * @param finder finds the lead
 * @param former keeps what is found and is another one
 */
public record LookUp(UnknownLead lead, LeadFinder finder, FormerLead former) {

    public String outbound() {
        return lead.source().outbound();
    }

    /**
     * Whether a search that finds the control would have found the lead as well: the control was accepted after the lead was lost,
     * so that the search does not lag behind.
     *
     * @param age after which a control accepted earlier counts too, since a search that lags longer is none
     */
    static boolean controlCounts(UnknownLead lead, Instant controlAcceptedAt, Instant now, Duration age) {
        return controlAcceptedAt.isAfter(lead.since()) || lead.since().plus(age).isBefore(now);
    }
}
